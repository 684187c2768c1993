"""``onefold training-set``: computes a training set and writes it as Parquet."""

from __future__ import annotations

import time as clock
from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.options import Debug, Definitions, Engines, Json, Views, named_engines, named_views
from onefold.cli.output import print_json, progress_bar, results

__all__ = ["training_set"]


def training_set(
    file: Definitions,
    *,
    spine: Annotated[
        str,
        typer.Option(
            "--spine", help="Parquet or CSV file with a row per prediction: keys, a time, labels.", show_default=False
        ),
    ],
    time: Annotated[
        str,
        typer.Option("--time", help="Column of the spine that says when each prediction is made.", show_default=False),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the Parquet files.", show_default=False)],
    views: Views = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what the folder holds.")] = False,
    time_zone: Annotated[
        str | None,
        typer.Option("--time-zone", help='"UTC" states that a time without a zone is in UTC.', show_default=False),
    ] = None,
    engine: Engines = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Compute the features of each row of a spine as they were known at its time, and write them as Parquet.

    Every row of the spine comes out exactly once and in its place, with its own columns first.

    [bold]Examples[/]

      onefold training-set features.py --spine flights.parquet --time scheduled_at --out training

      onefold training-set features.py --spine flights.csv --time scheduled_at --views carrier,route --out training

      onefold training-set features.py --spine flights.parquet --time scheduled_at --engine carrier=spark --out training
    """
    from onefold import api
    from onefold.api.repository import load_repository

    names = named_views(views)
    named = named_engines(engine)
    repository = load_repository(file)
    chosen = repository.select(names)
    began = clock.perf_counter()
    wanted = api.training_set(
        spine,
        chosen,
        time=time,
        engine=named.engine,
        engines=named.engines,
        time_zone=time_zone,
        project=repository.project,
    )
    with progress_bar("Computing the training set", total=_rows(spine)) as progress:
        written = wanted.write_parquet(out, mode="overwrite" if overwrite else "error", progress=progress)
    seconds = clock.perf_counter() - began
    if json:
        print_json(
            {
                "out": str(written.path),
                "files": written.files,
                "bytes": written.bytes,
                "rows": written.rows,
                "columns": [{"name": field.name, "type": str(field.dtype)} for field in wanted.schema],
                "features": list(wanted.features),
                "views": [view.name for view in chosen],
                "engines": {
                    name: {"name": choice.engine, "reason": choice.reason} for name, choice in wanted.engines.items()
                },
                "fingerprint": wanted.plan.fingerprint,
                "seconds": round(seconds, 3),
                "rows_per_second": round(written.rows / seconds) if seconds else None,
            }
        )
        return
    from rich.markup import escape

    results().print(
        f"[bold]{written.rows:,} rows[/] with {len(wanted.features)} features of {_counted(len(chosen), 'view')} in {seconds:.1f} s "
        f"({written.rows / seconds:,.0f} rows/s)\n"
        f"written to [bold]{escape(str(written.path))}[/]: {_counted(written.files, 'Parquet file')}, "
        f"{written.bytes / 1024 / 1024:,.1f} MiB",
        soft_wrap=True,
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _rows(spine: str) -> int | None:
    """Return how many rows a spine has, where its file says so without being read."""
    if not spine.endswith(".parquet") or not Path(spine).is_file():
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(spine).num_rows)
    except (OSError, pa.ArrowInvalid):  # the engine will say what is wrong with it
        return None
