"""Running plans with temporal relations on an engine that has none: the kernel computes those, the engine the rest.

A plan is split at its topmost temporal relations. The rows of their spine and the sorted events come from the engine;
what the kernel computes goes back to it as an input, or straight to the caller when nothing stands above.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from onefold.kernel.driver import Execute, run_chain
from onefold.kernel.events import event_stream, fused
from onefold.kernel.options import KernelOptions
from onefold.plan import AsOfJoin, Input, Relation, TrailingAggregate
from onefold.rewriting import replace_relations

__all__ = ["has_temporal", "relational_parts", "run_split"]

_Temporal = TrailingAggregate | AsOfJoin


def has_temporal(plan: Relation) -> bool:
    """Return whether a plan has relations that the kernel computes."""
    return any(isinstance(relation, _Temporal) for relation in plan.walk())


def run_split(plan: Relation, execute: Execute, *, options: KernelOptions | None = None) -> pa.RecordBatchReader:
    """Return the rows of a plan, its temporal relations computed by the kernel.

    Args:
        plan: The plan.
        execute: Runs an ordinary plan on the engine, with Arrow data bound to some of its inputs beside those of the
            whole plan: tables, and streams that can be read once.
        options: How the kernel uses the machine.

    Returns:
        Record batches in the plan's output schema; lazily where nothing stands above the temporal relations.
    """
    return _run(plan, {}, execute, options)


def _run(
    plan: Relation, bound: Mapping[str, Any], execute: Execute, options: KernelOptions | None
) -> pa.RecordBatchReader:
    if not has_temporal(plan):
        return execute(plan, bound)
    if isinstance(plan, _Temporal):
        nodes, spine = _chain(plan)
        return run_chain(
            nodes,
            _run(spine, bound, execute, options),
            lambda part, more: _run(part, {**bound, **more}, execute, options),
            options=options,
        )
    above, parts = _cut(plan)
    opened: dict[str, Any] = {}
    try:
        for name, part in parts.items():
            opened[name] = _run(part, bound, execute, options)
        return execute(above, {**bound, **opened})
    except BaseException:
        for reader in opened.values():
            reader.close()
        raise


def relational_parts(plan: Relation) -> list[tuple[str, Relation]]:
    """Return the ordinary plans that an engine runs for a plan, in the order in which it needs them.

    Returns:
        Titles such as ``"the spine"`` and plans. What the kernel computes is an input of those that read it.
    """
    if not has_temporal(plan):
        return [("the result", plan)]
    if isinstance(plan, _Temporal):
        nodes, spine = _chain(plan)
        parts = [("the spine" if title == "the result" else title, part) for title, part in relational_parts(spine)]
        for group in fused(nodes):
            for title, part in relational_parts(event_stream(group, None).plan):
                parts.append(("events, sorted for the temporal kernel" if title == "the result" else title, part))
        return parts
    above, below = _cut(plan)
    found = [item for part in below.values() for item in relational_parts(part)]
    return [*found, ("the result", above)]


def _chain(node: TrailingAggregate | AsOfJoin) -> tuple[list[TrailingAggregate | AsOfJoin], Relation]:
    """Return the temporal relations that stand directly on each other, innermost first, and the rows below them."""
    nodes: list[TrailingAggregate | AsOfJoin] = []
    below: Relation = node
    while isinstance(below, _Temporal):
        nodes.append(below)
        below = below.spine
    nodes.reverse()
    return nodes, below


def _cut(plan: Relation) -> tuple[Relation, dict[str, Relation]]:
    """Return a plan with its topmost temporal relations as inputs, and those relations by the inputs' names."""
    parts: dict[str, Relation] = {}
    taken = {relation.name for relation in plan.walk() if isinstance(relation, Input)}
    done: dict[str, Relation] = {}
    stack: list[tuple[Relation, bool]] = [(plan, False)]
    while stack:
        relation, below_done = stack.pop()
        key = relation.fingerprint
        if key in done:
            continue
        if isinstance(relation, _Temporal):
            number = len(parts) + 1
            while (name := f"temporal_{number}") in taken | set(parts):
                number += 1
            parts[name] = relation
            done[key] = Input(name=name, columns=relation.output)
        elif below_done:
            done[key] = replace_relations(relation, lambda child: done[child.fingerprint])
        else:
            stack.append((relation, True))
            stack.extend((child, False) for child in relation.inputs)
    return done[plan.fingerprint], parts
