"""Runs single expressions on DuckDB, without a backend, and compares values by each function's declared accuracy."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from onefold.plan import Call, Cast, Column, Expression, Literal, get_function, infer
from onefold.sql.expressions import ExpressionCompiler, print_sql
from onefold.types import Field, Schema, SchemaNormaliser, parse_type, schema_to_arrow

ERROR = object()
"""The expected result of a call that must stop the query."""

VALUE_ERRORS = (duckdb.OutOfRangeException, duckdb.ConversionException, duckdb.InvalidInputException)
"""What the engine raises about a value, as opposed to a query that it does not understand."""

NAN, INF = float("nan"), float("inf")
MIN, MAX = -(2**63), 2**63 - 1

COMPILER = ExpressionCompiler("duckdb")


@dataclass(frozen=True)
class Case:
    """One call of a function with one row of arguments."""

    function: str
    types: tuple[str, ...]
    args: tuple[Any, ...]
    expected: Any
    options: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        options = "".join(f",{key}={value!r}" for key, value in self.options.items())
        return f"{self.function}({', '.join(map(repr, self.args))}{options})"


def cases(function: str, types: str, *rows: tuple[Any, ...], **options: Any) -> list[Case]:
    """Return a case per row; a row holds the arguments and then the expected value.

    Args:
        function: The name in the catalogue.
        types: The argument types, separated by blanks; ``inst`` and ``wall`` stand for the two timestamps.
        rows: The rows.
        options: The options of the call.
    """
    named = {"inst": "timestamp[us, UTC]", "wall": "timestamp[us]"}
    texts = tuple(named.get(text, text) for text in types.split())
    return [Case(function, texts, row[:-1], row[-1], options) for row in rows]


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection that is set up as backends do it."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def table_of(schema: Schema, columns: list[Any]) -> pa.Table:
    arrow = schema_to_arrow(schema)
    arrays = [pa.array(values, item.type) for values, item in zip(columns, arrow, strict=True)]
    return pa.Table.from_arrays(arrays, schema=arrow)


def evaluate(
    connection: duckdb.DuckDBPyConnection, expression: Expression, schema: Schema, columns: list[Any]
) -> pa.Array:
    """Return the values of an expression over a table, in the declared Arrow type."""
    result = Schema([Field("result", infer(expression, schema).dtype)])
    text = print_sql(COMPILER.compile(expression, schema, table="input"), "duckdb")
    connection.register("input", table_of(schema, columns))
    reader = connection.sql(f'SELECT {text} AS "result" FROM "input"').to_arrow_table()
    batches = [SchemaNormaliser(result, where="DuckDB")(batch) for batch in reader.to_batches()]
    return pa.concat_arrays([batch.column(0) for batch in batches])


def evaluate_case(connection: duckdb.DuckDBPyConnection, case: Case, *, literals: bool) -> Any:
    """Return the value of one case, with its arguments as columns or as constants."""
    types = [parse_type(text) for text in case.types]
    schema = Schema(Field(f"arg {index}", dtype) for index, dtype in enumerate(types))
    args: tuple[Expression, ...] = tuple(Column(name=item.name) for item in schema)
    if literals:
        args = tuple(Literal.of(value, dtype) for value, dtype in zip(case.args, types, strict=True))
    call = Call(function=case.function, args=args, options=case.options)
    return evaluate(connection, call, schema, [[value] for value in case.args])[0].as_py()


def evaluate_cast(connection: duckdb.DuckDBPyConnection, value: Any, source: str, target: str, on_failure: Any) -> Any:
    """Return one value after a conversion."""
    schema = Schema.of(value=source)
    cast = Cast(arg=Column(name="value"), to=parse_type(target), on_failure=on_failure)
    return evaluate(connection, cast, schema, [[value]])[0].as_py()


def same(got: Any, expected: Any, *, ulps: int = 0) -> bool:
    """Whether two values are equal: of one type, floats within some units in the last place, NaN equal to NaN."""
    if isinstance(expected, float) and isinstance(got, float):
        if math.isnan(expected) or math.isinf(expected) or math.isnan(got):
            return repr(got) == repr(expected)
        return abs(got - expected) <= ulps * max(math.ulp(expected), math.ulp(1.0) * (ulps > 0))
    if isinstance(expected, list) and isinstance(got, list):
        return len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(expected, dt.datetime) and expected.tzinfo is not None:
        return isinstance(got, dt.datetime) and got.tzinfo is not None and got == expected
    return type(got) is type(expected) and bool(got == expected)


def allowed_ulps(function: str) -> int:
    """Return how far a float result may be off."""
    return {"exact": 0, "0ulp": 0, "4ulp": 4, "16ulp": 16}[get_function(function).accuracy]
