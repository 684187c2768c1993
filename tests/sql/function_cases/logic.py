"""Comparison, boolean logic, nulls, lists and structs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.sql.evaluation import INF, MAX, MIN, NAN, cases

F2, S2, I2, B2 = "float64 float64", "string string", "int64 int64", "bool bool"
LIST = "list<int64>"
DAY = dt.date.fromisoformat
AT = dt.datetime.fromisoformat

CASES = [
    *cases("equal", F2, (NAN, NAN, True), (NAN, INF, False), (-0.0, 0.0, True), (NAN, None, None)),
    *cases(
        "equal", S2, ("a", "a ", False), ("é", "e\u0301", False), ("", "", True), ("a", "A", False), (None, "", None)
    ),
    *cases("equal", "binary binary", (b"\xff\x00", b"\xff\x00", True), (b"", b"\x00", False)),
    *cases(
        "equal",
        "decimal128(10,2) decimal128(10,2)",
        (Decimal("1.10"), Decimal("1.10"), True),
        (Decimal("1.10"), Decimal("1.11"), False),
    ),
    *cases("equal", "inst inst", (AT("2024-01-01T00:00:00+00:00"), AT("2024-01-01T01:00:00+01:00"), True)),
    *cases("not_equal", F2, (NAN, NAN, False), (-0.0, 0.0, False), (1.0, NAN, True), (None, None, None)),
    *cases("not_equal", "date32 date32", (DAY("2024-02-29"), DAY("2024-03-01"), True)),
    *cases(
        "lt", F2, (INF, NAN, True), (NAN, NAN, False), (NAN, INF, False), (-0.0, 0.0, False), (-INF, MIN + 0.0, True)
    ),
    *cases(
        "lt",
        S2,
        ("Z", "a", True),
        ("z", "é", True),
        ("\uff21", "😀", True),
        ("a", "a ", True),
        ("", "a", True),
        ("ß", "ss", False),
    ),
    *cases("lt", B2, (False, True, True), (True, True, False), (None, True, None)),
    *cases("lt", "wall wall", (AT("1969-12-31T23:59:59.999999"), AT("1970-01-01"), True)),
    *cases("lte", F2, (NAN, NAN, True), (0.0, -0.0, True), (NAN, INF, False)),
    *cases("lte", I2, (MIN, MIN, True), (MAX, MIN, False), (1, None, None)),
    *cases("gt", F2, (NAN, INF, True), (NAN, NAN, False), (0.0, -0.0, False)),
    *cases("gt", I2, (MAX, MIN, True), (MIN, MIN, False)),
    *cases("gte", F2, (NAN, NAN, True), (INF, NAN, False), (-0.0, 0.0, True)),
    *cases("gte", S2, ("b", "B", True), ("", "", True), (None, None, None)),
    *cases("is_distinct_from", F2, (NAN, NAN, False), (NAN, None, True), (None, None, False), (-0.0, 0.0, False)),
    *cases("is_not_distinct_from", F2, (NAN, NAN, True), (NAN, INF, False), (-0.0, 0.0, True), (None, NAN, False)),
    *cases("is_not_distinct_from", S2, ("", None, False), ("a", "a", True)),
    *cases(
        "between",
        "int64 int64 int64",
        (MIN, MIN, MAX, True),
        (5, 7, None, False),
        (5, None, 3, False),
        (5, 1, None, None),
        (3, 4, 2, False),
    ),
    *cases("between", "float64 float64 float64", (NAN, 0.0, INF, False), (NAN, 0.0, NAN, True), (-0.0, 0.0, 0.0, True)),
    *cases("between", "string string string", ("b", "a", "c", True), ("B", "a", "c", False)),
    *cases(
        "is_in",
        "float64 float64 float64",
        (NAN, 1.0, NAN, True),
        (-0.0, 0.0, 1.0, True),
        (2.0, 0.0, None, None),
        (None, None, None, None),
    ),
    *cases("is_in", S2, ("a", "a", True), ("a", "a ", False), (None, "a", None)),
    *cases("is_in", "date32 date32", (DAY("2024-02-29"), DAY("2024-02-29"), True)),
    *cases("is_null", "string", ("", False), (None, True)),
    *cases("is_null", LIST, ([], False), ([None], False), (None, True)),
    *cases("is_not_null", "struct<a:int64>", ({"a": None}, True), (None, False)),
    *cases("is_not_null", "binary", (b"", True), (None, False)),
    *cases("is_nan", "float64", (NAN, True), (-INF, False), (0.0, False), (None, None)),
    *cases("is_finite", "float64", (1.7976931348623157e308, True), (0.0, True), (None, None)),
    *cases("is_infinite", "float64", (-INF, True), (1e308, False), (None, None)),
    *cases("and", "bool bool bool", (True, True, True, True), (True, None, False, False), (True, None, True, None)),
    *cases("and", "bool", (True, True), (None, None)),
    *cases("or", "bool bool bool", (False, None, True, True), (False, None, False, None), (False, False, False, False)),
    *cases("not", "bool", (None, None), (True, False)),
    *cases(
        "xor",
        B2,
        (True, True, False),
        (False, True, True),
        (False, False, False),
        (None, True, None),
        (None, None, None),
    ),
    *cases("coalesce", "int64 int64 int64", (None, None, MIN, MIN), (None, None, None, None), (1, 2, 3, 1)),
    *cases("coalesce", S2, ("", "x", ""), (None, "x", "x")),
    *cases("coalesce", f"{LIST} {LIST}", (None, [1], [1]), ([], [1], [])),
    *cases("nullif", F2, (NAN, NAN, None), (-0.0, 0.0, None), (1.0, NAN, 1.0), (1.0, None, 1.0), (None, None, None)),
    *cases("nullif", S2, ("", "", None), ("a", "A", "a")),
    *cases("nan_to_null", "float64", (NAN, None), (-INF, -INF), (0.0, 0.0)),
    *cases("list_get", LIST, ([3, 1], 3), ([], None), ([None, 2], None), (None, None), index=1),
    *cases("list_get", LIST, ([3, 1], 1), ([7], 7), ([], None), index=-1),
    *cases("list_get", LIST, ([3, 1], None), ([3, 1, 9], 3), index=-3),
    *cases("list_get", "list<list<string>>", ([["a"], []], []), ([["a"]], None), index=2),
    *cases("list_length", "list<string>", (["a", None], 2), ([], 0), (None, None)),
    *cases(
        "list_contains",
        "list<float64> float64",
        ([NAN], NAN, True),
        ([0.0], -0.0, True),
        ([1.0, None], 2.0, False),
        (None, 1.0, None),
    ),
    *cases("list_contains", "list<string> string", (["a", ""], "", True), (["a"], "A", False), (["a"], None, None)),
    *cases("list_sort", "list<float64>", ([NAN, 1.0, None, -INF], [-INF, 1.0, NAN, None])),
    *cases("list_sort", "list<float64>", ([NAN, 1.0, None, -INF], [NAN, 1.0, -INF, None]), descending=True),
    *cases("list_sort", "list<string>", (["b", "B", "", None, "é"], ["", "B", "b", "é", None])),
    *cases("list_sort", LIST, ([3, 1, None, 2], [3, 2, 1, None]), ([], []), (None, None), descending=True),
    *cases(
        "struct_get",
        'struct<"a-b":string,c:int64>',
        ({"a-b": "x", "c": 1}, "x"),
        ({"a-b": None, "c": 1}, None),
        (None, None),
        field="a-b",
    ),
    *cases("struct_get", "struct<l:list<int64>>", ({"l": [1, 2]}, [1, 2]), field="l"),
]
