"""Which calls there are in FROM, and which of them are refused."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from onefold_snowflake_emulator.errors import SnowflakeError, compilation_error, unsupported
from onefold_snowflake_emulator.session import Session, TableFunction
from onefold_snowflake_emulator.sql.functions import call_parts, find


@dataclass(frozen=True)
class Call:
    """A call of a table function in FROM.

    Attributes:
        function: The function.
        arguments: Its arguments.
        partition_by: What it is partitioned by: columns and literals.
        order_by: What its rows are ordered by.
        is_windowed: Whether it has an OVER clause, perhaps an empty one.
        alias: What the statement calls its rows.
        columns: The names of its columns, and the fields of the struct that they are.
    """

    function: TableFunction
    arguments: list[exp.Expr]
    partition_by: list[exp.Expr]
    order_by: list[exp.Expr]
    is_windowed: bool
    alias: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Sources:
    """What a FROM with a call has.

    Attributes:
        left: The table beside the call, None if the call stands alone.
        name: What the statement calls that table, and so what the derived table is called.
        call: The call.
        later: What is joined to both.
    """

    left: exp.Expr | None
    name: str
    call: Call
    later: list[exp.Expr]


def find_call(source: exp.Expr, session: Session) -> Call | None:
    """Return the call of a user's table function that a source of rows is.

    Args:
        source: What FROM names.
        session: Who runs the statement.

    Returns:
        The call, or None if it is none.

    Raises:
        SnowflakeError: Snowflake would refuse the call, or the emulator cannot run it.
    """
    if not isinstance(source, exp.TableFromRows):
        return None
    window = source.this if isinstance(source.this, exp.Window) else None
    found = call_parts(window.this if window is not None else source.this)
    function = find(found[0], session) if found is not None else None
    if found is None or not isinstance(function, TableFunction):
        return None
    parts, call = found
    keys, order = (window.args.get("partition_by"), window.args.get("order")) if window is not None else (None, None)
    if any(isinstance(each, exp.Kwarg | exp.PropertyEQ) for each in call.expressions):
        raise unsupported("arguments of a table function by name")
    if len(call.expressions) != len(function.arguments):
        raise compilation_error("002141", f"invalid number of arguments for function [{parts[-1]}]", "42601")
    if function.by_partition and not keys:
        raise _refused(f"{parts[-1]} has a vectorized end_partition: it is called with a PARTITION BY clause.")
    if not all(isinstance(each, exp.Column | exp.Literal) for each in keys or ()):
        raise _refused("The PARTITION BY of a table function is a column or a literal, and no other expression.")
    alias = source.args.get("alias")
    named = [each.name for each in alias.columns] if alias is not None and alias.columns else function.columns
    if len(named) != len(function.columns):
        raise compilation_error("002020", f"{len(named)} names for {len(function.columns)} columns", "42601")
    if len(set(named)) < len(named):
        raise compilation_error("002025", f"duplicate column name in {source.alias}", "42601")
    columns = {column: f"f{number}" for number, column in enumerate(named)}
    orders = list(order.expressions) if order is not None else []
    return Call(function, call.expressions, keys or [], orders, window is not None, source.alias or parts[-1], columns)


def _refused(why: str) -> SnowflakeError:
    return compilation_error("002262", why, "0A000")
