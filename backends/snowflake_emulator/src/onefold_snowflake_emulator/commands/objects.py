"""CREATE and DROP of tables and views, temporary ones included."""

from __future__ import annotations

from fakesnow import info_schema
from sqlglot import exp

from onefold_snowflake_emulator.commands.transactions import commit
from onefold_snowflake_emulator.errors import compilation_error
from onefold_snowflake_emulator.results.answers import Listing, message
from onefold_snowflake_emulator.session import Session, Temporary
from onefold_snowflake_emulator.sql.names import upper_names
from onefold_snowflake_emulator.sql.parsing import Parsed, render
from onefold_snowflake_emulator.sql.rewriting import rewrite
from onefold_snowflake_emulator.sql.tables import full_name, physical


def create(parsed: Parsed, session: Session) -> Listing:
    """Create a table or a view.

    Args:
        parsed: The statement.
        session: Who runs it.

    Raises:
        SnowflakeError: There is one of that name, and the statement does not say what then.
    """
    tree = parsed.tree.copy()
    kind = str(tree.args["kind"]).capitalize()
    target = _table(tree)
    name = full_name(upper_names(target), session)
    temporary = _take_temporary(tree)
    _cast_columns(tree)
    if not temporary:
        commit(session)  # what is temporary does not end a transaction
        hidden = session.temporaries.pop(name, None)  # the statement is about the lasting table under it
        try:
            rewritten = _with_numbers(rewrite(tree, session), session)
            session.duck.execute(render(rewritten.copy()))
        finally:
            if hidden is not None:
                session.temporaries[name] = hidden
        _comment(rewritten, session, name)
        return message(f"{kind} {name[2]} successfully created.")
    existing = session.temporaries.get(name)
    if existing is not None and tree.args.get("exists"):
        return message(f"{name[2]} already exists, statement succeeded.")
    if existing is not None and not tree.args.get("replace"):
        raise compilation_error("002002", f"Object '{name[2]}' already exists.", "42710")
    # The statement may read the table that it replaces: so a new name first, and then the old one goes.
    made = Temporary(session.temporary_name(name[2]), kind.upper())
    body = _with_numbers(rewrite(tree, session), session)
    _table(body).replace(physical(made.physical))
    body.set("replace", False)
    body.set("exists", False)
    body.set("properties", exp.Properties(expressions=[exp.TemporaryProperty()]))
    session.duck.execute(render(body))
    session.temporaries[name] = made
    if existing is not None:
        _drop(session, existing)
    return message(f"{kind} {name[2]} successfully created.")


def alter(parsed: Parsed, session: Session) -> Listing:
    """Change the columns or the name of a table, one action after the other.

    Args:
        parsed: The statement.
        session: Who runs it.
    """
    commit(session)
    for action in parsed.tree.args.get("actions") or []:
        single = parsed.tree.copy()
        single.set("actions", [action.copy()])
        session.duck.execute(render(rewrite(single, session)))
    return message("Statement executed successfully.")


def drop(parsed: Parsed, session: Session) -> Listing | None:
    """Drop temporary tables or views.

    Args:
        parsed: The statement.
        session: Who runs it.

    Returns:
        The answer, or None if the statement is not about temporary ones.
    """
    tables = parsed.tree.args.get("tables") or []
    if len(tables) != 1 or not isinstance(tables[0], exp.Table):
        return None
    name = full_name(upper_names(tables[0]), session)
    temporary = session.temporaries.get(name)
    if temporary is None or temporary.kind != str(parsed.tree.args["kind"]).upper():
        return None
    del session.temporaries[name]
    _drop(session, temporary)
    return message(f"{name[2]} successfully dropped.")


def _drop(session: Session, temporary: Temporary) -> None:
    session.duck.execute(f"DROP {temporary.kind} {physical(temporary.physical).sql('duckdb')}")


def _cast_columns(tree: exp.Expr) -> None:
    """Give the columns of CREATE TABLE … AS the names and types that the statement lists: DuckDB takes no list."""
    schema, query = tree.this, tree.expression
    if not isinstance(schema, exp.Schema) or query is None or str(tree.args["kind"]).upper() != "TABLE":
        return
    columns = [each for each in schema.expressions if isinstance(each, exp.ColumnDef | exp.Identifier)]
    names = [each.this if isinstance(each, exp.ColumnDef) else each for each in columns]
    source = exp.Subquery(
        this=query.unnest() if isinstance(query, exp.Subquery) else query,
        alias=exp.TableAlias(this=exp.to_identifier("_SF_SOURCE"), columns=[name.copy() for name in names]),
    )
    projections: list[exp.Expr] = []
    for each, name in zip(columns, names, strict=True):
        value: exp.Expr = exp.Column(this=name.copy())
        if isinstance(each, exp.ColumnDef) and each.args.get("kind") is not None:
            value = exp.Cast(this=value, to=each.args["kind"].copy())
        projections.append(exp.Alias(this=value, alias=name.copy()))
    tree.set("this", schema.this)
    tree.set("expression", exp.Select(expressions=projections).from_(source))


def _with_numbers(tree: exp.Expr, session: Session) -> exp.Expr:
    """Make the integers of CREATE TABLE … AS decimals: DuckDB has small ones, and a table of Snowflake's has none."""
    query = tree.expression
    if query is None or str(tree.args["kind"]).upper() != "TABLE":
        return tree
    described = session.duck.execute(f"DESCRIBE {render(query.copy())}").fetchall()
    integers = [
        exp.to_identifier(row[0], quoted=True) for row in described if row[1].endswith("INT") or row[1] == "INTEGER"
    ]
    if integers:
        number = exp.DataType.build("DECIMAL(38, 0)")
        replaced = [
            exp.Alias(this=exp.Cast(this=exp.Column(this=each), to=number.copy()), alias=each.copy())
            for each in integers
        ]
        source = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("_SF_NUMBERS")))
        tree.set("expression", exp.Select(expressions=[exp.Star(replace=replaced)]).from_(source, copy=False))
    return tree


def _table(tree: exp.Expr) -> exp.Table:
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    assert isinstance(target, exp.Table)
    return target


def _take_temporary(tree: exp.Expr) -> bool:
    properties = tree.args.get("properties")
    if properties is None:
        return False
    kept = [each for each in properties.expressions if not isinstance(each, exp.TemporaryProperty)]
    temporary = len(kept) != len(properties.expressions)
    tree.set("properties", exp.Properties(expressions=kept) if kept else None)
    return temporary


def _comment(tree: exp.Expr, session: Session, name: tuple[str, str, str]) -> None:
    if comment := tree.args.get("table_comment"):
        session.duck.execute(info_schema.insert_table_comment_sql(*name, comment[1]))
