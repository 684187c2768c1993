"""Columns of one query whose names differ only in the case of letters from A to Z: to DuckDB they would be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from sqlglot import exp


def kept_apart(tree: exp.Expr) -> Mapping[str, str]:
    """Give columns whose names differ only in case other names, the same one everywhere in a query.

    The name in capitals stays, or the first one where there is none: it may be that of a table's column, and a table has
    only one of them.

    Args:
        tree: The tree of the query. It is changed.

    Returns:
        The names that columns had, by those that they have now.
    """
    found: dict[bytes, dict[str, list[exp.Identifier]]] = {}
    for node in _columns(tree):
        name = node.name if node.args.get("quoted") else node.name.upper()
        found.setdefault(_folded(name), {}).setdefault(name, []).append(node)
    names: dict[str, str] = {}
    for spellings in found.values():
        if len(spellings) == 1:
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


def _columns(tree: exp.Expr) -> Iterator[exp.Identifier]:
    """Yield the identifiers that are names of columns, and not of tables."""
    for node in list(tree.find_all(exp.Identifier)):
        parent = node.parent
        if isinstance(parent, exp.Table) or (isinstance(parent, exp.TableAlias) and node.arg_key == "this"):
            continue
        if not (isinstance(parent, exp.Column) and node.arg_key != "this"):
            yield node


def _folded(name: str) -> bytes:
    """Return what DuckDB compares of a name: it knows no capitals of other letters."""
    return name.encode().lower()
