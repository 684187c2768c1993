"""Every aggregation of the catalogue as SQL, on DuckDB: its example in all forms, and values by hand."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from tests.sql.plans import INF, NAN, agg, at, by_keys, col, grouped, key, over, rows, run, schema, table, values

from onefold.errors import EngineError
from onefold.plan import (
    AGGREGATIONS,
    AggCall,
    Aggregation,
    EventOrder,
    Frame,
    Input,
    SortKey,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
)
from onefold.types import Schema, parse_type

EVERY = pytest.mark.parametrize("entry", AGGREGATIONS.values(), ids=lambda entry: entry.name)
TIME = (key("t"),)


def same(found: Any, expected: Any, bound: float = 1e-12) -> bool:
    """Compare values; floats within a relative bound, or where they are as good as zero."""
    if isinstance(expected, float) and isinstance(found, float):
        if math.isnan(expected) or math.isnan(found) or math.isinf(expected):
            return found == expected or (math.isnan(expected) and math.isnan(found))
        return abs(found - expected) <= max(bound * abs(expected), 1e-14)
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, dict) and isinstance(found, dict):
        return set(found) == set(expected) and all(same(found[name], expected[name]) for name in expected)
    return bool(found == expected)


class Example:
    """The example of a catalogue entry as rows of two groups, of which only the first meets the condition ``w``."""

    def __init__(self, entry: Aggregation) -> None:
        example = entry.example
        self.entry = entry
        self.args = tuple(f"a{index}" for index in range(len(example.args)))
        self.count = len(example.args[0][1])
        arguments = {name: parse_type(text) for name, (text, _) in zip(self.args, example.args, strict=True)}
        self.schema = Schema([*schema(t="inst", g="int64", w="bool", b="string"), *Schema.of(**arguments)])
        columns = [
            [at(second) for second in range(self.count)] * 2,
            [1] * self.count + [2] * self.count,
            [True] * self.count + [False] * self.count,
            ["u"] * self.count + [None] * self.count,
            *(list(given) * 2 for _, given in example.args),
        ]
        self.table = table(self.schema, *zip(*columns, strict=True))
        self.expected = example.result
        self.empty = 0 if entry.empty == "zero" else None
        # In a trailing window the sum of floats is exact. Elsewhere its bound is 2 n eps sum |x|, here 26.
        self.bound = 26.0 if entry.name == "sum" else 1e-12

    def call(self, *, ordered: bool = True, **rest: Any) -> AggCall:
        order = TIME if ordered and self.entry.order_sensitive else ()
        return agg(self.entry.name, *self.args, order=order, **self.entry.example.options, **rest)

    def holds(self, found: Any) -> bool:
        if isinstance(self.expected, float) and isinstance(found, float) and self.bound > 1:
            return abs(found - self.expected) <= self.bound
        return same(found, self.expected, self.bound)


@EVERY
def test_example_in_groups(entry: Aggregation) -> None:
    example = Example(entry)
    plan = grouped(
        rows(example.schema),
        "g",
        plain=example.call(),
        where=example.call(where=col("w")),
        by=example.call(by=col("b")),
        both=example.call(by=col("b"), where=col("w")),
    )
    first, second = run(by_keys(plan, "g"), rows=example.table)
    assert example.holds(first["plain"])
    assert example.holds(second["plain"])
    assert example.holds(first["where"])
    assert second["where"] == example.empty
    for name in ("by", "both"):
        ((entries),) = (first[name],)
        assert [item["key"] for item in entries] == ["u"]
        assert example.holds(entries[0]["value"])
        assert second[name] is None


@EVERY
def test_example_over_nothing(entry: Aggregation) -> None:
    example = Example(entry)
    plan = grouped(rows(example.schema), plain=example.call(), by=example.call(by=col("b")))
    assert run(plan, rows=example.table.slice(0, 0)) == [{"plain": example.empty, "by": None}]


@pytest.mark.parametrize(
    "entry", [e for e in AGGREGATIONS.values() if e.family != "decay"], ids=lambda entry: entry.name
)
def test_example_over_frames(entry: Aggregation) -> None:
    example = Example(entry)

    def results(frame: Frame | None, **rest: Any) -> list[Any]:
        plan = over(rows(example.schema), ("g",), ("t",), frame, v=example.call(ordered=False, **rest))
        return values(by_keys(plan, "g", "t"), "v", rows=example.table)

    last = example.count - 1
    assert example.holds(results(None)[last])
    whole = results(Frame(unit="rows", start=-10, end=10), where=col("w"))
    assert all(example.holds(found) for found in whole[: example.count])
    assert whole[example.count :] == [example.empty] * example.count
    assert example.holds(results(Frame(unit="range", start=-10_000_000, end=0))[last])
    assert results(Frame(unit="rows", start=-9, end=-8)) == [example.empty] * (2 * example.count)
    entries = results(Frame(unit="rows", start=-10, end=10), by=col("b"))
    assert [example.holds(found[0]["value"]) for found in entries[: example.count]] == [True] * example.count
    assert entries[example.count :] == [None] * example.count


# ---------------------------------------------------------------------------- values by hand

X = schema(x="float64")


def over_floats(function: str, *numbers: float | None, **options: Any) -> Any:
    plan = grouped(rows(X), v=agg(function, "x", **options))
    return values(plan, "v", rows=table(X, *((number,) for number in numbers)))[0]


@pytest.mark.parametrize(
    ("function", "numbers", "expected"),
    [
        ("sum", [0.1] * 10, 1.0),
        ("sum", [INF, 1.0], INF),
        ("sum", [INF, -INF], NAN),
        ("sum", [NAN, 1.0], NAN),
        ("sum", [1e308, 1e308], INF),
        ("sum", [None, None], None),
        ("mean", [1e308, 1e308], INF),
        ("mean", [0.1] * 10, 0.1),
        ("min", [NAN, 1.0], 1.0),
        ("max", [NAN, INF], NAN),
        ("count_distinct", [NAN, NAN, 0.0, -0.0, None], 2),
        ("var_pop", [5.0], 0.0),
        ("var_samp", [5.0], None),
        ("var_pop", [NAN], NAN),
        ("var_samp", [1.0, INF], NAN),
        ("var_pop", [1e9 + 1, 1e9 + 2, 1e9 + 3], 2.0 / 3.0),
        ("var_samp", [1000000.1, 1000000.2], 0.004999999997671693),
        ("stddev_pop", [1e9 + 1, 1e9 + 3], 1.0),
        ("skewness", [2.0, 2.0, 2.0], None),
        ("skewness", [1.0], None),
        ("skewness", [1.0, NAN], NAN),
        ("skewness", [1e9 + 1, 1e9 + 1, 1e9 + 4], 0.5**0.5),
        ("skewness", [1e200, 1e200, 4e200], 0.5**0.5),
        ("kurtosis", [1e9 + 1, 1e9 + 1, 1e9 + 4], -1.5),
        ("kurtosis", [7.0, 7.0], None),
        ("mode", [2.0, NAN, NAN, 2.0, 1.0], 2.0),
        ("median", [1.0, 2.0, INF], 2.0),
        ("median", [INF, INF], INF),
        ("median", [-INF, INF], NAN),
        ("median", [1.0, NAN, NAN], NAN),
        ("median", [0.1, 0.7], 0.1 + 0.5 * (0.7 - 0.1)),
    ],
)
def test_floats(function: str, numbers: list[float | None], expected: Any) -> None:
    assert same(over_floats(function, *numbers), expected, 1e-14)


def test_quantiles() -> None:
    assert over_floats("quantile", 0.1, 0.7, q=0.3) == 0.1 + 0.3 * (0.7 - 0.1)
    assert over_floats("quantile", 3.0, 1.0, q=0.0) == 1.0
    assert over_floats("quantile", 3.0, 1.0, q=1.0) == 3.0
    hundred = [float(number) for number in range(1, 101)]
    assert over_floats("quantile_disc", *hundred, q=0.07) == 8.0  # 0.07 * 100 is above 7 in floats
    assert over_floats("quantile_disc", *hundred, q=0.0) == 1.0
    assert over_floats("quantile_disc", *hundred, q=1.0) == 100.0


def test_integer_sums_are_exact_and_never_wrap() -> None:
    n = schema(n="int64")
    plan = grouped(rows(n), s=agg("sum", "n"), m=agg("mean", "n"))
    most = 2**63 - 1
    assert run(plan, rows=table(n, (most,), (-1,), (1,))) == [{"s": most, "m": float(most) / 3}]
    with pytest.raises(EngineError, match="out of range"):
        run(plan, rows=table(n, (most,), (1,)))
    only_mean = grouped(rows(n), m=agg("mean", "n"))
    assert values(only_mean, "m", rows=table(n, (most,), (most,))) == [float(most)]


def test_decimal_sums_are_exact_and_never_lose_digits() -> None:
    d = schema(d="decimal128(38, 2)")
    plan = grouped(rows(d), s=agg("sum", "d"))
    assert values(plan, "s", rows=table(d, (Decimal("0.10"),), (Decimal("0.20"),))) == [Decimal("0.30")]
    most = Decimal("9" * 36 + ".99")
    with pytest.raises(EngineError, match="more than 38 digits"):
        run(plan, rows=table(d, (most,), (most,)))
    # What does not fit on the way may fit in the end.
    back = most.copy_negate()  # a minus sign would round it to 28 digits
    there_and_back = table(d, (most,), (most,), (back,), (back,), (most,))
    assert values(plan, "s", rows=there_and_back) == [most]


def test_pairs_without_both_values_do_not_count() -> None:
    pair = schema(x="float64", y="float64")
    data = table(pair, (1.0, 2.0), (2.0, 4.0), (1e16, None), (None, 1e16), (3.0, 6.0))
    plan = grouped(rows(pair), c=agg("corr", "x", "y"), s=agg("covar_samp", "x", "y"), p=agg("covar_pop", "x", "y"))
    assert run(plan, rows=data) == [{"c": 1.0, "s": 2.0, "p": 4.0 / 3.0}]


@pytest.mark.parametrize(
    ("pairs", "corr", "samp", "pop"),
    [
        ([], None, None, None),
        ([(1.0, 2.0)], None, None, 0.0),
        ([(NAN, 2.0)], None, None, NAN),
        ([(1.0, 2.0), (1.0, 3.0)], None, 0.0, 0.0),
        ([(1.0, 2.0), (INF, 3.0)], NAN, NAN, NAN),
        ([(1e200, 1e200), (3e200, -1e200)], -1.0, -INF, -INF),
    ],
)
def test_pairs_at_the_edges(pairs: list[tuple[float, float]], corr: Any, samp: Any, pop: Any) -> None:
    pair = schema(x="float64", y="float64")
    plan = grouped(rows(pair), c=agg("corr", "x", "y"), s=agg("covar_samp", "x", "y"), p=agg("covar_pop", "x", "y"))
    (found,) = run(plan, rows=table(pair, *pairs))
    assert same(found["c"], corr)
    assert same(found["s"], samp)
    assert same(found["p"], pop)


T = schema(t="inst", q="int64", v="string")


def test_ties_are_settled_by_the_value_nulls_first() -> None:
    data = table(T, (at(1), 1, "b"), (at(1), 1, "a"), (at(1), 1, None), (at(0), None, "z"), (at(1), None, "y"))
    order = (key("t"), key("q"))
    plan = grouped(
        rows(T),
        first=agg("first", "v", order=order),
        last=agg("last", "v", order=order),
        kept=agg("first_n", "v", order=(key("t", descending=True), key("q")), n=3, nulls="keep"),
        all=agg("collect", "v", order=order, nulls="keep"),
        latest=agg("collect", "v", order=order, limit=2),
    )
    assert run(plan, rows=data) == [
        {
            "first": "z",
            "last": "b",
            "kept": ["y", None, "a"],
            "all": ["z", "y", None, "a", "b"],
            "latest": ["a", "b"],
        }
    ]


def test_kept_nulls_are_values_but_no_rows_are_null() -> None:
    plan = grouped(
        rows(T),
        last=agg("last", "v", order=TIME, nulls="keep"),
        several=agg("last_n", "v", order=TIME, n=2, nulls="keep"),
    )
    assert run(plan, rows=table(T, (at(0), 1, "a"), (at(1), 1, None))) == [{"last": None, "several": ["a", None]}]
    assert run(plan, rows=table(T)) == [{"last": None, "several": None}]


def test_distinct_values_in_the_order_of_first_and_last_occurrence() -> None:
    data = table(T, *((at(second), 1, value) for second, value in enumerate("cabacb")), (at(5), 1, "a"))
    plan = grouped(
        rows(T),
        first=agg("first_distinct_n", "v", order=TIME, n=10),
        last=agg("last_distinct_n", "v", order=TIME, n=10),
        two=agg("last_distinct_n", "v", order=TIME, n=2),
    )
    # The last c is at 4; a and b both occur last at 5, and are ordered by themselves.
    assert run(plan, rows=data) == [{"first": ["c", "a", "b"], "last": ["c", "a", "b"], "two": ["a", "b"]}]


def test_tables_of_values_are_ordered() -> None:
    plan = grouped(
        rows(X), h=agg("histogram", "x"), t=agg("top_k", "x", k=2), m=agg("mode", "x"), lo=agg("min_n", "x", n=2)
    )
    data = table(X, *((x,) for x in (3.0, NAN, -1.0, NAN, 0.0, -0.0, None)))
    (found,) = run(plan, rows=data)
    assert [(str(item["key"]), item["value"]) for item in found["h"]] == [
        ("-1.0", 1),
        ("0.0", 2),
        ("3.0", 1),
        ("nan", 2),
    ]
    assert [(str(item["key"]), item["value"]) for item in found["t"]] == [("0.0", 2), ("nan", 2)]
    assert (found["m"], found["lo"]) == (0.0, [-1.0, 0.0])


def test_secondary_keys_with_several_conditions_and_null_group_keys() -> None:
    data = schema(g="string", b="string", v="int64", w="bool")
    plan = grouped(
        rows(data),
        "g",
        s=agg("sum", "v", by=col("b")),
        n=agg("count", "v", by=col("b"), where=col("w")),
        total=agg("sum", "v"),
        spread=agg("var_pop", "v", by=col("b"), where=col("w")),
    )
    given = table(
        data,
        (None, "x", 1, True),
        (None, "y", 2, False),
        (None, None, 4, True),
        ("a", "x", None, True),
        ("b", None, 8, True),
        (None, "x", 3, True),
    )
    assert run(by_keys(plan, "g"), rows=given) == [
        {
            "g": None,
            "s": [{"key": "x", "value": 4}, {"key": "y", "value": 2}],
            "n": [{"key": "x", "value": 2}],
            "total": 10,
            "spread": [{"key": "x", "value": 1.0}],
        },
        {
            "g": "a",
            "s": [{"key": "x", "value": None}],
            "n": [{"key": "x", "value": 0}],
            "total": None,
            "spread": [{"key": "x", "value": None}],
        },
        {"g": "b", "s": None, "n": None, "total": 8, "spread": None},
    ]


def test_moments_of_groups_with_null_and_nan_keys() -> None:
    data = schema(g="float64", v="float64")
    plan = grouped(rows(data), "g", v=agg("var_pop", "v"))
    given = table(data, (NAN, 1.0), (NAN, 3.0), (None, 10.0), (None, 14.0), (1.0, None))
    assert values(by_keys(plan, "g"), "v", rows=given) == [4.0, None, 1.0]


def test_decay_ages_from_the_greatest_time_of_the_whole_group() -> None:
    data = schema(t="inst", v="float64", w="bool", b="string")
    given = table(data, (at(0), 8.0, True, "x"), (at(1), 4.0, True, "y"), (at(2), 1.0, False, None))
    plan = grouped(
        rows(data),
        s=agg("decayed_sum", "v", order=TIME, half_life=1_000_000, where=col("w")),
        by=agg("decayed_sum", "v", order=TIME, half_life=1_000_000, by=col("b")),
    )
    assert run(plan, rows=given) == [{"s": 4.0, "by": [{"key": "x", "value": 2.0}, {"key": "y", "value": 2.0}]}]


def test_moments_over_frames_far_from_zero() -> None:
    data = schema(t="int64", v="float64")
    given = table(data, *((second, 1e9 + value) for second, value in enumerate((1.0, 1.0, 4.0, 4.0))))
    plan = over(
        rows(data),
        (),
        ("t",),
        Frame(unit="rows", start=-2, end=0),
        var=agg("var_pop", "v"),
        skew=agg("skewness", "v"),
    )
    found = run(by_keys(plan, "t"), rows=given)
    assert all(map(same, [row["var"] for row in found], [0.0, 0.0, 2.0, 2.0]))
    assert all(map(same, [row["skew"] for row in found], [None, None, 0.5**0.5, -(0.5**0.5)]))


def test_order_sensitive_aggregations_over_frames_follow_the_order_of_the_window() -> None:
    data = schema(t="int64", v="string")
    given = table(data, (1, "b"), (1, "a"), (2, None), (3, "c"))
    plan = over(
        rows(data),
        (),
        ("t",),
        Frame(unit="rows", start=-1, end=0),
        last=agg("last", "v"),
        kept=agg("last", "v", nulls="keep"),
        both=agg("collect", "v", nulls="keep"),
    )
    found = run(by_keys(plan, "t", "v"), rows=given)
    assert [(row["last"], row["kept"], row["both"]) for row in found] == [
        ("a", "a", ["a"]),
        ("b", "b", ["a", "b"]),
        ("b", None, ["b", None]),
        ("c", "c", [None, "c"]),
    ]


# ---------------------------------------------------------------------------- against the kernel

POOLS: dict[str, list[Any]] = {
    "float64": [0.0, -0.0, 1.0, 2.5, -3.0, NAN, INF, -INF, None, 1.0, 1e9 + 0.1, 1e9 + 0.2],
    "int64": [0, 1, 2, -5, 2**40, None, 2**53 + 1],
    "string": ["", "a", "b", "é", None],
}


def random_rows(dtype: str, seed: int) -> tuple[Schema, pa.Table]:
    chosen = random.Random(seed)
    columns = schema(g="int64", t="inst", q="int64", w="bool", b="string", x=dtype, y="float64")
    given = [
        (
            group,
            at(chosen.choice([0, 1, 1, 2])),
            chosen.choice([None, 1, 2]),
            chosen.choice([True, True, False, None]),
            chosen.choice(["u", "v", None]),
            chosen.choice(POOLS[dtype]),
            chosen.choice([1.0, 2.0, 3.5, None]),
        )
        for group in range(25)
        for _ in range(chosen.choice([1, 2, 3, 5, 9]))
    ]
    return columns, table(columns, *given)


@pytest.mark.parametrize("dtype", POOLS)
def test_groups_give_what_lifetime_windows_of_the_kernel_give(dtype: str) -> None:
    columns, data = random_rows(dtype, seed=7)
    events = rows(columns)
    spine = Input(name="spine", columns=schema(g="int64", now="inst"))
    times = run(by_keys(grouped(events, "g", now=agg("max", "t")), "g"), rows=data)
    points = table(spine.output, *((row["g"], row["now"]) for row in times))
    calls: dict[str, tuple[AggCall, AggCall]] = {}
    for entry in AGGREGATIONS.values():
        for args in (("x",), ("x", "y")):
            try:
                entry.result_type(tuple(columns[name].dtype for name in args), dict(entry.example.options))
            except ValueError:
                continue
            for number, rest in enumerate(
                ({}, {"where": col("w")}, {"by": col("b")}, {"by": col("b"), "where": col("w")})
            ):
                options = {**entry.example.options, **rest}
                order: tuple[SortKey, ...] = (key("t"), key("q")) if entry.order_sensitive else ()
                calls[f"{entry.name}_{number}"] = (
                    agg(entry.name, *args, order=order, **options),
                    agg(entry.name, *args, **options),
                )
    in_groups = grouped(events, "g", **{name: ordered for name, (ordered, _) in calls.items()})
    in_windows = TrailingAggregate(
        spine=spine,
        events=events,
        spine_keys=("g",),
        event_keys=("g",),
        spine_time="now",
        order=EventOrder(time="t", sequence=("q",)),
        measures=tuple(
            TrailingMeasure(name=name, call=plain, window=TrailingWindow(closed="right"))
            for name, (_, plain) in calls.items()
        ),
    )
    left = run(by_keys(in_groups, "g"), rows=data)
    right = run(in_windows, rows=data, spine=points)
    assert len(calls) > 50
    for name in calls:
        for one, other in zip(left, right, strict=True):
            assert same(one[name], other[name], 1e-9), (name, one["g"], one[name], other[name])
