"""SQLite's dialect: how it holds values, and which functions it has itself."""

from __future__ import annotations

from sqlglot import expressions as exp

from onefold.sql.aggregations import AGGREGATIONS
from onefold.sql.dialect import SqlDialect
from onefold.sql.functions import FUNCTIONS
from onefold.sql.literals import TIMES_AS_NUMBERS
from onefold.sql.python_functions import PythonFunctions
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.sql.types import SqlTypes
from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType

__all__ = ["DIALECT", "ENGINE", "NAN", "OWN", "PYTHON"]

ENGINE = "sqlite"
NAN = "nan"
"""SQLite has no NaN. A text in its place is equal to itself and above every number, exactly as NaN should be."""

PYTHON = PythonFunctions("PYTHON", nan=NAN)


def _text(value: str) -> str:
    quoted = value.replace("'", "''")
    return f"CAST(X'{value.encode().hex()}' AS TEXT)" if "\0" in value else f"'{quoted}'"


_NAMES: dict[DataType, str] = {
    **dict.fromkeys((INT64, BOOL, DATE, TIMESTAMP, TIMESTAMP_UTC), "INTEGER"),
    FLOAT64: "REAL",
    STRING: "TEXT",
    BINARY: "BLOB",
}
_TYPES = SqlTypes(
    "sqlite",
    _NAMES,
    decimal=None,
    nested=False,
    casts=False,
    literals={
        **TIMES_AS_NUMBERS,
        INT64: str,
        FLOAT64: lambda value: f"EXACT('{value.hex()}')",  # SQLite itself reads numerals with an error in the last bit
        BOOL: lambda value: str(int(value)),
        STRING: _text,
        BINARY: "X'{}'".format,
    },
)
_CANONICAL = (
    *("and", "or", "not", "xor", "equal", "not_equal", "lt", "lte", "gt", "gte", "between", "is_in"),
    *("is_null", "is_not_null", "nullif", "concat"),
)


def _coalesce(call: LoweredCall) -> exp.Expression:
    text = "NULL"  # it wants at least two arguments, and at most 127
    for start in reversed(range(0, len(call.args), 100)):
        text = f"COALESCE({''.join(f'{{{n}}}, ' for n in range(start, min(start + 100, len(call.args))))}{text})"
    return render(text, call)


OWN: dict[str, Lowering] = {
    **{name: FUNCTIONS[name] for name in _CANONICAL},
    "coalesce": _coalesce,
    "is_distinct_from": "{0} IS NOT {1}",
    "is_not_distinct_from": "{0} IS {1}",
    "is_nan": "{0} = 'nan'",
    "is_finite": "{0} > -9e999 AND {0} < 9e999",
    "is_infinite": "{0} IN (-9e999, 9e999)",
    "nan_to_null": "NULLIF({0}, 'nan')",
    "epoch_microseconds": "{0}",
    "from_epoch_microseconds": "{0}",
}
"""The functions that SQLite computes itself."""

DIALECT = SqlDialect(
    name="sqlite",
    engine=ENGINE,
    types=_TYPES,
    functions={**PYTHON.lowerings, **OWN},
    aggregations={name: AGGREGATIONS[name] for name in ("count", "count_distinct", "min", "max")},
    casts=PYTHON.casts,
    framed=frozenset(),
    without_types={f"type.{kind}": f"SQLite has no {kind}s" for kind in ("decimal128", "list", "struct")},
    folds_case=True,
    reserved=frozenset({"true", "false"}),  # it gives columns of subqueries other names than these
    max_depth=12,  # its parser has a stack of 100 places
)
"""What SQLite lacks, Python and the kernel compute."""
