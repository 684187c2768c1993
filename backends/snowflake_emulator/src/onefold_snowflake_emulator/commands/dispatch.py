"""Chooses what runs a statement."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from onefold_snowflake_emulator.commands import (
    changes,
    copying,
    metadata,
    objects,
    queries,
    settings,
    staging,
    transactions,
    udfs,
)
from onefold_snowflake_emulator.results.answers import Answer, Earlier, Listing, Rows, message
from onefold_snowflake_emulator.results.columns import Column
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.gate import check
from onefold_snowflake_emulator.sql.parsing import Parsed, parse
from onefold_snowflake_emulator.stages import Stages

_QUERIES: Final = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values)
_CHANGES: Final = (exp.Insert, exp.Update, exp.Delete, exp.TruncateTable)
_TRANSACTIONS: Final = (exp.Transaction, exp.Commit, exp.Rollback)
_ACTIONS: Final = (exp.ColumnDef, exp.Drop, exp.AlterRename, exp.RenameColumn)
_SCAN: Final = re.compile(
    r"\s*SELECT\s+\*\s+FROM\s+TABLE\s*\(\s*RESULT_SCAN\s*\(\s*(?:'(?P<id>[^']+)'|LAST_QUERY_ID\s*\(\s*\))\s*\)\s*\)\s*;?\s*",
    re.IGNORECASE,
)
_CANCEL: Final = re.compile(
    r"\s*(?:SELECT|CALL)\s+SYSTEM\$(?P<what>CANCEL_QUERY|CANCEL_ALL_QUERIES|ABORT_SESSION)\s*\(\s*'?(?P<id>[^')]*)'?\s*\)\s*;?\s*",
    re.IGNORECASE,
)
_PARAMETERS: Final = re.compile(r"\s*SHOW\s+PARAMETERS(\s+(IN|FOR)\s+SESSION)?\s*;?\s*", re.IGNORECASE)
_FILES: Final = re.compile(r"\s*(?:LIST|LS|REMOVE|RM)\s+'?@", re.IGNORECASE)


@dataclass(frozen=True)
class Services:
    """What statements need of the server.

    Attributes:
        stages: The stages.
        address: The address under which clients reach the server.
        chunk_rows: How long chunks are, None if the server chooses.
        strict: Whether what Snowflake refuses is refused.
        changing: Held by DML outside a transaction: Snowflake lets it wait for its turn, DuckDB would let it fail.
        cancel: Cancels the statement of a number, or all of a session; returns how many there were.
        earlier: Returns the answer of the statement of a number, or of the session's last one, None if there is none.
    """

    stages: Stages
    address: str
    chunk_rows: int | None
    strict: bool
    changing: threading.Lock
    cancel: Callable[[str, Session], int]
    earlier: Callable[[str | None, Session], dict[str, Any] | None]


def run(
    text: str, session: Session, services: Services, batches: Sequence[Sequence[Any]], *, describe_only: bool
) -> Answer:
    """Run a statement.

    Args:
        text: The statement.
        session: Who runs it.
        services: What the server has.
        batches: The values of the placeholders; many where the client sent one statement for many rows.
        describe_only: Whether only the columns are asked for.

    Returns:
        Its answer.

    Raises:
        SnowflakeError: The statement is refused or fails.
    """
    if special := _special(text, session, services):
        return special
    parsed = parse(text)
    if services.strict:
        check(parsed, session)
    tree = parsed.tree
    bindings = batches[0] if batches else ()
    if isinstance(tree, _QUERIES):
        if describe_only:
            return queries.describe(parsed, session)
        return queries.query(parsed, session, bindings, services.chunk_rows)
    if describe_only:
        return _described(tree)
    if isinstance(tree, (*_CHANGES, exp.Merge, exp.Copy)):
        transactions.begin_change(session)
        with nullcontext() if session.in_transaction else services.changing:
            return _changed(parsed, session, services, batches)
    if isinstance(tree, _TRANSACTIONS):
        return transactions.transact(tree, session)
    if isinstance(tree, exp.Put):
        return staging.put(tree, session, services.stages, services.address)
    return _defined(parsed, session, services, bindings)


def _changed(parsed: Parsed, session: Session, services: Services, batches: Sequence[Sequence[Any]]) -> Answer:
    if isinstance(parsed.tree, exp.Copy):
        return copying.copy(parsed, session, services.stages)
    if isinstance(parsed.tree, exp.Merge):
        return changes.merge(parsed, session, batches[0] if batches else ())
    return changes.change(parsed, session, batches)


def cancels(text: str) -> bool:
    """Return whether a statement cancels others, and so must not wait for them.

    Args:
        text: The statement.
    """
    return "$" in text and _CANCEL.fullmatch(text) is not None


def _special(text: str, session: Session, services: Services) -> Answer | None:
    if "$" in text and (match := _CANCEL.fullmatch(text)):
        number = services.cancel(match["id"] if match["what"].upper() == "CANCEL_QUERY" else "", session)
        answer = "query [{}] terminated." if number else "Invalid query id [{}]: it does not run."
        told = answer.format(match["id"]) if match["what"].upper() == "CANCEL_QUERY" else f"{number} cancelled."
        return message(told)
    if _PARAMETERS.fullmatch(text):
        return settings.show(session)
    if _FILES.match(text):
        return staging.files(text, session, services.stages)
    if "(" in text and (match := _SCAN.fullmatch(text)):
        data = services.earlier(match["id"], session)
        if data is not None:
            return Earlier(data)
    return None


def _defined(parsed: Parsed, session: Session, services: Services, bindings: Sequence[Any]) -> Answer:
    tree = parsed.tree
    kind = str(tree.args.get("kind") or "").upper()
    if isinstance(tree, exp.Create):
        if kind in ("TABLE", "VIEW"):
            return objects.create(parsed, session)
        if kind == "FUNCTION":
            return udfs.create(tree, session)
        if kind == "STAGE":
            return staging.create(tree, session, services.stages)
    if isinstance(tree, exp.Drop):
        if kind in ("TABLE", "VIEW") and (dropped := objects.drop(parsed, session)) is not None:
            return dropped
        if kind == "FUNCTION":
            return udfs.drop(tree, session)
        if kind == "STAGE":
            return staging.drop(tree, session, services.stages)
    if isinstance(tree, exp.Alter) and kind == "SESSION":
        return settings.alter(tree, session)
    if (
        isinstance(tree, exp.Alter)
        and kind == "TABLE"
        and all(isinstance(each, _ACTIONS) for each in tree.args["actions"])
    ):
        return objects.alter(parsed, session)
    if isinstance(tree, exp.Use):
        return settings.use(tree, session)
    if isinstance(tree, exp.Describe) and (described := metadata.describe_temporary(tree, session)) is not None:
        return described
    return metadata.run(parsed, session, bindings)


def _described(tree: exp.Expr) -> Rows | Listing:
    """Return the columns of what is no query."""
    if isinstance(tree, exp.Insert):
        return changes.described("inserted")
    if isinstance(tree, exp.Update):
        return changes.described("updated")
    if isinstance(tree, exp.Delete):
        return changes.described("deleted")
    return Listing([Column("status", "text")], [], 0x6000)
