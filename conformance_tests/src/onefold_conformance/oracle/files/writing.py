"""Writing rows as a directory of Parquet files."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet

from onefold.errors import ConfigurationError
from onefold.plan import Sink

__all__ = ["write_parquet"]


def write_parquet(table: pa.Table, sink: Sink) -> None:
    """Write a table into the directory of a sink; on failure the directory is as it was.

    Args:
        table: The rows.
        sink: The directory, its mode, and the columns that become hive partitions.

    Raises:
        ConfigurationError: If the target exists and may not be changed, it is partitioned by other columns, or all
            columns are partitions.
    """
    target = Path(sink.path)
    occupied = target.is_dir() and any(target.iterdir())
    if (target.exists() and not target.is_dir()) or (occupied and sink.mode == "error"):
        raise ConfigurationError(f"{sink.path!r} exists already. Choose another path or another mode.")
    if set(sink.partition_by) >= set(table.column_names):
        raise ConfigurationError("All columns are partitions: at least one must be left to be written into the files.")
    if occupied and sink.mode in ("append", "overwrite_partitions"):
        for file in target.rglob("*.parquet"):
            if tuple(name for name, _ in _partition(file, target)) != sink.partition_by:
                raise ConfigurationError(
                    f"The files in {sink.path!r} are not partitioned by {list(sink.partition_by)}."
                )
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = target.parent / f".{target.name}.{uuid.uuid4().hex[:12]}.partial"
    try:
        staging.mkdir()
        name = f"part-{uuid.uuid4().hex}"
        if sink.partition_by:
            pa.parquet.write_to_dataset(
                table, staging, partition_cols=list(sink.partition_by), basename_template=f"{name}-{{i}}.parquet"
            )
        else:
            pa.parquet.write_table(table, staging / f"{name}.parquet")
        if sink.mode == "overwrite_partitions":
            replaced = {_partition(file, staging) for file in staging.rglob("*.parquet")}
            for file in [*target.rglob("*.parquet")]:
                if _partition(file, target) in replaced:
                    file.unlink()
        _move(staging, target, keep=sink.mode in ("append", "overwrite_partitions"))
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _partition(file: Path, root: Path) -> tuple[tuple[str, str], ...]:
    """Return the columns and values, as text, that the directories of a file are named after."""
    pairs = (unquote(part).partition("=") for part in file.relative_to(root).parts[:-1] if "=" in part)
    return tuple((name, text) for name, _, text in pairs)


def _move(staging: Path, target: Path, *, keep: bool) -> None:
    """Move finished files to their place, beside those that are there or instead of them."""
    if not keep and target.exists():
        old = staging.with_suffix(".old")
        target.rename(old)
        staging.rename(target)
        shutil.rmtree(old, ignore_errors=True)
        return
    for file in sorted(path for path in staging.rglob("*") if path.is_file()):
        place = target / file.relative_to(staging)
        place.parent.mkdir(parents=True, exist_ok=True)
        file.rename(place)
    target.mkdir(exist_ok=True)
