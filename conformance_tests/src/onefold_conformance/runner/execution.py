"""Running the plan of a case on a session, Python transforms between the session's parts included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from onefold.contract import Capabilities, Session
from onefold.execution.stages import PYTHON, Placement, cut_stages
from onefold.plan import Input, MapBatches, Relation, Write
from onefold.transforms import run_transform
from onefold.types import Schema, normalise_reader, schema_to_arrow
from onefold_conformance.case.model import Case, ExpectedError

__all__ = ["Outcome", "run_case_plan"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of running a plan.

    Args:
        table: The rows; None when it failed.
        error: What was raised; None when nothing was.
        late: Whether it was raised while rows were read, and not before anything ran.
        written: What is in each sink afterwards, by its place.
        misplaced: What is wrong about where the files of the sink lie; empty when nothing is.
    """

    table: pa.Table | None
    error: BaseException | None = None
    late: bool = False
    written: Mapping[str, pa.Table] = field(default_factory=dict)
    misplaced: str = ""


def run_case_plan(
    case: Case, session: Session, capabilities: Capabilities, inputs: Mapping[str, Any], directory: Path
) -> Outcome:
    """Run the plan of a case and return its rows, or what it raised.

    Args:
        case: The case.
        session: An open session of the backend.
        capabilities: What the backend offers.
        inputs: The data of the plan's inputs.
        directory: An empty directory for the files of the case, if its plan uses any.
    """
    for source in case.sources.values():
        source.write(directory)
    plan = case.plan_in(directory) if case.uses_files else case.plan
    late = False
    try:
        if any(isinstance(relation, MapBatches) for relation in plan.walk()):
            table = _in_stages(plan, session, capabilities, inputs)
        else:
            if _overwrites(plan):  # to do so once more has to change nothing
                session.execute(plan, inputs).read_all()
            reader = session.execute(plan, inputs)
            late = True
            table = reader.read_all()
        return Outcome(table, written=_written(case, directory), misplaced=_misplaced(plan))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a backend raises is what the case is about
        written = _written(case, directory) if isinstance(case.expect, ExpectedError) else {}
        return Outcome(None, error, late, written)


def _overwrites(plan: Relation) -> bool:
    return isinstance(plan, Write) and plan.sink.mode in ("overwrite", "overwrite_partitions")


def _written(case: Case, directory: Path) -> dict[str, pa.Table]:
    """Return what is in the sinks of a case."""
    places = {} if case.expect is None else case.expect.written
    failed = isinstance(case.expect, ExpectedError)  # what is gone then is no error, but one more thing that is wrong
    return {
        name: _read_sink(directory / name, schema)
        for name, (_, schema) in places.items()
        if not failed or any((directory / name).rglob("*.parquet"))
    }


def _in_stages(plan: Relation, session: Session, capabilities: Capabilities, inputs: Mapping[str, Any]) -> pa.Table:
    """Run a plan with Python functions: the backend runs the parts between them, and Arrow goes from one to the next."""
    default = Placement(capabilities.engine, fallback=None)
    stages = cut_stages(plan, default=default, capabilities=lambda name: capabilities)
    results: dict[str, Any] = dict(inputs)
    for stage in stages:
        if stage.engine == PYTHON:
            assert isinstance(stage.plan, MapBatches)
            assert isinstance(stage.plan.input, Input)
            reader = run_transform(stage.plan, _reader(results[stage.plan.input.name]))
        else:
            wanted = {leaf.name for leaf in stage.plan.walk() if isinstance(leaf, Input)}
            reader = session.execute(stage.plan, {name: results[name] for name in wanted})
        results[stage.name] = reader.read_all()
    table: pa.Table = results[stages[-1].name]
    return table


def _reader(data: Any) -> pa.RecordBatchReader:
    return data if isinstance(data, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(data)


def _read_sink(path: Path, schema: Schema) -> pa.Table:
    """Return all rows below a directory of Parquet files, its hive partitions as columns."""
    arrow = schema_to_arrow(schema)
    found = ds.dataset(
        path, format="parquet", partitioning=ds.partitioning(flavor="hive", schema=_partitions(path, arrow))
    )
    with normalise_reader(found.to_table(columns=arrow.names), schema, where=f"what is in {path.name}") as reader:
        return reader.read_all()


def _misplaced(plan: Relation) -> str:
    """Return what is wrong about the files of a sink: each lies below ``column=value`` of its partitions, and lacks them.

    Reading alone would not show it: rows are the same wherever they lie.
    """
    if not isinstance(plan, Write):
        return ""
    path, columns = Path(plan.sink.path), plan.sink.partition_by
    for file in path.rglob("*.parquet"):
        folders = file.relative_to(path).parts[:-1]
        if tuple(part.partition("=")[0] for part in folders) != columns:
            return f"a file lies in {'/'.join(folders) or 'the sink itself'}, and the partitions are {list(columns)}"
        if held := set(columns) & set(pq.read_schema(file).names):
            return f"a file holds the partition column {min(held)!r}"
    return ""


def _partitions(path: Path, schema: pa.Schema) -> pa.Schema:
    """Return the columns that the names of directories hold."""
    names = dict.fromkeys(
        part.partition("=")[0]
        for file in path.rglob("*.parquet")
        for part in file.relative_to(path).parts
        if "=" in part
    )
    return pa.schema([schema.field(name) for name in names])
