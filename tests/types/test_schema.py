"""Schemas: unique names in order, looked up with near matches."""

from __future__ import annotations

import pytest

from onefold.errors import DefinitionError
from onefold.types import FLOAT64, INT64, STRING, Field, Schema


def test_columns_keep_their_order_and_are_found_by_name() -> None:
    schema = Schema.of(k="string", v="float64", n=INT64)
    assert schema.names == ("k", "v", "n")
    assert [field.dtype for field in schema] == [STRING, FLOAT64, INT64]
    assert "v" in schema
    assert "w" not in schema
    assert 5 not in schema
    assert len(schema) == 3
    assert schema["n"] == Field("n", INT64, True)
    assert schema.select(["n", "k"]).names == ("n", "k")
    assert str(schema) == "k: string, v: float64, n: int64"


def test_schemas_are_equal_and_hashed_by_content() -> None:
    assert Schema.of(a="int64") == Schema([Field("a", INT64)])
    assert hash(Schema.of(a="int64")) == hash(Schema([Field("a", INT64)]))
    assert Schema.of(a="int64") != Schema([Field("a", INT64, nullable=False)])
    assert Schema.of(a="int64", b="int64") != Schema.of(b="int64", a="int64")


def test_a_missing_column_names_near_matches() -> None:
    with pytest.raises(DefinitionError, match=r"no column 'amont'. Did you mean 'amount'"):
        Schema.of(amount="float64", ts="int64")["amont"]
    with pytest.raises(DefinitionError, match="There are no columns"):
        Schema()["x"]


@pytest.mark.parametrize("names", [("a", "a"), ("",), ("\udc80",)])
def test_names_are_unique_text(names: tuple[str, ...]) -> None:
    with pytest.raises(DefinitionError):
        Schema(Field(name, INT64) for name in names)


def test_names_may_be_any_text() -> None:
    names = ("a b", 'quoted "x"', "π", "😀", "select", "line\nbreak", " ")
    assert Schema(Field(name, INT64) for name in names).names == names


def test_an_unknown_type_is_a_definition_error() -> None:
    with pytest.raises(DefinitionError, match="not a portable type"):
        Schema.of(a="int")
    with pytest.raises(DefinitionError, match="such as 'int64'"):
        Schema.of(a=int)  # type: ignore[arg-type]


def test_wide_schemas_are_looked_up_without_a_search() -> None:
    schema = Schema(Field(f"c{number}", INT64) for number in range(20_000))
    assert all(f"c{number}" in schema for number in range(20_000))
    assert schema.select(schema.names) == schema
