"""Queries: rewritten, run by DuckDB, and read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import duckdb
import pyarrow as pa
from sqlglot import exp

from onefold_snowflake_emulator.results.answers import CHUNK_ROWS, Rows
from onefold_snowflake_emulator.results.columns import from_description, outermost, time_hints
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.letters import kept_apart
from onefold_snowflake_emulator.sql.parsing import Parsed, render
from onefold_snowflake_emulator.sql.rewriting import rewrite

_LARGEST_BATCH: Final = CHUNK_ROWS


def query(parsed: Parsed, session: Session, bindings: Sequence[Any], chunk_rows: int | None) -> Rows:
    """Start a query.

    Args:
        parsed: The query.
        session: Who runs it.
        bindings: The values of its placeholders.
        chunk_rows: How long chunks are, None if the server chooses.
    """
    hints = time_hints(parsed.tree)
    tree = _named(parsed.fresh())
    names = kept_apart(tree)
    relation = session.duck.sql(render(rewrite(tree, session)), params=list(bindings) or None)
    described = [(names.get(name, name), kind) for name, kind in zip(relation.columns, relation.types, strict=True)]
    columns = from_description(described, hints)
    return Rows(columns, _batches(relation, min(chunk_rows or _LARGEST_BATCH, _LARGEST_BATCH)))


def _batches(relation: duckdb.DuckDBPyRelation, rows: int) -> Iterator[pa.RecordBatch]:
    # DuckDB makes the rows while they are read: no more than a few batches of them are in memory.
    yield from relation.to_arrow_reader(max(rows, 1024))


def _named(tree: exp.Expr) -> exp.Expr:
    """Give the columns that the query does not name the text of their expressions, before that is rewritten."""
    select = outermost(tree)
    for each in list(select.expressions) if select is not None else []:
        if not isinstance(each, exp.Alias | exp.Column | exp.Star | exp.Dot) and not each.is_star:
            name = exp.to_identifier(each.sql("snowflake").upper(), quoted=True)
            each.replace(exp.Alias(this=each.copy(), alias=name))
    return tree


def describe(parsed: Parsed, session: Session) -> Rows:
    """Return the columns of a query, and no rows.

    Args:
        parsed: The query.
        session: Who asks.
    """
    hints = time_hints(parsed.tree)
    tree = _named(parsed.fresh())
    for placeholder in list(tree.find_all(exp.Placeholder)):
        placeholder.replace(exp.null())
    names = kept_apart(tree)
    described = session.duck.execute(f"DESCRIBE {render(rewrite(tree, session))}").fetchall()
    return Rows(from_description([(names.get(row[0], row[0]), row[1]) for row in described], hints), iter(()))
