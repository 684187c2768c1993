"""CREATE STAGE, DROP STAGE, PUT, LIST and REMOVE."""

from __future__ import annotations

import hashlib
import re
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from sqlglot import exp

from onefold_snowflake_emulator.errors import compilation_error, syntax_error
from onefold_snowflake_emulator.results.answers import SHOW, Listing, Upload, message
from onefold_snowflake_emulator.results.columns import Column
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.names import upper_names
from onefold_snowflake_emulator.sql.tables import full_name
from onefold_snowflake_emulator.stages import Stages

_FILES: Final = re.compile(r"\s*(?:LIST|LS|REMOVE|RM)\s+'?(?P<stage>@[^';]+)'?", re.IGNORECASE)


def create(tree: exp.Expr, session: Session, stages: Stages) -> Listing:
    """Create an internal stage.

    Args:
        tree: The statement.
        session: Who runs it.
        stages: The stages of the server.
    """
    name = full_name(upper_names(tree), session)
    properties = tree.args.get("properties")
    temporary = properties is not None and any(
        isinstance(each, exp.TemporaryProperty) for each in properties.expressions
    )
    made = stages.create(
        name,
        session.number if temporary else None,
        replace=bool(tree.args.get("replace")),
        exists=bool(tree.args.get("exists")),
    )
    if not made and tree.args.get("exists"):
        return message(f"{name[2]} already exists, statement succeeded.")
    return message(f"Stage area {name[2]} successfully created.")


def drop(tree: exp.Expr, session: Session, stages: Stages) -> Listing:
    """Drop a stage and its files.

    Args:
        tree: The statement.
        session: Who runs it.
        stages: The stages of the server.
    """
    name = full_name(upper_names(tree), session)
    stages.drop(name, session.number, exists=bool(tree.args.get("exists")))
    return message(f"{name[2]} successfully dropped.")


def put(tree: exp.Expr, session: Session, stages: Stages, address: str) -> Upload:
    """Tell a client where to upload a file.

    The client uploads over HTTP, through what it takes for a presigned address of Google's storage: the one kind that
    it uses as it is, so that its own code for compressing, retrying and uploading runs.

    Args:
        tree: The statement.
        session: Who runs it.
        stages: The stages of the server.
        address: The address of the server.

    Raises:
        SnowflakeError: There is no such stage, or an option is none.
    """
    reference = tree.args["target"].name.strip("'")
    folder, path = stages.resolve(reference, session)
    source = unquote(re.sub(r"^file://", "", tree.this.name))
    options = _options(tree)
    directory = folder / path if path else folder
    relative = stages.relative(directory / Path(source).name)
    return Upload(
        {
            "command": "UPLOAD",
            "src_locations": [source],
            "parallel": int(options["PARALLEL"]),
            "autoCompress": bool(options["AUTO_COMPRESS"]),
            "sourceCompression": str(options["SOURCE_COMPRESSION"]).lower(),
            "overwrite": bool(options["OVERWRITE"]),
            "stageInfo": {
                "locationType": "GCS",
                "location": f"{reference.lstrip('@')}/",
                "creds": {},
                "presignedUrl": f"{address}/stages/{quote(relative)}",
            },
        }
    )


def _options(tree: exp.Expr) -> dict[str, Any]:
    options: dict[str, Any] = {
        "PARALLEL": 4,
        "AUTO_COMPRESS": True,
        "SOURCE_COMPRESSION": "AUTO_DETECT",
        "OVERWRITE": False,
    }
    properties = tree.args.get("properties")
    for each in properties.expressions if properties is not None else []:
        name = each.this.name.upper()
        if name not in options:
            raise compilation_error("001006", f"invalid property '{name}' for 'PUT'", "42601")
        value = each.args["value"]
        options[name] = bool(value.this) if isinstance(value, exp.Boolean) else value.name
    return options


def files(text: str, session: Session, stages: Stages) -> Listing:
    """List or remove the files of a stage.

    Args:
        text: The statement.
        session: Who runs it.
        stages: The stages of the server.
    """
    match = _FILES.match(text)
    if match is None:
        raise syntax_error(f"in {text}")
    folder, path = stages.resolve(match["stage"], session)
    found = matching(folder, path)
    if re.match(r"\s*(?:REMOVE|RM)\b", text, re.IGNORECASE):
        for each in found:
            each.unlink(missing_ok=True)
        columns = [Column("name", "text"), Column("result", "text")]
        return Listing(columns, [[_name(each, folder), "removed"] for each in found], SHOW)
    columns = [
        Column("name", "text"),
        Column("size", "fixed", 38, 0),
        Column("md5", "text"),
        Column("last_modified", "text"),
    ]
    return Listing(columns, [_listed(each, folder) for each in found], SHOW)


def matching(folder: Path, prefix: str) -> list[Path]:
    """Return the files of a stage whose path begins with a prefix, in order.

    Args:
        folder: The folder of the stage.
        prefix: The prefix.
    """
    found = (each for each in folder.rglob("*") if each.is_file())
    return sorted(each for each in found if each.relative_to(folder).as_posix().startswith(prefix))


def _name(file: Path, folder: Path) -> str:
    return f"{folder.name.split('-', 1)[1].lower()}/{file.relative_to(folder).as_posix()}"


def _listed(file: Path, folder: Path) -> list[str | None]:
    digest = hashlib.md5(usedforsecurity=False)
    with file.open("rb") as opened:
        while block := opened.read(1 << 20):
            digest.update(block)
    status = file.stat()
    return [_name(file, folder), str(status.st_size), digest.hexdigest(), formatdate(status.st_mtime, usegmt=True)]
