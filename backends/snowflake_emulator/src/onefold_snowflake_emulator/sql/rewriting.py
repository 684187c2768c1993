"""Applies the rules of all families to the tree of a statement, in one walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql import (
    arithmetic,
    arrays,
    asof,
    casts,
    context,
    dates,
    domains,
    functions,
    integers,
    names,
    sequences,
    tables,
    texts,
    variants,
)
from onefold_snowflake_emulator.sql.table_functions import rule as table_functions

Rule = Callable[[exp.Expr, Session], exp.Expr]
"""Returns what stands in the place of a node whose children have been rewritten: perhaps the node itself."""


def _by_node(families: Iterable[Mapping[type[exp.Expr], Rule]]) -> dict[type[exp.Expr], tuple[Rule, ...]]:
    rules: dict[type[exp.Expr], tuple[Rule, ...]] = {}
    for family in families:
        for node, rule in family.items():
            rules[node] = (*rules.get(node, ()), rule)
    return rules


_RULES: Final = _by_node(
    (
        names.RULES,
        casts.RULES,
        arithmetic.RULES,
        domains.RULES,
        integers.RULES,
        sequences.RULES,
        dates.RULES,
        texts.RULES,
        asof.RULES,
        context.RULES,
        tables.RULES,
        arrays.RULES,
        functions.RULES,
        table_functions.RULES,
    )
)


def rewrite(tree: exp.Expr, session: Session) -> exp.Expr:
    """Return a tree that DuckDB understands.

    Args:
        tree: The tree of a query, of DML or of a CREATE TABLE or VIEW. It is changed.
        session: The session that runs it.

    Returns:
        The rewritten tree.

    Raises:
        SnowflakeError: The statement uses a thing that the emulator cannot do.
    """
    # Breadth first, backwards: every node after its children, so that a rule sees what they became.
    for node in reversed(list(tree.walk())):
        current = node
        for rule in _RULES.get(type(node), ()):
            replacement = rule(current, session)
            if replacement is current:
                continue
            if current is tree:
                tree = replacement
            else:
                current.replace(replacement)
            current = replacement
            if type(current) is not type(node):
                break
    return variants.rewrite(tree, session)
