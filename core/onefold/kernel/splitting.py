"""Running plans whose relations the kernel computes in part, on an engine that runs the rest.

The kernel computes the temporal relations, and windows with measures that cost rows times the length of the frame in
SQL: those with secondary keys, and those that collect values. A plan is split at the topmost of them. Their
sorted rows come from the engine; what the kernel computes goes back to it as an input, or straight to the caller when
nothing stands above.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from onefold.kernel.driver import Execute, run_chain
from onefold.kernel.events import event_stream, fused
from onefold.kernel.frames import window_plan, window_rows
from onefold.kernel.options import KernelOptions
from onefold.plan import AggCall, AsOfJoin, Input, Relation, TrailingAggregate, Window
from onefold.rewriting import replace_relations

__all__ = ["needs_kernel", "relational_parts", "run_split"]

_Temporal = TrailingAggregate | AsOfJoin

FRAMED_BY_ENGINES = frozenset(
    {
        *("count", "sum", "mean", "any", "all", "min", "max", "first", "last", "count_distinct"),
        *("var_samp", "var_pop", "stddev_samp", "stddev_pop", "covar_samp", "covar_pop", "corr"),
    }
)
"""The aggregations that SQL engines slide along frames. The others would collect the rows of every frame."""


def needs_kernel(plan: Relation) -> bool:
    """Return whether a plan has relations that the kernel computes."""
    return any(_for_kernel(relation) for relation in plan.walk())


def _for_kernel(relation: Relation) -> bool:
    if isinstance(relation, _Temporal):
        return True
    return isinstance(relation, Window) and any(
        isinstance(measure.call, AggCall)
        and (measure.call.by is not None or measure.call.function not in FRAMED_BY_ENGINES)
        for measure in relation.measures
    )


def run_split(plan: Relation, execute: Execute, *, options: KernelOptions | None = None) -> pa.RecordBatchReader:
    """Return the rows of a plan, those that the kernel computes among them.

    Args:
        plan: The plan.
        execute: Runs an ordinary plan on the engine, with Arrow data bound to some of its inputs beside those of the
            whole plan: tables, and streams that can be read once.
        options: How the kernel uses the machine.

    Returns:
        Record batches in the plan's output schema; lazily where nothing stands above those of the kernel.
    """
    return _run(plan, {}, execute, options)


def _run(
    plan: Relation, bound: Mapping[str, Any], execute: Execute, options: KernelOptions | None
) -> pa.RecordBatchReader:
    if not needs_kernel(plan):
        return execute(plan, bound)
    if isinstance(plan, _Temporal):
        nodes, spine = _chain(plan)
        return run_chain(
            nodes,
            _run(spine, bound, execute, options),
            lambda part, more: _run(part, {**bound, **more}, execute, options),
            options=options,
        )
    if isinstance(plan, Window) and _for_kernel(plan):
        return window_rows(plan, lambda part, more: _run(part, {**bound, **more}, execute, options), options=options)
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
    if not needs_kernel(plan):
        return [("the result", plan)]
    if isinstance(plan, _Temporal):
        nodes, spine = _chain(plan)
        parts = [("the spine" if title == "the result" else title, part) for title, part in relational_parts(spine)]
        for group in fused(nodes):
            for title, part in relational_parts(event_stream(group, None).plan):
                parts.append(("events, sorted for the temporal kernel" if title == "the result" else title, part))
        return parts
    if isinstance(plan, Window) and _for_kernel(plan):
        inner = relational_parts(window_plan(plan).plan)
        return [("rows, sorted for the kernel" if title == "the result" else title, part) for title, part in inner]
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
    """Return a plan with the topmost relations of the kernel as inputs, and those relations by the inputs' names."""
    parts: dict[str, Relation] = {}
    taken = {relation.name for relation in plan.walk() if isinstance(relation, Input)}
    done: dict[str, Relation] = {}
    stack: list[tuple[Relation, bool]] = [(plan, False)]
    while stack:
        relation, below_done = stack.pop()
        key = relation.fingerprint
        if key in done:
            continue
        if _for_kernel(relation):
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
