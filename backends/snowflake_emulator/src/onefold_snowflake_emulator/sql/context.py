"""Rules of functions that tell about the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from fakesnow.transforms import SERVER_VERSION
from sqlglot import exp

from onefold_snowflake_emulator.session import Session

_VALUES: Final[Mapping[str, Callable[[Session], str | None]]] = {
    "CURRENT_ACCOUNT": lambda session: "EMULATOR",
    "CURRENT_ACCOUNT_NAME": lambda session: "EMULATOR",
    "CURRENT_ORGANIZATION_NAME": lambda session: "ONEFOLD",
    "CURRENT_REGION": lambda session: "LOCAL",
    "CURRENT_DATABASE": lambda session: session.database,
    "CURRENT_SCHEMA": lambda session: session.schema,
    "CURRENT_ROLE": lambda session: session.role,
    "CURRENT_WAREHOUSE": lambda session: session.warehouse,
    "CURRENT_USER": lambda session: session.user,
    "CURRENT_SESSION": lambda session: str(session.number),
    "CURRENT_TRANSACTION": lambda session: str(session.number) if session.in_transaction else None,
    "CURRENT_VERSION": lambda session: SERVER_VERSION,
}


def _value(node: exp.Expr, session: Session) -> exp.Expr:
    name = node.name.upper() if isinstance(node, exp.Anonymous) else type(node).sql_name().upper()  # type: ignore[attr-defined]
    if name not in _VALUES:
        return node
    value = _VALUES[name](session)
    return exp.null() if value is None else exp.Literal.string(value)


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Anonymous: _value,
    exp.CurrentAccount: _value,
    exp.CurrentAccountName: _value,
    exp.CurrentDatabase: _value,
    exp.CurrentOrganizationName: _value,
    exp.CurrentRegion: _value,
    exp.CurrentRole: _value,
    exp.CurrentSchema: _value,
    exp.CurrentSession: _value,
    exp.CurrentTransaction: _value,
    exp.CurrentUser: _value,
    exp.CurrentVersion: _value,
    exp.CurrentWarehouse: _value,
}
