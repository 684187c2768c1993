"""Durations: whole microseconds from text and timedelta, one kind of error for everything else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.errors import DefinitionError
from onefold.types import MAX_DURATION, format_duration, parse_duration

DAY = 24 * 60 * 60 * 1_000_000


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1us", 1),
        ("5ms", 5_000),
        ("5m", 300_000_000),
        ("1s", 1_000_000),
        ("1h", 3_600_000_000),
        ("1d", DAY),
        ("1w", 7 * DAY),
        ("1d12h", 36 * 3_600_000_000),
        ("1h 30m", 90 * 60_000_000),
        ("2 d", 2 * DAY),
        (" 7d ", 7 * DAY),
        ("+7d", 7 * DAY),
        ("1m1ms1us", 60_001_001),
        ("000007d", 7 * DAY),
    ],
)
def test_text_means(text: str, micros: int) -> None:
    assert parse_duration(text) == micros


@given(st.timedeltas(min_value=dt.timedelta(microseconds=1), max_value=dt.timedelta(days=10_000 * 365)))
def test_a_timedelta_is_exact_to_the_microsecond(delta: dt.timedelta) -> None:
    assert parse_duration(delta) == (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


@given(st.integers(0, MAX_DURATION))
def test_what_is_formatted_is_read_back(micros: int) -> None:
    assert parse_duration(format_duration(micros), zero=True) == micros


@given(st.text() | st.text(alphabet="0123456789wdhmsu +-.", max_size=12))
def test_any_text_is_a_duration_or_a_definition_error(text: str) -> None:
    try:
        micros = parse_duration(text, zero=True)
    except DefinitionError:
        return
    assert 0 <= micros <= MAX_DURATION


@pytest.mark.parametrize(
    "value",
    ["", " ", "7", "d", "7 days", "1.5h", "1e3s", "1h30", "1m s", "1 0h", "--7d", "+-7d", "٣d", "7D", "9" * 5000 + "d",
     "1y", "1mo", "PT1H", "7d\x00", 7, 7.0, True, None, b"7d"],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_duration(value, what="window")  # type: ignore[arg-type]
    assert "window" in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("value", ["-7d", dt.timedelta(days=-7), dt.timedelta(microseconds=-1)])
def test_a_negative_duration_is_refused_and_says_what_to_do(value: str | dt.timedelta) -> None:
    with pytest.raises(DefinitionError, match=r"negative.*write it positive"):
        parse_duration(value)


@pytest.mark.parametrize("value", ["0s", "0d0h", "-0s", dt.timedelta(0)])
def test_zero_is_a_duration_only_where_it_is_allowed(value: str | dt.timedelta) -> None:
    assert parse_duration(value, zero=True) == 0
    with pytest.raises(DefinitionError, match="above zero"):
        parse_duration(value)


def test_ten_thousand_years_is_the_longest() -> None:
    assert parse_duration(f"{MAX_DURATION}us") == MAX_DURATION
    with pytest.raises(DefinitionError, match="longer than 10,000 years"):
        parse_duration(f"{MAX_DURATION + 1}us")
