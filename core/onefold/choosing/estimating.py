"""How much a view reads, found out without reading it: footers, sizes of files, statistics of tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from onefold.choosing.files import SizedFile, sized_files
from onefold.choosing.footers import read_volume
from onefold.choosing.machine import this_machine
from onefold.contract import Estimate, KnowsStatistics, Machine, SourceEstimate, TableStatistics
from onefold.errors import OnefoldError
from onefold.execution import session_for
from onefold.plan import AsOfJoin, Input, Relation, Scan, Table, TrailingAggregate
from onefold.rewriting import RULES, narrow_time_ranges

__all__ = ["estimate_reading"]

_UNPACKED = 5
"""How many times larger compressed text becomes; four to eight is usual for CSV and JSON."""

Statistics = Callable[[Table], TableStatistics | None]


def estimate_reading(
    plan: TrailingAggregate | AsOfJoin,
    bindings: Mapping[str, Any],
    *,
    span: tuple[int, int] | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    machine: Machine | None = None,
) -> Estimate:
    """Return how much the events of a temporal relation make an engine read.

    Only what rewriting leaves is counted: the columns that are needed, and the times that the spine can reach. Nothing
    is read but footers; only a table that lives in an engine makes that engine be asked, for what it knows about it.

    Args:
        plan: The relation; its spine does not count.
        bindings: Arrow data for the plan's inputs, by name.
        span: The first and the last time of the spine, in microseconds since 1970; None when that is not known.
        options: Options per engine, for sessions that are asked.
        machine: The machine; None: this one.
    """
    narrowed: Relation = plan
    if span is not None:
        narrowed = narrow_time_ranges(plan, spine_time=plan.spine_time, first=span[0], last=span[1])
    for rule in RULES:
        narrowed = rule(narrowed)
    assert isinstance(narrowed, TrailingAggregate | AsOfJoin)

    def statistics(table: Table) -> TableStatistics | None:
        assert table.home is not None
        session = session_for(table.home, (options or {}).get(table.home))
        return session.statistics(table) if isinstance(session, KnowsStatistics) else None

    leaves = {leaf.fingerprint: leaf for leaf in narrowed.events.walk() if isinstance(leaf, Scan | Input)}
    sources = tuple(
        _scanned(leaf, statistics) if isinstance(leaf, Scan) else _bound(leaf, bindings.get(leaf.name))
        for leaf in leaves.values()
    )
    return Estimate(sources, this_machine() if machine is None else machine)


def _bound(leaf: Input, data: Any) -> SourceEstimate:
    if not isinstance(data, pa.Table):
        return SourceEstimate(leaf.name, "arrow", remark="it is a stream, whose size shows as it is read")
    size = data.select(leaf.output.names).nbytes
    return SourceEstimate(leaf.name, "arrow", rows=data.num_rows, stored_bytes=0, memory_bytes=size)


def _scanned(scan: Scan, statistics: Statistics) -> SourceEstimate:
    table = scan.table
    if table.format == "table":
        return _of_table(table, statistics)
    if table.format == "delta":
        return SourceEstimate(table.name, "delta", table.home, remark="its size is in its log, which is not read here")
    files = sized_files(table)
    if files is None:
        return SourceEstimate(table.name, table.format, table.home, remark="its files are not on this machine")
    if table.format == "parquet":
        return _of_parquet(scan, files)
    return _of_text(scan, files)


def _of_parquet(scan: Scan, files: tuple[SizedFile, ...]) -> SourceEstimate:
    table = scan.table
    try:
        volume = read_volume(scan, files)
    except (OSError, pa.ArrowException) as error:  # reading it will fail, and say more
        return SourceEstimate(
            table.name, "parquet", table.home, len(files), remark=f"a footer can not be read ({type(error).__name__})"
        )
    return SourceEstimate(
        table.name,
        "parquet",
        table.home,
        len(files),
        rows=round(volume.rows),
        stored_bytes=round(volume.stored),
        memory_bytes=round(volume.memory),
        remark=f"judged by {volume.files} of its {len(files):,} files" if volume.files < len(files) else "",
    )


def _of_text(scan: Scan, files: tuple[SizedFile, ...]) -> SourceEstimate:
    """Return the estimate of CSV and JSON: all of it is read, and the columns that are kept are taken to be alike."""
    table = scan.table
    unpacked = sum(file.bytes * (_UNPACKED if file.path.suffix in (".gz", ".zst") else 1) for file in files)
    return SourceEstimate(
        table.name,
        table.format,
        table.home,
        len(files),
        stored_bytes=sum(file.bytes for file in files),
        memory_bytes=round(unpacked * len(scan.output) / len(table.columns)),
        remark="judged by the size of its files",
    )


def _of_table(table: Table, statistics: Statistics) -> SourceEstimate:
    if table.home is None:
        return SourceEstimate(table.name, "table", remark="nothing says which engine holds it")
    try:
        known = statistics(table)
    except OnefoldError as error:  # choosing must not fail where running may not: its engine may not even be chosen
        return SourceEstimate(table.name, "table", table.home, remark=f"{table.home} can not be asked: {error}")
    if known is None:
        return SourceEstimate(table.name, "table", table.home, remark=f"{table.home} keeps no statistics of it")
    remark = "" if known.bytes is not None else f"{table.home} does not know its size"
    return SourceEstimate(table.name, "table", table.home, 0, known.rows, known.bytes, known.bytes, remark)
