"""What the backend states about itself.

A capability that is not named here is not offered: a plan that needs it is refused before anything runs, and the
conformance suite insists on that. So declare what works, and nothing that does not work yet.
"""

from __future__ import annotations

from onefold.contract import Capabilities, Capability, Full

__all__ = ["CAPABILITIES"]

_TYPES = ("bool", "int64", "float64", "string", "binary", "date32", "timestamp", "timestamp_utc", "decimal128", "list")

_STATEMENTS: dict[str, Capability] = {
    "relation.input": Full(),  # rows that are bound when a plan runs
    "relation.project": Full(),
    "relation.limit": Full(),
    "relation.union": Full(),
    "expression.column": Full(),  # the only expression: no literals, no functions, no casts
    "schema.case_sensitive_names": Full(),  # "a" and "A" are two columns
    **{f"type.{name}": Full() for name in (*_TYPES, "struct")},
    # What is done by other means than the engine's own is Emulated(how=...); what can not be done is
    # Unsupported(reason=...), which users get to read; what is still to be done is left out.
}

CAPABILITIES = Capabilities("template", _STATEMENTS)
"""What template offers."""
