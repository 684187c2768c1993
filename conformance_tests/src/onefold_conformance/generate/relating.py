"""Metamorphic relations on drawn plans: what holds on a backend between the results of two runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onefold.contract import Backend, Session
from onefold.errors import OnefoldError
from onefold.plan import Relation
from onefold_conformance.generate.allowed import allowed
from onefold_conformance.generate.drawing import Difference, draw_until
from onefold_conformance.generate.metamorphic import METAMORPHIC, MetamorphicRelation, problem_with
from onefold_conformance.generate.plans import MOST_RELATIONS, DrawnPlan, plans

__all__ = ["Broken", "RelationsReport", "relate"]

_ABOUT: Mapping[str, tuple[str, ...]] = {
    "unrelated_key": ("as_of_join", "trailing_aggregate"),
    "merged_tiles": ("time_buckets",),
    "united_keys": ("aggregate", "deduplicate", "window", "time_buckets", "distinct"),
    "doubled_filters": ("filter",),
}
"""The kinds of relations that some metamorphic relations are about; they are drawn alone, directly on a table."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The smallest plan found for which a relation does not hold.

    Args:
        relation: The name of the relation.
        plan: The plan.
        inputs: The tables that it reads.
        problem: What is wrong.
    """

    relation: str
    plan: Relation
    inputs: Mapping[str, pa.Table]
    problem: str


@dataclass(frozen=True, slots=True)
class RelationsReport:
    """What the relations gave on a backend.

    Args:
        checked: To how many plans each relation applied; those of shrinking are counted, too.
        broken: The relations that do not hold.
    """

    checked: Mapping[str, int]
    broken: tuple[Broken, ...]


def relate(
    backend: Backend,
    *,
    examples: int = 100,
    seed: int | None = None,
    options: Mapping[str, Any] | None = None,
    relations: Iterable[str] = tuple(METAMORPHIC),
    without: Iterable[str] = (),
) -> RelationsReport:
    """Draw plans for each metamorphic relation and check it on a backend.

    Args:
        backend: The backend.
        examples: How many plans are drawn for each relation.
        seed: Where drawing begins; the same plans every time when left out.
        options: The options with which its session is opened.
        relations: The names of the relations.
        without: Capabilities that are not used although the backend offers them.
    """
    limits = allowed(backend.capabilities, without=without)
    checked: Counter[str] = Counter()
    broken: dict[str, Broken] = {}

    def checking(name: str, session: Session) -> Callable[[DrawnPlan], None]:
        def check(drawn: DrawnPlan) -> None:
            problem = _problem(session, drawn, METAMORPHIC[name])
            checked[name] += problem is not None
            if problem:
                broken[name] = Broken(name, drawn.plan, drawn.inputs, problem)
                raise Difference(problem)

        return check

    with backend.open(options or {}) as session:
        for name in relations:
            kinds = _ABOUT.get(name)
            strategy = plans(limits, kinds=kinds, exact=True, most=1 if kinds else MOST_RELATIONS)
            draw_until(checking(name, session), strategy, examples=examples, seed=seed)
    return RelationsReport(dict(checked), tuple(broken.values()))


def _problem(session: Session, drawn: DrawnPlan, relation: MetamorphicRelation) -> str | None:
    try:
        return problem_with(session, drawn.plan, drawn.inputs, relation)
    except OnefoldError as error:
        return f"raised {type(error).__name__}: {error}"
