"""Columns of one query whose names differ only in the case of letters from A to Z: to DuckDB they would be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from sqlglot import exp


def kept_apart(tree: exp.Expr) -> Mapping[str, str]:
    """Give columns whose names differ only in case other names, the same one everywhere in a query.

    That is only so where rows have both of them: one name for the column of a table, and another for what a query makes
    of it, are one to DuckDB without harm. The name in capitals stays, or the first one where there is none: it may be that
    of a table's column, and a table has only one of them.

    Args:
        tree: The tree of the query. It is changed.

    Returns:
        The names that columns had, by those that they have now.
    """
    found: dict[bytes, dict[str, list[exp.Identifier]]] = {}
    for node in _columns(tree):
        name = _spelled(node)
        found.setdefault(_folded(name), {}).setdefault(name, []).append(node)
    names: dict[str, str] = {}
    together = _together(tree)
    for folded, spellings in found.items():
        if len(spellings) == 1 or folded not in together:
            continue
        kept = next((name for name in spellings if name == name.upper()), next(iter(spellings)))
        numbers = count(2)
        for name, nodes in spellings.items():
            if name == kept:
                continue
            given = next(new for number in numbers if _folded(new := f"{name}·{number}") not in found)
            names[given] = name
            for node in nodes:
                node.replace(exp.to_identifier(given, quoted=True))
    return names


def _together(tree: exp.Expr) -> set[bytes]:
    """Return the names of which some rows have several that differ only in case."""
    found: set[bytes] = set()
    for node in tree.find_all(exp.Select, exp.TableAlias):
        if isinstance(node, exp.Select):
            items = [item.args["alias"] if isinstance(item, exp.Alias) else item.this for item in node.expressions]
        else:
            items = node.args.get("columns") or []
        names = {_spelled(item) for item in items if isinstance(item, exp.Identifier)}
        seen: set[bytes] = set()
        for name in map(_folded, names):
            (found if name in seen else seen).add(name)
    return found


def _columns(tree: exp.Expr) -> Iterator[exp.Identifier]:
    """Yield the identifiers that are names of columns, and not of tables."""
    for node in list(tree.find_all(exp.Identifier)):
        parent = node.parent
        if isinstance(parent, exp.Table) or (isinstance(parent, exp.TableAlias) and node.arg_key == "this"):
            continue
        if not (isinstance(parent, exp.Column) and node.arg_key != "this"):
            yield node


def _spelled(identifier: exp.Identifier) -> str:
    """Return the name that an identifier is in Snowflake."""
    return identifier.name if identifier.args.get("quoted") else identifier.name.upper()


def _folded(name: str) -> bytes:
    """Return what DuckDB compares of a name: it knows no capitals of other letters."""
    return name.encode().lower()
