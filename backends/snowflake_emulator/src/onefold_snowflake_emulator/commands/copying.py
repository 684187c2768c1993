"""COPY INTO a table from Parquet files of a stage: all rows of all files, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlglot import exp

from onefold_snowflake_emulator.commands.staging import matching
from onefold_snowflake_emulator.commands.transactions import transaction
from onefold_snowflake_emulator.errors import SnowflakeError, compilation_error, unsupported
from onefold_snowflake_emulator.results.answers import COPY, Listing, message
from onefold_snowflake_emulator.results.columns import Column
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.parsing import Parsed, render
from onefold_snowflake_emulator.sql.rewriting import rewrite
from onefold_snowflake_emulator.stages import Stages

_FORMAT_OPTIONS: Final = frozenset(
    (
        "TYPE",
        "COMPRESSION",
        "SNAPPY_COMPRESSION",
        "BINARY_AS_TEXT",
        "USE_LOGICAL_TYPE",
        "USE_VECTORIZED_SCANNER",
        "TRIM_SPACE",
        "REPLACE_INVALID_CHARACTERS",
    )
)
_COLUMNS: Final = (
    "file",
    "status",
    "rows_parsed",
    "rows_loaded",
    "error_limit",
    "errors_seen",
    "first_error",
    "first_error_line",
    "first_error_character",
    "first_error_column_name",
)
_COUNTED: Final = frozenset(("rows_parsed", "rows_loaded", "error_limit", "errors_seen"))


def copy(parsed: Parsed, session: Session, stages: Stages) -> Listing:
    """Load files into a table.

    Args:
        parsed: The statement.
        session: Who runs it.
        stages: The stages of the server.

    Raises:
        SnowflakeError: A row cannot be loaded, an option is none, or the form is one that the emulator does not know.
    """
    tree = parsed.tree.copy()
    options = _options(tree)
    source = tree.args["files"][0]
    select = source.this if isinstance(source, exp.Subquery) else None
    folder, prefix = stages.resolve(_reference(source, select), session)
    found = _chosen(matching(folder, prefix), folder, options.get("FILES"))
    if not found:
        return message("Copy executed with 0 files processed.", COPY)
    types = _described(session, found)
    _check_types(types, options)
    body = _transformed(select, types) if select is not None else _matched(tree, session, types, options)
    rewritten = rewrite(exp.Insert(this=tree.this, expression=body), session)
    for table in list(rewritten.find_all(exp.Table)):
        if table.name == _PLACE:
            table.replace(exp.Table(this=_read(found)))
    with transaction(session):
        session.duck.execute(render(rewritten))
    rows = [_loaded(each, folder, session) for each in found]
    if options.get("PURGE"):
        for each in found:
            each.unlink(missing_ok=True)
    columns = [Column(name, "fixed", 38, 0) if name in _COUNTED else Column(name, "text") for name in _COLUMNS]
    return Listing(columns, rows, COPY)


_PLACE: Final = "__ONEFOLD_FILES__"
"""The name of the table that stands for the files until the statement has been rewritten."""


def _reference(source: exp.Expr, select: exp.Expr | None) -> str:
    if select is None:
        return str(source.this.name if isinstance(source, exp.Table) else source.name)
    from_ = select.args.get("from_")
    if from_ is None or not isinstance(from_.this, exp.Table):
        raise compilation_error("001003", "syntax error: COPY needs FROM @stage.")
    return str(from_.this.this.name)


def _options(tree: exp.Expr) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for parameter in tree.args.get("params") or []:
        name = parameter.this.name.upper()
        match name:
            case "FILE_FORMAT":
                options |= _format(parameter)
            case "PURGE" | "FORCE":
                options[name] = _flag(parameter.expression, default=True)
            case "ON_ERROR":
                if parameter.expression.name.upper() != "ABORT_STATEMENT":
                    raise unsupported(f"COPY INTO with ON_ERROR = {parameter.expression.name}")
            case "MATCH_BY_COLUMN_NAME":
                options[name] = parameter.expression.name.upper()
            case "FILES":
                options[name] = [literal.name for literal in parameter.find_all(exp.Literal)]
            case _:
                raise unsupported(f"COPY INTO with {name}")
    if str(options.get("TYPE", "CSV")).upper() != "PARQUET":
        raise unsupported("COPY INTO from files that are not Parquet")
    return options


def _format(parameter: exp.Expr) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in parameter.expressions:
        name = each.this.name.upper()
        if name not in _FORMAT_OPTIONS:
            raise unsupported(f"FILE_FORMAT with {name}")
        value = each.args["value"]
        found[name] = bool(value.this) if isinstance(value, exp.Boolean) else value.name.upper()
    return found


def _flag(value: exp.Expr | None, *, default: bool) -> bool:
    if value is None:
        return default
    return bool(value.this) if isinstance(value, exp.Boolean) else value.name.upper() == "TRUE"


def _chosen(found: list[Path], folder: Path, names: list[str] | None) -> list[Path]:
    if names is None:
        return found
    chosen = [each for each in found if each.relative_to(folder).as_posix() in names or each.name in names]
    if len(chosen) < len(names):
        raise SnowflakeError("091016", "22000", f"Remote file was not found: {', '.join(names)}")
    return chosen


def _read(found: list[Path]) -> exp.Expr:
    paths = [exp.Literal.string(str(each)) for each in found]
    union = exp.EQ(this=exp.to_identifier("union_by_name"), expression=exp.true())
    return exp.Anonymous(this="read_parquet", expressions=[exp.Array(expressions=paths), union])


def _described(session: Session, found: list[Path]) -> dict[str, str]:
    text = f"DESCRIBE SELECT * FROM {_read(found).sql('duckdb')}"
    return {row[0]: row[1] for row in session.duck.execute(text).fetchall()}


def _check_types(types: Mapping[str, str], options: Mapping[str, Any]) -> None:
    """Refuse files whose columns Snowflake would read as something else."""
    for name, kind in types.items():
        if kind.startswith(("TIMESTAMP", "DATE", "TIME")) and not options.get("USE_LOGICAL_TYPE"):
            raise unsupported(f"reading column '{name}' ({kind}) without USE_LOGICAL_TYPE = TRUE")
        if kind == "BLOB" and options.get("BINARY_AS_TEXT", True):
            raise unsupported(f"reading column '{name}' (BINARY) without BINARY_AS_TEXT = FALSE")


def _transformed(select: exp.Expr, types: Mapping[str, str]) -> exp.Expr:
    """Return the query of the statement with `$1:"name"` as the column of that very name, or NULL if there is none."""
    for extract in list(select.find_all(exp.JSONExtract)):
        keys = [part for part in extract.expression.expressions if isinstance(part, exp.JSONPathKey)]
        if not isinstance(extract.this, exp.Parameter) or len(keys) != 1:
            raise unsupported(f"COPY INTO with {extract.sql('snowflake')}")
        name = str(keys[0].this)
        extract.replace(exp.column(name, quoted=True) if name in types else exp.null())
    place = exp.Table(this=exp.to_identifier(_PLACE, quoted=True), db=None)
    select.args["from_"].set("this", place)
    return select


def _matched(tree: exp.Expr, session: Session, types: Mapping[str, str], options: Mapping[str, Any]) -> exp.Expr:
    """Return a query that gives every column of the table the column of the files with its name, or NULL."""
    how = options.get("MATCH_BY_COLUMN_NAME", "NONE")
    if how not in ("CASE_SENSITIVE", "CASE_INSENSITIVE"):
        message_ = (
            "PARQUET file format can produce one and only one column of type variant, object, or array. Load data into "
            "separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation."
        )
        raise compilation_error("002019", message_, "0A000")
    names = types if how == "CASE_SENSITIVE" else {name.upper(): name for name in types}
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    described = session.duck.execute(f"DESCRIBE {render(rewrite(target.copy(), session))}").fetchall()
    columns = []
    for row in described:
        key = row[0] if how == "CASE_SENSITIVE" else row[0].upper()
        found = (key if how == "CASE_SENSITIVE" else names[key]) if key in names else None
        columns.append(exp.column(found, quoted=True) if found is not None else exp.null())
    return exp.select(*columns).from_(exp.Table(this=exp.to_identifier(_PLACE, quoted=True)))


def _loaded(file: Path, folder: Path, session: Session) -> list[str | None]:
    # All of the result is fetched: DuckDB does nothing else on a connection that has some left.
    ((counted,),) = session.duck.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(file)]).fetchall()
    rows = str(counted)
    return [file.relative_to(folder).as_posix(), "LOADED", rows, rows, "1", "0", None, None, None, None]
