"""Values and options: every one is of its type, and the bounds are among them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.plan import AGGREGATIONS, FUNCTIONS, RANKINGS, Literal
from onefold.plan.functions.entry import checked_options
from onefold.plan.functions.regex_subset import check_regex
from onefold.types import (
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    List,
    Schema,
    Struct,
    parse_type,
    schema_to_arrow,
)
from onefold_conformance.generate.instances import aggregation_instances, function_instances
from onefold_conformance.generate.options import options, regular_expressions
from onefold_conformance.generate.tables import table_of
from onefold_conformance.generate.values import CALM, ORDERED, TYPES, pool, values


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@given(st.data())
def test_a_drawn_value_is_one_of_its_type(dtype: DataType, data: st.DataObject) -> None:
    value = data.draw(values(dtype))
    schema = Schema.of(v=dtype)
    table = table_of(schema, [[value, None]])
    assert table.schema == schema_to_arrow(schema)
    assert table.column("v").null_count == 1
    nested_struct = isinstance(dtype, Struct) or (isinstance(dtype, List) and isinstance(dtype.element, Struct))
    if not nested_struct:  # a constant can not be one
        assert Literal.of(value, dtype).dtype == dtype


@pytest.mark.parametrize("dtype", CALM, ids=str)
@given(st.data())
def test_calm_values_stay_within_their_bounds(dtype: DataType, data: st.DataObject) -> None:
    low, high = CALM[dtype]
    assert low <= data.draw(values(dtype, calm=True)) <= high


def test_the_bounds_of_every_type_are_among_its_values() -> None:
    assert {2**63 - 1, -(2**63), 0, 1, -1} <= set(pool(INT64))
    floats = pool(FLOAT64)
    assert any(map(math.isnan, floats))
    assert {math.inf, -math.inf, 5e-324, 1.7976931348623157e308} <= set(floats)
    assert any(value == 0 and math.copysign(1, value) < 0 for value in floats)
    assert {"", "e\u0301", "😀", "a_b", "100%", "it's"} <= set(pool(STRING))
    assert not any("\0" in text for text in pool(STRING))
    assert {date.isoformat() for date in pool(DATE)} >= {"0001-01-01", "9999-12-31", "2024-02-29", "1969-12-31"}
    instants = {at.isoformat() for at in pool(TIMESTAMP_UTC)}
    assert {"1970-01-01T00:00:00+00:00", "1969-12-31T23:59:59.999999+00:00"} <= instants
    assert {str(number) for number in pool(Decimal(5, 2))} >= {"999.99", "-999.99", "0.01", "0.00"}


def test_every_type_of_a_key_has_two_values_that_differ() -> None:
    for dtype in ORDERED:
        assert len(set(pool(dtype))) > 1


@pytest.mark.parametrize("name", [*FUNCTIONS, *AGGREGATIONS])
@given(st.data())
def test_options_are_those_that_an_entry_allows(name: str, data: st.DataObject) -> None:
    entry = FUNCTIONS.get(name) or AGGREGATIONS[name]
    instances = [found for found in (*function_instances(), *aggregation_instances()) if found.name == name]
    instance = data.draw(st.sampled_from(instances))
    drawn = data.draw(options(name, entry.options, instance.options))
    assert checked_options(name, entry.options, drawn) == drawn
    assert entry.result_type(instance.args, drawn) == instance.result


@pytest.mark.parametrize("name", RANKINGS)
@given(st.data())
def test_options_are_those_that_a_ranking_allows(name: str, data: st.DataObject) -> None:
    declared = RANKINGS[name][2]
    drawn = data.draw(options(name, declared, {}))
    assert checked_options(name, declared, drawn) == drawn


@given(regular_expressions())
def test_patterns_are_of_the_portable_subset(pattern: str) -> None:
    check_regex(pattern)  # raises where one is not


def test_every_entry_has_an_instance_with_types_that_it_takes() -> None:
    assert {instance.name for instance in function_instances()} == set(FUNCTIONS)
    assert {instance.name for instance in aggregation_instances()} == set(AGGREGATIONS)
    sums = {tuple(map(str, found.args)): str(found.result) for found in function_instances() if found.name == "add"}
    assert sums["int64", "int64"] == "int64"
    assert sums["decimal128(5, 2)", "decimal128(18, 4)"] == "decimal128(19, 4)"
    assert ("decimal128(38, 0)", "decimal128(38, 0)") not in sums  # 39 digits
    assert parse_type("list<int64>") in {found.result for found in function_instances() if found.name == "list_sort"}
