"""The engine by the size of what is read: homes, the budget of the machine, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from onefold.choosing.policy import choose_by_size
from onefold.contract import BackendEntry, Estimate, Machine, SourceEstimate
from onefold.registry import Registry

GIB = 2**30
ROOMY = Machine(memory=16 * GIB, disk=1_000 * GIB)


def registry(*names: str, distributed: tuple[str, ...] = ("spark", "swarm", "arc")) -> Registry:
    def never() -> Any:
        raise AssertionError("choosing imports no engine")

    entries = {name: BackendEntry(name, never, f"onefold-{name}", "", (), name in distributed) for name in names}
    if "rift" in entries:
        entries["duckdb"] = entries["rift"]
    return Registry(entries, {})


ALL = registry("rift", "spark", "polars", "warehouse")


def file(gib: float | None, name: str = "events", *, home: str | None = None, remark: str = "") -> SourceEstimate:
    size = None if gib is None else int(gib * GIB)
    return SourceEstimate(name, "parquet", home, memory_bytes=size, remark=remark)


@pytest.mark.parametrize(
    ("sources", "machine", "installed", "engine", "reason"),
    [
        ([file(1.25)], ROOMY, ALL, "rift", "auto: 1.2 GiB to read, and this machine has 16.0 GiB of memory"),
        ([file(16)], ROOMY, ALL, "rift", "auto: 16.0 GiB to read, and this machine has 16.0 GiB of memory"),
        ([file(10), file(6.5)], ROOMY, ALL, "rift",
         "auto: 16.5 GiB to read, with 16.0 GiB of memory and 1000.0 GiB of free disk"),
        ([file(64)], ROOMY, ALL, "rift",
         "auto: 64.0 GiB to read, with 16.0 GiB of memory and 1000.0 GiB of free disk"),
        ([file(65)], ROOMY, ALL, "spark",
         "auto: 65.0 GiB to read, too much for 16.0 GiB of memory and 1000.0 GiB of free disk"),
        ([file(25)], Machine(16 * GIB, 8 * GIB), ALL, "spark",
         "auto: 25.0 GiB to read, too much for 16.0 GiB of memory and 8.0 GiB of free disk"),
        ([file(20)], Machine(16 * GIB, None), ALL, "spark",
         "auto: 20.0 GiB to read, too much for 16.0 GiB of memory and 0 B of free disk"),
        ([file(65)], ROOMY, registry("rift", "polars"), "rift",
         "auto: 65.0 GiB to read, too much for 16.0 GiB of memory and 1000.0 GiB of free disk, but no distributed engine is installed"),
        ([file(65)], ROOMY, registry("rift", "swarm", "arc"), "arc",
         "auto: 65.0 GiB to read, too much for 16.0 GiB of memory and 1000.0 GiB of free disk"),
        ([file(65)], ROOMY, registry("rift", "arc", "spark"), "spark",
         "auto: 65.0 GiB to read, too much for 16.0 GiB of memory and 1000.0 GiB of free disk"),
        ([file(1), file(None, "weather", remark="its files are not on this machine")], ROOMY, ALL, "rift",
         "auto: the size of 'weather' is not known: its files are not on this machine"),
        ([file(65), file(None)], ROOMY, ALL, "spark",
         "auto: at least 65.0 GiB to read, too much for 16.0 GiB of memory and 1000.0 GiB of free disk"),
        ([file(20), file(None)], ROOMY, ALL, "rift",
         "auto: at least 20.0 GiB to read, with 16.0 GiB of memory and 1000.0 GiB of free disk"),
        ([file(1)], Machine(None, GIB), ALL, "rift",
         "auto: 1.0 GiB to read; the memory of this machine is not known"),
        ([file(500, "sales", home="warehouse")], ROOMY, ALL, "warehouse", "auto: 'sales' lives in warehouse"),
        ([file(1), file(None, "sales", home="warehouse")], ROOMY, ALL, "warehouse",
         "auto: 'sales' lives in warehouse"),
        ([file(1, "sales", home="duckdb")], ROOMY, ALL, "rift", "auto: 'sales' lives in rift"),
        ([file(1, home="warehouse")], ROOMY, registry("rift", "spark"), "rift",
         "auto: 1.0 GiB to read, and this machine has 16.0 GiB of memory"),
        ([file(1, home="warehouse"), file(1, home="spark")], ROOMY, ALL, "rift",
         "auto: 2.0 GiB to read, and this machine has 16.0 GiB of memory"),
        ([], ROOMY, ALL, "rift", "auto: 0 B to read, and this machine has 16.0 GiB of memory"),
    ],
    ids=[
        "fits", "fits exactly", "spills", "spills as much as it may", "too much", "too little disk", "no disk",
        "nothing distributed", "of several distributed", "onefold's own first", "unknown",
        "what is known is too much", "what is known spills", "a machine of unknown memory", "a home",
        "a home of one source", "a home under an alias", "a home that is not installed", "two homes", "nothing",
    ],
)  # fmt: skip
def test_the_engine_and_the_reason(
    sources: list[SourceEstimate], machine: Machine, installed: Registry, engine: str, reason: str
) -> None:
    choice = choose_by_size(Estimate(tuple(sources), machine), installed)
    assert (choice.engine, choice.reason) == (engine, reason)


def test_polars_is_never_chosen() -> None:
    for gib in (0.001, 1, 100, 10_000):
        choice = choose_by_size(Estimate((file(gib),), ROOMY), registry("rift", "polars"))
        assert choice.engine == "rift"
