"""Transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from sqlglot import exp

from onefold_snowflake_emulator.errors import unsupported
from onefold_snowflake_emulator.results.answers import TRANSACTION, Listing, message
from onefold_snowflake_emulator.session import Session

_DONE = "Statement executed successfully."


def transact(tree: exp.Expr, session: Session) -> Listing:
    """Begin, commit or roll back. Outside a transaction, the latter two do nothing.

    Args:
        tree: The statement.
        session: Who runs it.
    """
    if isinstance(tree, exp.Transaction):
        if not session.in_transaction:
            session.duck.begin()
            session.in_transaction = True
    elif isinstance(tree, exp.Commit):
        commit(session)
    elif session.in_transaction:
        session.in_transaction = False
        session.duck.rollback()
    return message(_DONE, TRANSACTION)


def commit(session: Session) -> None:
    """Commit what the session has begun, if it has: DDL does so before it runs.

    Args:
        session: The session.

    Raises:
        SnowflakeError: A statement of the transaction has failed.
    """
    if not session.in_transaction:
        return
    session.in_transaction = False
    try:
        session.duck.execute("SELECT 1")
    except duckdb.TransactionException:
        # DuckDB gives up a transaction in which a statement has failed, and would commit nothing without a word.
        session.duck.rollback()
        raise unsupported("COMMIT of a transaction in which a statement has failed: nothing of it is kept") from None
    session.duck.commit()


def begin_change(session: Session) -> None:
    """Begin a transaction before DML, where the session does not commit by itself.

    Args:
        session: The session.
    """
    if not session.parameters["AUTOCOMMIT"] and not session.in_transaction:
        session.duck.begin()
        session.in_transaction = True


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """Run several statements of DuckDB as one of Snowflake: all of them or none.

    Args:
        session: Who runs them. If it is in a transaction of its own, that one decides.
    """
    if session.in_transaction:
        yield
        return
    session.duck.begin()
    try:
        yield
        session.duck.commit()
    except BaseException:
        _roll_back(session)
        raise


def _roll_back(session: Session) -> None:
    try:
        session.duck.rollback()
    except duckdb.TransactionException:  # an interrupted statement has ended it already
        return
