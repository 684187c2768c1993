"""Running plans whose relations the kernel computes in part, on an engine that runs the rest.

The kernel computes those temporal relations, aggregations, windows and tiles that a backend leaves to it. A plan is
split at the topmost of them. Their sorted rows come from the engine; what the kernel computes goes back to it as an
input, or straight to the caller when nothing stands above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onefold.kernel.driver import Execute, run_chain
from onefold.kernel.events import event_stream, fused
from onefold.kernel.frames import window_plan, window_rows
from onefold.kernel.groups import aggregate_groups, group_plan
from onefold.kernel.options import KernelOptions
from onefold.plan import Aggregate, AsOfJoin, Input, Relation, TimeBuckets, TrailingAggregate, Window
from onefold.rewriting import group_time_buckets, replace_relations
from onefold.types import normalise_reader

__all__ = [
    "Chosen",
    "chain_of",
    "cut_at",
    "for_kernel",
    "needs_kernel",
    "relational_parts",
    "run_split",
    "tiles_in_groups",
]

_Temporal = TrailingAggregate | AsOfJoin

Chosen = Callable[[Relation], bool]
"""Says which temporal relations, aggregates, windows and tiles of a plan the kernel computes."""


def needs_kernel(plan: Relation, chosen: Chosen) -> bool:
    """Return whether a plan has relations that the kernel computes."""
    return any(for_kernel(relation, chosen) for relation in plan.walk())


def for_kernel(relation: Relation, chosen: Chosen) -> bool:
    """Return whether the kernel computes a relation."""
    return isinstance(relation, _Temporal | Aggregate | Window | TimeBuckets) and chosen(relation)


def run_split(
    plan: Relation, execute: Execute, chosen: Chosen, *, options: KernelOptions | None = None
) -> pa.RecordBatchReader:
    """Return the rows of a plan, those that the kernel computes among them.

    Args:
        plan: The plan.
        execute: Runs an ordinary plan on the engine, with Arrow data bound to some of its inputs beside those of the
            whole plan: tables, and streams that can be read once.
        chosen: What the kernel computes.
        options: How the kernel uses the machine.

    Returns:
        Record batches in the plan's output schema; lazily where nothing stands above those of the kernel.
    """
    return _Split(execute, chosen, options).run(plan, {})


@dataclass(frozen=True, slots=True)
class _Split:
    """One run of a plan that is split; the fields are the arguments of :func:`run_split`."""

    execute: Execute
    chosen: Chosen
    options: KernelOptions | None

    def run(self, plan: Relation, bound: Mapping[str, Any]) -> pa.RecordBatchReader:
        """Return the rows of a plan, some of whose inputs are bound here."""
        if not needs_kernel(plan, self.chosen):
            return self.execute(plan, bound)
        if not for_kernel(plan, self.chosen):
            return self._above(plan, bound)

        def below(part: Relation, more: Mapping[str, Any]) -> pa.RecordBatchReader:
            return self.run(part, {**bound, **more})

        match plan:
            case TrailingAggregate() | AsOfJoin():
                nodes, spine = chain_of(plan)
                return run_chain(nodes, self.run(spine, bound), below, options=self.options)
            case Window():
                return window_rows(plan, below, options=self.options)
            case Aggregate():
                return aggregate_groups(plan, below, options=self.options)
            case TimeBuckets():
                tiles = self.run(tiles_in_groups(plan), bound)
                return normalise_reader(tiles, plan.output, where="the tiles computed by the kernel")
        raise AssertionError(f"the kernel does not compute {plan.kind}")

    def _above(self, plan: Relation, bound: Mapping[str, Any]) -> pa.RecordBatchReader:
        """Run what stands above the topmost relations of the kernel."""
        above, parts = cut_at(plan, lambda relation: for_kernel(relation, self.chosen))
        opened: dict[str, Any] = {}
        try:
            for name, part in parts.items():
                opened[name] = self.run(part, bound)
            return self.execute(above, {**bound, **opened})
        except BaseException:
            for reader in opened.values():
                reader.close()
            raise


def relational_parts(plan: Relation, chosen: Chosen) -> list[tuple[str, Relation]]:
    """Return the ordinary plans that an engine runs for a plan, in the order in which it needs them.

    Returns:
        Titles such as ``"the spine"`` and plans. What the kernel computes is an input of those that read it.
    """

    def titled(part: Relation, title: str) -> list[tuple[str, Relation]]:
        """Return the parts of a plan whose result is called by another name."""
        return [(title if name == "the result" else name, inner) for name, inner in relational_parts(part, chosen)]

    if not needs_kernel(plan, chosen):
        return [("the result", plan)]
    if not for_kernel(plan, chosen):
        above, below = cut_at(plan, lambda relation: for_kernel(relation, chosen))
        found = [item for part in below.values() for item in relational_parts(part, chosen)]
        return [*found, ("the result", above)]
    match plan:
        case TrailingAggregate() | AsOfJoin():
            nodes, spine = chain_of(plan)
            parts = titled(spine, "the spine")
            for group in fused(nodes):
                parts += titled(event_stream(group, None).plan, "events for the temporal kernel")
            return parts
        case Window():
            return titled(window_plan(plan).plan, "rows, sorted for the kernel")
        case Aggregate():
            return titled(group_plan(plan).plan, "rows, sorted for the kernel")
        case TimeBuckets():
            return relational_parts(tiles_in_groups(plan), chosen)
    raise AssertionError(f"the kernel does not compute {plan.kind}")


def tiles_in_groups(node: TimeBuckets) -> Relation:
    """Return the relation that gives tiles: an aggregate of groups, which the kernel may compute, and names for it."""
    return group_time_buckets(node)


def chain_of(node: TrailingAggregate | AsOfJoin) -> tuple[list[TrailingAggregate | AsOfJoin], Relation]:
    """Return the temporal relations that stand directly on each other, innermost first, and the rows below them."""
    nodes: list[TrailingAggregate | AsOfJoin] = []
    below: Relation = node
    while isinstance(below, _Temporal):
        nodes.append(below)
        below = below.spine
    nodes.reverse()
    return nodes, below


def cut_at(plan: Relation, chosen: Chosen) -> tuple[Relation, dict[str, Relation]]:
    """Return a plan with the topmost of some relations as inputs, and those relations by the inputs' names."""
    parts: dict[str, Relation] = {}
    taken = {relation.name for relation in plan.walk() if isinstance(relation, Input)}
    done: dict[str, Relation] = {}
    stack: list[tuple[Relation, bool]] = [(plan, False)]
    while stack:
        relation, below_done = stack.pop()
        key = relation.fingerprint
        if key in done:
            continue
        if chosen(relation):
            number = len(parts) + 1
            while (name := f"kernel_{number}") in taken | set(parts):
                number += 1
            parts[name] = relation
            done[key] = Input(name=name, columns=relation.output)
        elif below_done:
            done[key] = replace_relations(relation, lambda child: done[child.fingerprint])
        else:
            stack.append((relation, True))
            stack.extend((child, False) for child in relation.inputs)
    return done[plan.fingerprint], parts
