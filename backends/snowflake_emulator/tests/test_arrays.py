"""Arrays, objects and variants: what Snowflake's documentation says about functions of them, most of it in examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from snowflake.connector.errors import DatabaseError

Run = Callable[..., list[tuple[Any, ...]]]


def _array(text: str) -> str:
    return f"TO_ARRAY(PARSE_JSON('{text}'))"


def _one(run: Run, expression: str) -> Any:
    ((value,),) = run(f"SELECT {expression}")
    return value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"AS_INTEGER(GET({_array('[20, 10]')}, 1))", 10),
        (f"GET({_array('[20]')}, 1)", None),
        (f"GET({_array('[20]')}, -1)", None),
        ("AS_INTEGER(GET(OBJECT_CONSTRUCT('a', 1, 'b/c~', 2), 'b/c~'))", 2),
        ("GET(OBJECT_CONSTRUCT('a', 1), 'A')", None),
        ("GET(OBJECT_CONSTRUCT('0', 1), 0)", None),
        (f"ARRAY_SIZE({_array('[1, null]')})", 2),
        ("ARRAY_SIZE(PARSE_JSON('{}'))", None),
        ("AS_VARCHAR(PARSE_JSON('null'))", None),
        ("AS_VARCHAR(PARSE_JSON('1'))", None),
        ("AS_VARCHAR(TO_VARIANT('it''s \"1\"'))", 'it\'s "1"'),
        ("AS_INTEGER(PARSE_JSON('\"1\"'))", None),
        ("AS_INTEGER(PARSE_JSON('-9223372036854775808'))", -(2**63)),
        ("AS_BOOLEAN(PARSE_JSON('true'))", True),
        ("AS_BOOLEAN(PARSE_JSON('0'))", None),
        ("AS_ARRAY(PARSE_JSON('{}'))", None),
        ("AS_OBJECT(PARSE_JSON('[]'))", None),
        ("TO_ARRAY(PARSE_JSON('null'))", None),
        ("TO_OBJECT(PARSE_JSON('null'))", None),
        ("AS_INTEGER(GET(TO_ARRAY(PARSE_JSON('15')), 0))", 15),
        (f"ARRAY_SIZE(FILTER({_array('[10, 15, null, 20]')}, v -> AS_INTEGER(v) < 18))", 2),
        ("TO_CHAR(CAST('-12.391' AS FLOAT), 'TME')", "-1.2391E1"),
        ("TO_CHAR(CAST('0' AS FLOAT), 'TME')", "0E0"),
        ("TO_CHAR(CAST('0.0101' AS FLOAT), 'TME')", "1.01E-2"),
        ("TO_CHAR(TO_BINARY('00fF', 'HEX'), 'HEX')", "00FF"),
    ],
)
def test_single_values(run: Run, expression: str, expected: object) -> None:
    assert _one(run, expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("SPLIT('127.0.0.1', '.')", ["127", "0", "0", "1"]),
        ("SPLIT('|a||', '|')", ["", "a", "", ""]),
        ("SPLIT('', '|')", [""]),
        ("OBJECT_CONSTRUCT('Key_One', PARSE_JSON('null'), 'Key_Two', NULL, 'Key_Three', 'null')",
         {"Key_One": None, "Key_Three": "null"}),
        (f"TRANSFORM({_array('[1, 2, 3]')}, a -> AS_INTEGER(a) * 2)", [2, 4, 6]),
        (f"ARRAY_SORT(TRANSFORM({_array('[20, null, 0, 10]')}, e -> AS_INTEGER(e)))", [0, 10, 20, None]),
        (f"ARRAY_SORT(TRANSFORM({_array('[20, null, 0, 10]')}, e -> AS_INTEGER(e)), FALSE)", [None, 20, 10, 0]),
        (f"ARRAY_SORT(TRANSFORM({_array('[20, null, 0, 10]')}, e -> AS_INTEGER(e)), FALSE, FALSE)", [20, 10, 0, None]),
        (f"ARRAY_SORT(TRANSFORM({_array('[2, 10]')}, e -> TO_CHAR(AS_INTEGER(e))))", ["10", "2"]),
    ],
)  # fmt: skip
def test_arrays_and_objects(run: Run, expression: str, expected: object) -> None:
    assert json.loads(_one(run, expression)) == expected


def test_what_is_collected_has_no_nulls(run: Run) -> None:
    rows = "(VALUES (1, 'b'), (2, NULL), (3, 'a')) v (n, s)"
    collected = "ARRAY_AGG(s) WITHIN GROUP (ORDER BY n DESC)"
    assert json.loads(run(f"SELECT {collected} FROM {rows}")[0][0]) == ["a", "b"]
    assert json.loads(run(f"SELECT {collected} FROM {rows} WHERE n = 2")[0][0]) == []
    kept = "ARRAY_AGG(COALESCE(TO_VARIANT(s), PARSE_JSON('null'))) WITHIN GROUP (ORDER BY n)"
    assert json.loads(run(f"SELECT {kept} FROM {rows}")[0][0]) == ["b", None, "a"]


def test_lists_without_elements_have_no_rows(run: Run) -> None:
    rows = f"SELECT 1 AS n, {_array('[7, null]')} AS a UNION ALL SELECT 2, {_array('[]')} UNION ALL SELECT 3, CAST(NULL AS ARRAY)"
    found = run(f"SELECT n, AS_INTEGER(f.value) FROM ({rows}) t, LATERAL FLATTEN(INPUT => t.a) f ORDER BY 1, 2")
    assert found == [(1, 7), (1, None)]


def test_the_order_of_elements_without_known_types_is_refused(run: Run) -> None:
    with pytest.raises(DatabaseError, match="ARRAY_SORT"):
        run(f"SELECT ARRAY_SORT({_array('[2, 1]')})")


def test_an_object_is_made_of_nothing_else(run: Run) -> None:
    with pytest.raises(DatabaseError, match="OBJECT"):
        run("SELECT TO_OBJECT(PARSE_JSON('1'))")
