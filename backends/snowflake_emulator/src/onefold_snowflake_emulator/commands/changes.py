"""DML: INSERT, UPDATE, DELETE, TRUNCATE and MERGE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from onefold_snowflake_emulator.commands.transactions import transaction
from onefold_snowflake_emulator.results.answers import DELETE, INSERT, MERGE, UPDATE, Listing, counts, message
from onefold_snowflake_emulator.results.columns import Column
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.parsing import Parsed, render
from onefold_snowflake_emulator.sql.rewriting import rewrite


def change(parsed: Parsed, session: Session, batches: Sequence[Sequence[Any]]) -> Listing:
    """Run an INSERT, UPDATE, DELETE or TRUNCATE.

    Args:
        parsed: The statement.
        session: Who runs it.
        batches: The values of the placeholders, once per row where the client sent many.
    """
    tree = parsed.fresh()
    overwrite = isinstance(tree, exp.Insert) and bool(tree.args.get("overwrite"))
    if overwrite:
        tree.set("overwrite", False)
    rewritten = rewrite(tree, session)
    if overwrite:
        return _overwrite(rewritten, session, batches)
    return _counted(rewritten, _run(render(rewritten), session, batches))


def _run(text: str, session: Session, batches: Sequence[Sequence[Any]]) -> int:
    if not batches:
        return _affected(session.duck.execute(text).fetchone())
    return sum(_affected(session.duck.execute(text, list(values)).fetchone()) for values in batches)


def _affected(row: tuple[Any, ...] | None) -> int:
    return int(row[0]) if row else 0


def _counted(tree: exp.Expr, count: int) -> Listing:
    if isinstance(tree, exp.Insert):
        return counts(INSERT, number_of_rows_inserted=count)
    if isinstance(tree, exp.Update):
        return _updated(count)
    if isinstance(tree, exp.Delete):
        return counts(DELETE, number_of_rows_deleted=count)
    return message("Statement executed successfully.")


def _updated(count: int) -> Listing:
    names = ("number of rows updated", "number of multi-joined rows updated")
    return Listing([Column(name, "fixed", 19, 0) for name in names], [[str(count), "0"]], UPDATE)


def _overwrite(tree: exp.Expr, session: Session, batches: Sequence[Sequence[Any]]) -> Listing:
    """Empty the table and fill it, both or neither."""
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    emptied = render(exp.Delete(this=target.copy()))
    inserted = render(tree)
    with transaction(session):
        session.duck.execute(emptied)
        return counts(INSERT, number_of_rows_inserted=_run(inserted, session, batches))


def merge(parsed: Parsed, session: Session, bindings: Sequence[Any]) -> Listing:
    """Run a MERGE. DuckDB refuses, as Snowflake does, to change a row for two rows of the source.

    Args:
        parsed: The statement.
        session: Who runs it.
        bindings: The values of its placeholders.
    """
    tree = parsed.tree.copy()
    actions = [_action(when) for when in tree.find_all(exp.When)]
    for assignment in [each for update in tree.find_all(exp.Update) for each in update.expressions]:
        if isinstance(assignment.this, exp.Column):
            assignment.this.set("table", None)  # the target is the only table that can be meant
    text = render(rewrite(tree, session))
    done = session.duck.execute(f"{text} RETURNING merge_action", list(bindings) or None).fetchall()
    taken = Counter(str(row[0]).lower() for row in done)
    named = {"insert": "inserted", "update": "updated", "delete": "deleted"}
    columns = [Column(f"number of rows {named[each]}", "fixed", 19, 0) for each in named if each in actions]
    return Listing(columns, [[str(taken[each]) for each in named if each in actions]], MERGE)


def _action(when: exp.Expr) -> str:
    then = when.args["then"]
    if isinstance(then, exp.Insert):
        return "insert"
    return "update" if isinstance(then, exp.Update) else "delete"


def described(what: str) -> Listing:
    """Return the column of the answer of an INSERT, UPDATE or DELETE, and no rows.

    Args:
        what: What happens to the rows: `inserted`, for example.
    """
    kinds = {"inserted": INSERT, "updated": UPDATE, "deleted": DELETE}
    return Listing([Column(f"number of rows {what}", "fixed", 19, 0)], [], kinds[what])
