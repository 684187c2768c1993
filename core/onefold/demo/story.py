"""The demo from beginning to end: data, definitions, plan, training set, a flight looked at closely, a model."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import onefold as of
from onefold.api.repository import Repository, load_repository
from onefold.demo.closeup import closeup
from onefold.demo.prepare import prepare_flights

__all__ = ["run_demo"]

Progress = Callable[[str, int], AbstractContextManager[Any]]


def run_demo(folder: Path, *, console: Console, progress: Progress, model: bool = True) -> dict[str, Any]:
    """Build a training set from a year of flights, and tell what happens.

    Args:
        folder: Where everything goes: the data, the definitions, the training set, the report.
        console: Where the story is told.
        progress: Shows progress: takes a label and a number of rows, yields what is called after each batch.
        model: Whether to train and score a model.

    Returns:
        What ``report.json`` holds: ``rows``, ``views``, ``features``, ``seconds`` (to compute and write the training
        set), ``rows_per_second``, and the scores ``auc_with`` and ``auc_without``, None when no model was trained.

    Raises:
        OnefoldError: If the data is missing, or something can not be computed.
    """
    _title(console, 1, "A year of flights")
    data = prepare_flights(folder / "data")
    _tell_data(console, data)

    _title(console, 2, "Definitions")
    definitions = _definitions(folder, console)
    repository = load_repository(definitions)
    views = repository.select()
    _tell_views(console, repository)

    _title(console, 3, "The plan")
    console.print(
        "What will run where. Each scan reads only the columns and the span of time that can matter, each event table is "
        "sorted once per entity, and all windows are computed in one pass.\n"
    )
    spine = data / "spine.parquet"
    training = of.training_set(spine, views, time="scheduled_at")
    console.print(str(training.explain()), markup=False, soft_wrap=True, style="dim")

    _title(console, 4, "The training set")
    began = time.perf_counter()
    with progress("Computing features", pq.read_metadata(spine).num_rows) as on_batch:
        written = training.write_parquet(folder / "training", mode="overwrite", progress=on_batch)
    seconds = time.perf_counter() - began
    report: dict[str, Any] = {
        "rows": written.rows,
        "views": len(views),
        "features": len(training.features),
        "seconds": round(seconds, 3),
        "rows_per_second": round(written.rows / seconds),
        "auc_with": None,
        "auc_without": None,
    }
    console.print(
        f"[bold]{written.rows:,} flights[/] with [bold]{len(training.features)} features[/] of {len(views)} views in "
        f"[bold]{seconds:.1f} s[/]: {report['rows_per_second']:,} rows/s.\n"
        f"Written to [bold]{escape(str(written.path))}[/] ({written.bytes / 1024 / 1024:.0f} MiB of Parquet)."
    )
    table = pq.read_table(written.path)

    _title(console, 5, "One flight, looked at closely")
    closeup(console, table, pq.read_table(data / "arrivals.parquet"), repository)

    if model:
        _title(console, 6, "Does it help?")
        report |= _scores(console, table)
    _write(folder / "report.json", report)
    _farewell(console, folder, definitions)
    return report


def _title(console: Console, number: int, text: str) -> None:
    console.print(f"\n[bold cyan]{number}. {text}[/]\n")


def _tell_data(console: Console, data: Path) -> None:
    rows = {
        name: pq.read_metadata(data / f"{name}.parquet").num_rows
        for name in ("spine", "departures", "arrivals", "weather")
    }
    console.print(
        f"All [bold]{rows['spine']:,} flights[/] that were due to leave New York in 2013, as events: "
        f"{rows['departures']:,} departures, {rows['arrivals']:,} arrivals, {rows['weather']:,} hours of weather.\n"
        "Each event carries the instant, in UTC, at which it became known: a departure delay when the plane has left, "
        "an arrival delay when it has landed, an hour of weather when the hour is over.\n"
        "The question for every flight, asked at its scheduled departure: [bold]will it arrive more than 30 minutes "
        "late?[/] A cancelled or diverted flight has no answer and is left out of the model, not of the training set.\n"
        f"[dim]In {escape(str(data))}[/]"
    )


def _definitions(folder: Path, console: Console) -> Path:
    """Write the definitions where the user can change them; a file that was changed is kept and used."""
    path = folder / "features.py"
    text = files("onefold.demo").joinpath("template/features.py.txt").read_text(encoding="utf-8")
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != text:
        console.print(
            f"[yellow]{escape(str(path))} is not as the demo wrote it: it is used as it is.[/] Delete it to start anew.\n"
        )
    return path


def _tell_views(console: Console, repository: Repository) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("view", "about", "from", "features"):
        table.add_column(heading, header_style="dim", justify="right" if heading == "features" else "left")
    total = 0
    for view in repository.views.values():
        total += len(view.feature_names)
        source = getattr(view.source, "name", "a table")
        table.add_row(
            f"[bold]{escape(view.name)}[/]",
            escape(", ".join(view.entity.keys)),
            escape(source),
            str(len(view.feature_names)),
        )
    console.print(table)
    console.print(
        f"\n{total} features, in [bold]{escape(str(repository.path))}[/]. No join, no window function, no date arithmetic: "
        "a view names its events and what to compute from them. Change the file and run the demo again."
    )


def _scores(console: Console, table: pa.Table) -> Mapping[str, float | None]:
    """Train and score the model with and without the features; nulls when scikit-learn is missing."""
    try:
        from onefold.demo import train
    except ImportError as error:
        console.print(
            f"[yellow]No model: scikit-learn can not be imported ({escape(str(error))}).[/] It is an extra of the demo: "
            'pip install "onefold\\[demo]"'
        )
        return {"auc_with": None, "auc_without": None}
    missing = {*train.TIMETABLE, train.LABEL, "month"} - set(table.column_names)
    assert not missing, f"the spine lost {missing}"
    columns = train.columns_of(table)
    with console.status("Training on January to September, scoring on October to December"):
        without = train.score(table, train.TIMETABLE)
        with_features = train.score(table, columns)
    console.print(
        "A gradient boosting model of late arrivals, trained on January to September, scored on October to December "
        "(area under the ROC curve; 0.5 is guessing):\n\n"
        f"  with the timetable alone   [bold]{without:.4f}[/]\n"
        f"  with the features as well  [bold green]{with_features:.4f}[/]"
    )
    return {"auc_with": round(with_features, 6), "auc_without": round(without, 6)}


def _write(path: Path, report: Mapping[str, Any]) -> None:
    """Write the report whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def _farewell(console: Console, folder: Path, definitions: Path) -> None:
    _title(console, 7, "What next")
    place = escape(str(folder))
    console.print(
        f"  [bold]{place}/features.py[/]   the definitions: change them, run the demo again\n"
        f"  [bold]{place}/training/[/]     the training set, as Parquet\n"
        f"  [bold]{place}/report.json[/]   the numbers of this run\n\n"
        f"  onefold explain {escape(str(definitions))} plane\n"
        f"  onefold training-set {escape(str(definitions))} --spine {place}/data/spine.parquet \\\n"
        f"      --time scheduled_at --views plane,weather --out my-training-set\n"
        "  onefold functions           all there is to compute with\n",
        soft_wrap=True,
    )
