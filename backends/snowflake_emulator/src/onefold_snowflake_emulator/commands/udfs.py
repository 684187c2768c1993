"""CREATE FUNCTION … LANGUAGE PYTHON: scalar functions, vectorised or called row by row."""

from __future__ import annotations

import builtins
import importlib
import inspect
import types
from collections.abc import Callable, Sequence
from typing import Any, Final

import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType
from sqlglot import exp

from onefold_snowflake_emulator.errors import SnowflakeError, compilation_error, unsupported
from onefold_snowflake_emulator.results.answers import Listing, message
from onefold_snowflake_emulator.session import Function, Name, Session
from onefold_snowflake_emulator.sql.casts import duck_type
from onefold_snowflake_emulator.sql.names import upper_names
from onefold_snowflake_emulator.sql.tables import full_name

_INPUT: Final = "_sf_vectorized_input"
_BATCH: Final = "_sf_max_batch_size"


def create(tree: exp.Expr, session: Session) -> Listing:
    """Make a Python function callable from SQL.

    Args:
        tree: The statement.
        session: Who runs it, and who can call the function.

    Raises:
        SnowflakeError: The function is in another language, has no handler, or its body does not run.
    """
    definition = tree.this
    name = full_name(upper_names(definition), session)
    if name in session.functions and not tree.args.get("replace"):
        raise compilation_error("002002", f"Object '{name[2]}' already exists.", "42710")
    properties = tree.args["properties"].expressions if tree.args.get("properties") is not None else []
    language = next((each.this.name.upper() for each in properties if isinstance(each, exp.LanguageProperty)), "SQL")
    returns = next((each for each in properties if isinstance(each, exp.ReturnsProperty)), None)
    handler = next((each.this.name for each in properties if isinstance(each, exp.HandlerProperty)), None)
    if language != "PYTHON":
        raise unsupported(f"CREATE FUNCTION … LANGUAGE {language}")
    if returns is None or returns.args.get("is_table") or not isinstance(returns.this, exp.DataType):
        raise unsupported("CREATE FUNCTION … RETURNS TABLE")
    if handler is None:
        raise compilation_error("001003", "syntax error: HANDLER is missing.")
    body = tree.expression
    function = _handler(body.name if isinstance(body, exp.Expr) else str(body), handler)
    arguments: list[Any] = [duck_type(each.args["kind"]) for each in definition.expressions]
    result = duck_type(returns.this)
    physical = session.function_name(name[2])
    session.duck.create_function(
        physical,
        _arrow(function, session, len(arguments), result, name[2]),
        arguments,
        result,
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=True,
    )
    _remove(session, name)
    session.functions[name] = Function(physical, len(arguments))
    return message(f"Function {name[2]} successfully created.")


def drop(tree: exp.Expr, session: Session) -> Listing:
    """Drop a function of the session.

    Args:
        tree: The statement.
        session: Who runs it.

    Raises:
        SnowflakeError: There is no such function.
    """
    name = full_name(upper_names(tree), session)
    if name not in session.functions and not tree.args.get("exists"):
        raise compilation_error("002003", f"Function '{name[2]}' does not exist or not authorized.", "42S02")
    _remove(session, name)
    return message(f"{name[2]} successfully dropped.")


def _remove(session: Session, name: Name) -> None:
    function = session.functions.pop(name, None)
    if function is not None:
        session.duck.remove_function(function.physical)


def _handler(body: str, name: str) -> Callable[..., Any]:
    """Run the body of a function and return its handler."""
    module = types.ModuleType("_snowflake")
    module.vectorized = _vectorized  # type: ignore[attr-defined]
    namespace: dict[str, Any] = {
        "__name__": "_udf_code",
        "__builtins__": {**vars(builtins), "__import__": _import(module)},
    }
    try:
        exec(compile(body, "<function body>", "exec"), namespace)  # noqa: S102 - that is what CREATE FUNCTION is
    except Exception as error:  # whatever a user's code raises is this statement's failure
        raise SnowflakeError(
            "100357", "P0000", f"Python Interpreter Error:\n{type(error).__name__}: {error}"
        ) from error
    found = namespace.get(name)
    if not callable(found):
        raise SnowflakeError("100356", "P0000", f"Python function is not callable: {name}")
    return found  # type: ignore[no-any-return]


