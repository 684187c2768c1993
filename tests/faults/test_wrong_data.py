"""An engine that gives other rows than it should: an error on the edge, never a value in the wrong place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.faults.data import spine, training_set, view

import onefold as of
from onefold.contract import BackendEntry, Capabilities, Session
from onefold.execution import close_all, runner
from onefold.plan import Relation
from onefold.registry import get_backend, installed

Change = Callable[[pa.Table], pa.Table]


class LyingSession:
    """Hands plans on to rift, and changes what comes back."""

    thread_safe = True

    def __init__(self, inner: Session, change: Change) -> None:
        self._inner = inner
        self._change = change

    def execute(self, plan: Relation, inputs: Mapping[str, Any], **options: Any) -> pa.RecordBatchReader:
        return self._change(self._inner.execute(plan, inputs, **options).read_all()).to_reader(1_000)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class LyingBackend:
    """Says that it offers what rift does."""

    name = "liar"
    options: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.change: Change = lambda rows: rows
        self._rift = get_backend("rift")
        self.capabilities = Capabilities("liar", self._rift.capabilities.statements)

    def open(self, options: Mapping[str, Any]) -> Any:
        # What is set later counts.
        return LyingSession(self._rift.open(options), lambda rows: self.change(rows))  # noqa: PLW0108


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> Iterator[LyingBackend]:
    """The engine ``liar``; what it changes is set by the test."""
    close_all()
    backend: Any = LyingBackend()
    entry = BackendEntry(name="liar", create=lambda: backend, distribution="tests", summary="")
    monkeypatch.setitem(installed().backends, "liar", entry)
    runner.offered_by.cache_clear()
    yield backend
    close_all()
    runner.offered_by.cache_clear()


def read(rows: int = 5_000) -> pa.Table:
    return training_set(view("true", engine="rift"), view("lie", engine="liar"), rows=spine(rows)).to_arrow()


def number_of(rows: pa.Table) -> int:
    """Return the place of the column that numbers the rows of a spine."""
    return next(at for at, name in enumerate(rows.column_names) if name.startswith("row"))


def swapped(rows: pa.Table) -> pa.Table:
    order = list(range(len(rows)))
    order[10], order[11] = order[11], order[10]
    return rows.take(order)


def twice(rows: pa.Table) -> pa.Table:
    return pa.concat_tables([rows.slice(0, 100), rows.slice(99)])


def without_numbers(rows: pa.Table) -> pa.Table:
    place = number_of(rows)
    return rows.set_column(place, rows.schema.field(place), pa.nulls(len(rows), pa.int64()))


def as_text(rows: pa.Table) -> pa.Table:
    place = rows.schema.get_field_index("lie_spent")
    return rows.set_column(place, "lie_spent", pc.cast(rows.column(place), pa.string()))


def as_fractions(rows: pa.Table) -> pa.Table:
    place = rows.schema.get_field_index("lie_newest")
    return rows.set_column(place, "lie_newest", pc.add(pc.cast(rows.column(place), pa.float64()), 0.5))


LIES: dict[str, tuple[Change, str]] = {
    "other order": (swapped, "not in the order of the spine: it has row 11 in the place of row 10"),
    "a row twice": (twice, "not in the order of the spine: it has row 99 in the place of row 100"),
    "a row missing": (lambda rows: rows.slice(1), "it has row 1 in the place of row 0"),
    "the last row missing": (lambda rows: rows.slice(0, len(rows) - 1), "has 4,999 rows, and that of .* has more"),
    "no rows": (lambda rows: rows.slice(0, 0), "has 0 rows, and that of .* has more"),
    "no numbers": (without_numbers, "it has row None in the place of row 0"),
    "text for numbers": (as_text, "lie_spent"),
    "fractions for integers": (as_fractions, "lie_newest"),
    "a column missing": (lambda rows: rows.drop_columns(["lie_spent"]), r"missing \['lie_spent'\]"),
    "a column too many": (lambda rows: rows.append_column("more", pa.nulls(len(rows))), r"unexpected \['more'\]"),
}


@pytest.mark.parametrize("lie", LIES)
def test_other_rows_than_declared_are_an_error(lie: str, liar: LyingBackend) -> None:
    liar.change, told = LIES[lie]
    with pytest.raises(of.ExchangeError, match=told) as raised:
        read()
    assert "liar" in str(raised.value)


def test_true_rows_pass(liar: LyingBackend) -> None:
    expected = training_set(view("true", engine="rift"), view("lie", engine="rift"), rows=spine(5_000)).to_arrow()
    assert read().equals(expected)


def test_columns_in_another_order_are_put_in_their_places(liar: LyingBackend) -> None:
    liar.change = lambda rows: rows.select(rows.column_names[::-1])
    expected = training_set(view("true", engine="rift"), view("lie", engine="rift"), rows=spine(5_000)).to_arrow()
    assert read().equals(expected)
