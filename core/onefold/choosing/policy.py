"""What decides on the engine of a view with ``engine="auto"`` when no plugin does: the size of what is read."""

from __future__ import annotations

from onefold.choosing.choice import Choice
from onefold.contract import Estimate, Machine
from onefold.registry import AUTO, DEFAULT_ENGINE, FIRST_PARTY, Registry

__all__ = ["SPILLED", "choose_by_size", "shown_size"]

SPILLED = 4
"""How many times its memory a machine is trusted with, if it has the disk: sorting writes what memory does not hold."""


def choose_by_size(estimate: Estimate, registry: Registry) -> Choice:
    """Return the engine for what a view reads, and why.

    An engine that holds a source, and is installed, computes the view. Else the default engine does, as long as the
    machine can: up to its memory without a second thought, and up to four times that with enough disk for temporary
    files. Beyond that an engine that is distributed does, if one is installed. What is not known counts as nothing.

    Args:
        estimate: What the view reads.
        registry: What is installed.

    Examples:
        >>> from onefold.contract import SourceEstimate
        >>> flights = SourceEstimate("flights", "parquet", memory_bytes=300 * 2**20)
        >>> choose_by_size(Estimate((flights,), Machine(memory=16 * 2**30)), Registry({}, {}))
        Choice(engine='rift', reason='auto: 300.0 MiB to read, and this machine has 16.0 GiB of memory')
    """
    held: dict[str, str] = {}
    for source in estimate.sources:
        if source.home is not None and source.home in registry.backends:
            held.setdefault(registry.backends[source.home].name, source.name)
    if len(held) == 1:
        ((home, name),) = held.items()
        return Choice(home, f"{AUTO}: {name!r} lives in {home}")
    size, machine = estimate.known_memory_bytes, estimate.machine
    least = "at least " if estimate.memory_bytes is None else ""
    read = f"{AUTO}: {least}{shown_size(size)} to read"
    budget = _budget(machine)
    if budget is None:
        return Choice(DEFAULT_ENGINE, f"{read}; the memory of this machine is not known")
    assert machine.memory is not None
    memory = f"{shown_size(machine.memory)} of memory"
    if size > budget:
        beyond = f"{read}, too much for {memory} and {shown_size(machine.disk or 0)} of free disk"
        distributed = _distributed(registry)
        if distributed is None:
            return Choice(DEFAULT_ENGINE, f"{beyond}, but no distributed engine is installed")
        return Choice(distributed, beyond)
    if size > machine.memory:
        return Choice(DEFAULT_ENGINE, f"{read}, with {memory} and {shown_size(machine.disk or 0)} of free disk")
    if estimate.memory_bytes is None:
        unknown = next(source for source in estimate.sources if source.memory_bytes is None)
        return Choice(DEFAULT_ENGINE, f"{AUTO}: the size of {unknown.name!r} is not known: {unknown.remark}")
    return Choice(DEFAULT_ENGINE, f"{read}, and this machine has {memory}")


def shown_size(size: int) -> str:
    """Return a number of bytes for people.

    Examples:
        >>> shown_size(0), shown_size(1_536), shown_size(5 * 2**30), shown_size(3 * 2**50)
        ('0 B', '1.5 KiB', '5.0 GiB', '3072.0 TiB')
    """
    if size < 1024:
        return f"{size} B"
    number, unit = float(size), "B"
    for unit in ("KiB", "MiB", "GiB", "TiB"):  # noqa: B007 - the last one counts
        number /= 1024
        if number < 1024:
            break
    return f"{number:.1f} {unit}"


def _budget(machine: Machine) -> int | None:
    """Return how many bytes, as they are in memory, this machine may be given; None when that is not known."""
    if machine.memory is None:
        return None
    return machine.memory + min(machine.disk or 0, (SPILLED - 1) * machine.memory)


def _distributed(registry: Registry) -> str | None:
    """Return the distributed engine that is installed; of several, onefold's own goes first."""
    names = {entry.name for entry in registry.backends.values() if entry.distributed}
    return min(names, key=lambda name: (name not in FIRST_PARTY, name), default=None)
