"""CREATE FUNCTION … LANGUAGE PYTHON: scalar functions and table functions, vectorised or called row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType
from sqlglot import exp

from onefold_snowflake_emulator.errors import compilation_error, syntax_error, unsupported
from onefold_snowflake_emulator.python import packages
from onefold_snowflake_emulator.python.sandbox import Sandbox
from onefold_snowflake_emulator.python.scalar import callable_by_duckdb, with_parameters
from onefold_snowflake_emulator.python.tables import KEYS, Handler, Partitions
from onefold_snowflake_emulator.python.values import Parameter, supported
from onefold_snowflake_emulator.results.answers import Listing, message
from onefold_snowflake_emulator.session import Function, Name, Session, TableFunction
from onefold_snowflake_emulator.sql.casts import duck_type
from onefold_snowflake_emulator.sql.names import upper_names
from onefold_snowflake_emulator.sql.tables import full_name

_MOST: Final = 500
"""How many arguments and how many columns a table function may have."""

_PROPERTIES: Final = (
    exp.TemporaryProperty,
    exp.LanguageProperty,
    exp.ReturnsProperty,
    exp.HandlerProperty,
    exp.SchemaCommentProperty,
    exp.SecureProperty,
    exp.StabilityProperty,
    exp.CalledOnNullInputProperty,
)
_NAMED: Final = frozenset(("RUNTIME_VERSION", "PACKAGES"))
"""What a statement may say of a function; what would change what it does, and is not here, is refused."""

_KEY_TYPES: Final = ("VARCHAR", "BIGINT", "BIGINT", "BIGINT", "BIGINT")
assert len(_KEY_TYPES) == len(KEYS)


@dataclass(frozen=True)
class _Definition:
    """What a statement says about a function."""

    name: Name
    arguments: tuple[exp.ColumnDef, ...]
    returns: exp.Expr
    is_table: bool
    handler: str
    packages: tuple[str, ...]
    body: str


def create(tree: exp.Expr, session: Session) -> Listing:
    """Make a Python function callable from SQL.

    Args:
        tree: The statement.
        session: Who runs it, and who can call the function.

    Raises:
        SnowflakeError: The function is in another language, lacks what it has to state, or its body does not run.
    """
    name = full_name(upper_names(tree.this), session)
    if name in session.functions and tree.args.get("exists"):
        return message(f"{name[2]} already exists, statement succeeded.")
    if name in session.functions and not tree.args.get("replace"):
        raise compilation_error("002002", f"Object '{name[2]}' already exists.", "42710")
    definition = _definition(tree, name)
    sandbox = Sandbox(definition.body, name[2], definition.handler, packages.modules(definition.packages))
    made = _table(definition, sandbox, session) if definition.is_table else _scalar(definition, sandbox, session)
    _remove(session, name)
    session.functions[name] = made
    return message(f"Function {name[2]} successfully created.")


def drop(tree: exp.Expr, session: Session) -> Listing:
    """Drop a function of the session.

    Args:
        tree: The statement.
        session: Who runs it.

    Raises:
        SnowflakeError: There is no such function, or the statement does not say what it takes.
    """
    name = full_name(upper_names(tree), session)
    kinds = tree.args.get("expressions")
    if kinds is None:
        raise syntax_error("unexpected '<EOF>': the name of a function is followed by the types of its arguments.")
    function = session.functions.get(name)
    if function is None or [_family(each) for each in function.arguments] != [
        _family(duck_type(each)) for each in kinds
    ]:
        if tree.args.get("exists"):
            return message("Drop statement executed successfully.")
        raise compilation_error("002003", f"Function '{name[2]}' does not exist or not authorized.", "42S02")
    _remove(session, name)
    return message(f"{name[2]} successfully dropped.")


def _family(duck: str) -> str:
    """Return a type without its digits: functions with other digits are no others."""
    return duck.partition("(")[0].strip()


def _remove(session: Session, name: Name) -> None:
    function = session.functions.pop(name, None)
    if function is not None:
        session.duck.remove_function(function.physical)


def _definition(tree: exp.Expr, name: Name) -> _Definition:
    properties = tree.args["properties"].expressions if tree.args.get("properties") is not None else []
    language = next((each.this.name.upper() for each in properties if isinstance(each, exp.LanguageProperty)), "SQL")
    if language != "PYTHON":
        raise unsupported(f"CREATE FUNCTION … LANGUAGE {language}")
    named = {each.name.upper(): each.args["value"] for each in properties if type(each) is exp.Property}
    for each in properties:
        known = each.name.upper() in _NAMED if type(each) is exp.Property else type(each) in _PROPERTIES
        if not known or each.args.get("null"):  # RETURNS NULL ON NULL INPUT
            raise unsupported(f"CREATE FUNCTION … {each.sql('snowflake')}")
    version = named.get("RUNTIME_VERSION")
    packages.check_runtime(version.name if version is not None else None)
    handler = next((each.this.name for each in properties if isinstance(each, exp.HandlerProperty)), None)
    if handler is None:
        raise syntax_error("HANDLER is missing.")
    returns = next((each for each in properties if isinstance(each, exp.ReturnsProperty)), None)
    if returns is None:
        raise syntax_error("RETURNS is missing.")
    stated = named.get("PACKAGES")
    body = tree.expression
    return _Definition(
        name=name,
        arguments=tuple(tree.this.expressions),
        returns=returns.this,
        is_table=bool(returns.args.get("is_table")),
        handler=handler,
        packages=tuple(each.name for each in (stated.flatten() if isinstance(stated, exp.Paren) else stated or ())),
        body=body.name if isinstance(body, exp.Expr) else str(body),
    )


def _scalar(definition: _Definition, sandbox: Sandbox, session: Session) -> Function:
    arguments: list[Any] = [duck_type(each.args["kind"]) for each in definition.arguments]
    result = duck_type(definition.returns)
    physical = session.function_name(definition.name[2])
    call = callable_by_duckdb(sandbox, len(arguments), _arrow_type(result, session))
    _register(session, physical, call, arguments, result)
    return Function(physical, arguments)


def _table(definition: _Definition, sandbox: Sandbox, session: Session) -> TableFunction:
    arguments = [_parameter(each, session) for each in definition.arguments]
    columns = [_parameter(each, session) for each in definition.returns.expressions]
    if not columns:
        raise syntax_error("unexpected ')': a table function returns at least one column.")
    for what, parameters in (("arguments", arguments), ("columns", columns)):
        if len(parameters) > _MOST:
            raise compilation_error("001003", f"A table function has at most {_MOST} {what}.")
        names = [each.name for each in parameters]
        if len(set(names)) < len(names):
            raise compilation_error("002025", f"duplicate column name among the {what} of {definition.name[2]}")
    handler = Handler(sandbox, arguments, columns)
    fields = ", ".join(["row BIGINT", *(f"f{number} {each.duck}" for number, each in enumerate(columns))])
    result = f"STRUCT({fields})[]"
    partitions = Partitions(handler, _arrow_type(result, session))
    types: list[Any] = [*_KEY_TYPES, *(each.duck for each in arguments)]
    physical = session.function_name(definition.name[2])
    _register(session, physical, with_parameters(partitions, len(types)), types, result)
    return TableFunction(
        physical,
        [each.duck for each in arguments],
        [each.name for each in columns],
        handler.by_partition,
        partitions.forget,
    )


def _register(
    session: Session, physical: str, call: Callable[..., pa.Array], arguments: list[Any], result: str
) -> None:
    session.duck.create_function(
        physical,
        call,
        arguments,
        result,
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=True,
    )


def _parameter(definition: exp.Expr, session: Session) -> Parameter:
    kind = definition.args["kind"]
    if definition.args.get("constraints"):
        raise unsupported(f"{definition.sql('snowflake')} in the definition of a table function")
    identifier = definition.this
    name = identifier.name if identifier.args.get("quoted") else identifier.name.upper()
    duck = duck_type(kind)
    arrow = _arrow_type(duck, session)
    sql = kind.sql("snowflake").replace("DECIMAL", "NUMBER")
    if not supported(arrow) or kind.this == exp.DataType.Type.TIMESTAMPTZ:
        raise unsupported(f"{sql} as an argument or a column of a table function")
    length = int(kind.expressions[0].name) if pa.types.is_string(arrow) and kind.expressions else None
    return Parameter(name, duck, arrow, sql, length)


def _arrow_type(duck: str, session: Session) -> pa.DataType:
    return session.duck.sql(f"SELECT NULL::{duck} AS x").to_arrow_table().schema.field(0).type