def _import(module: types.ModuleType) -> Callable[..., Any]:
    """Return an `__import__` that knows Snowflake's own module, for the one body that it is given to."""

    def import_(name: str, *arguments: Any, **named: Any) -> Any:
        return module if name == module.__name__ else builtins.__import__(name, *arguments, **named)

    return import_


def _vectorized(*, input: type, max_batch_size: int | None = None, **_: Any) -> Callable[[Any], Any]:
    def mark(function: Any) -> Any:
        setattr(function, _INPUT, input)
        setattr(function, _BATCH, max_batch_size)
        return function

    return mark


def _arrow(
    function: Callable[..., Any], session: Session, arity: int, result: str, name: str
) -> Callable[..., pa.Array]:
    kind = session.duck.sql(f"SELECT NULL::{result} AS x").to_arrow_table().schema.field(0).type
    vectorised = getattr(function, _INPUT, None) is not None
    limit = getattr(function, _BATCH, None)

    def call(*columns: pa.ChunkedArray) -> pa.Array:
        plain = [
            pa.chunked_array(each.chunks, each.type) if isinstance(each, pa.ChunkedArray) else each for each in columns
        ]
        rows = len(plain[0]) if plain else 1
        try:
            if not vectorised:
                values: list[Any] = [function(*row) for row in zip(*(_values(each) for each in plain), strict=True)]
                return pa.array(values, kind)
            step = limit or max(rows, 1)
            parts = [
                _batch(function, [each.slice(start, step) for each in plain], kind) for start in range(0, rows, step)
            ]
            return pa.concat_arrays(parts) if parts else pa.array([], kind)
        except Exception as error:  # whatever a user's code raises is this statement's failure
            raise RuntimeError(
                f"Python Interpreter Error: {type(error).__name__}: {error} in function {name}"
            ) from error

    names = [f"a{number}" for number in range(arity)]
    kinds = [inspect.Parameter(each, inspect.Parameter.POSITIONAL_ONLY) for each in names]
    call.__signature__ = inspect.Signature(kinds)  # type: ignore[attr-defined]  # DuckDB counts the parameters
    return call


def _values(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_decimal(column.type) and column.type.scale == 0:
        return [None if value is None else int(value) for value in column.to_pylist()]
    return column.to_pylist()  # type: ignore[no-any-return]


def _batch(function: Callable[..., Any], columns: Sequence[pa.ChunkedArray], kind: pa.DataType) -> pa.Array:
    pd = importlib.import_module("pandas")  # only who makes vectorised functions needs it
    frame = pd.DataFrame({number: _series(pd, column) for number, column in enumerate(columns)})
    answer = function(frame)
    series = answer if isinstance(answer, pd.Series) else pd.Series(answer)
    if len(series) != len(frame):
        raise ValueError(f"the function returned {len(series)} rows for {len(frame)}")
    made = pa.array(series, from_pandas=not pa.types.is_floating(kind))
    return made.cast(kind) if made.type != kind else made


def _series(pd: Any, column: pa.ChunkedArray) -> Any:
    """Return a column as Snowflake passes it: whole numbers nullable, floats with NaN, the rest as objects."""
    kind = column.type
    if pa.types.is_decimal(kind) and kind.scale == 0:
        try:
            return pd.Series(column.cast(pa.int64()).to_pylist(), dtype="Int64")
        except pa.ArrowInvalid:
            return pd.Series(_values(column), dtype="object")
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return pd.Series(column.cast(pa.float64()).to_pylist(), dtype="float64")
    if pa.types.is_boolean(kind):
        return pd.Series(column.to_pylist(), dtype="boolean")
    if pa.types.is_timestamp(kind):
        return column.to_pandas()
    return pd.Series(column.to_pylist(), dtype="object")
