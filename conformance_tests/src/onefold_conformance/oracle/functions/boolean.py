"""Boolean logic with three values: null stands for "not known"."""

from __future__ import annotations

from collections.abc import Mapping

from onefold_conformance.oracle.interface import Application, FunctionRule

__all__ = ["RULES", "all_of", "any_of"]


def all_of(*values: bool | None) -> bool | None:
    """Return false when a value is false; else null when one is null; else true."""
    if False in values:
        return False
    return None if None in values else True


def any_of(*values: bool | None) -> bool | None:
    """Return true when a value is true; else null when one is null; else false."""
    if True in values:
        return True
    return None if None in values else False


def conjunction(call: Application, *values: bool | None) -> bool | None:
    """Return whether all arguments are true."""
    return all_of(*values)


def disjunction(call: Application, *values: bool | None) -> bool | None:
    """Return whether an argument is true."""
    return any_of(*values)


def negation(call: Application, value: bool) -> bool:
    """Return the other truth value."""
    return not value


def exclusive(call: Application, left: bool, right: bool) -> bool:
    """Return whether exactly one of two arguments is true."""
    return left != right


RULES: Mapping[str, FunctionRule] = {"and": conjunction, "or": disjunction, "not": negation, "xor": exclusive}
