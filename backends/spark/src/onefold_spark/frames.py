"""Plans as Spark's data frames: SQL for the ordinary parts, functions on executors for the kernel's and the user's.

Rows have an order where their plan gives them one: a sort, or the spine of a temporal relation. Filters and projections
above keep it, because Spark computes them within each partition.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from onefold.kernel.splitting import cut_at, for_kernel
from onefold.plan import Column, Filter, Input, Limit, MapBatches, NamedExpression, Project, Relation
from onefold.sql.division import left_to_kernel
from onefold.sql.relations import Leaves, plan_text
from onefold.types import INT64, Field, Schema
from onefold.types.naming import fresh
from onefold_spark.dialect import DIALECT
from onefold_spark.executors.relations import kernel_frame
from onefold_spark.executors.transforms import map_batches_frame
from onefold_spark.executors.tuning import Tuning
from onefold_spark.names import quoted

__all__ = ["Frames", "Views", "apart", "relational_texts"]

_CHOSEN = left_to_kernel(DIALECT)


def apart(relation: Relation) -> bool:
    """Return whether a relation is no part of an SQL query, but runs as a function on executors."""
    return isinstance(relation, MapBatches) or for_kernel(relation, _CHOSEN)


class Views:
    """The temporary views of one run, each under a name that no other run has.

    Args:
        spark: The session that they belong to.
    """

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark
        self._names: list[str] = []

    def of(self, frame: DataFrame, what: str = "rows") -> str:
        """Return the name of a view of a frame."""
        del what  # a name is unique, and says nothing
        name = f"onefold_{uuid.uuid4().hex}"
        frame.createTempView(name)
        self._names.append(name)
        return name

    def drop(self) -> None:
        """Drop all of them; idempotent."""
        while self._names:
            self._spark.catalog.dropTempView(self._names.pop())


class Frames:
    """Makes the frames of one run.

    Args:
        spark: The session in which it runs.
        views: Its views.
        leaves: How sources and inputs are read; given the name of the view that holds each input.
        input_frame: Returns the rows of an input; in order, or with a last column of their numbers, where asked for.
        note: Called with the text of each query.
        tuning: How work is laid out on executors.
    """

    def __init__(
        self,
        spark: SparkSession,
        views: Views,
        leaves: Callable[[Callable[[str], str]], Leaves],
        input_frame: Callable[[Input, bool, bool], DataFrame],
        note: Callable[[str], None],
        *,
        tuning: Tuning,
    ) -> None:
        self._spark = spark
        self._views = views
        self._leaves = leaves
        self._input_frame = input_frame
        self._note = note
        self._tuning = tuning
        self._done: dict[tuple[str, bool, bool], DataFrame] = {}

    def frame(self, plan: Relation, *, ordered: bool = False, numbers: bool = False) -> DataFrame:
        """Return the rows of a plan, its output's columns under their names.

        Args:
            plan: The plan.
            ordered: Whether they are wanted in the order that the plan gives them.
            numbers: Whether a last column may number them in that order, which is then not that of the frame.
        """
        key = (plan.fingerprint, ordered, numbers)
        if key not in self._done:
            self._done[key] = self._made(plan, ordered, numbers)
        return self._done[key]

    def _made(self, plan: Relation, ordered: bool, numbers: bool) -> DataFrame:
        if isinstance(plan, Input):
            return self._input_frame(plan, ordered, numbers)
        if apart(plan):
            return self._apart(plan, ordered, numbers)
        above, parts = cut_at(plan, lambda relation: isinstance(relation, Input) or apart(relation))
        bottom, limited = _bottom(above)
        frames: dict[str, DataFrame] = {}
        for name, part in parts.items():
            first = isinstance(bottom, Input) and bottom.name == name
            frames[name] = self.frame(
                part, ordered=first and (ordered or limited), numbers=first and numbers and not limited
            )
        if isinstance(bottom, Input) and len(frames[bottom.name].columns) > len(bottom.output):
            above = _carrying(above, bottom, frames[bottom.name].columns[-1])
        tables = {name: self._views.of(frame) for name, frame in frames.items()}
        text = plan_text(above, DIALECT, self._leaves(tables.__getitem__))
        self._note(text)
        return self._spark.sql(text)

    def _apart(self, plan: Relation, ordered: bool, numbers: bool) -> DataFrame:
        names = list(plan.output.names)
        if isinstance(plan, MapBatches):
            return map_batches_frame(plan, self.frame(plan.input, ordered=ordered)).toDF(*names)
        node: Any = plan
        below = partial(self.frame, numbers=True)
        frame = kernel_frame(node, below, ordered=ordered, tuning=self._tuning)
        frame = frame.toDF(*names, *[fresh("onefold_row", names)] * (len(frame.columns) - len(names)))
        return frame if numbers or len(frame.columns) == len(names) else frame.select(*map(quoted, names))


def _bottom(plan: Relation) -> tuple[Relation, bool]:
    """Return the relation whose order the rows of a plan have, and whether that order decides which of them are kept."""
    limited = False
    while isinstance(plan, Filter | Project | Limit):
        limited = limited or isinstance(plan, Limit)
        plan = plan.input
    return plan, limited


def _carrying(plan: Relation, bottom: Input, name: str) -> Relation:
    """Return a plan of filters and projections above an input with one more column of that input, the last."""
    if plan is bottom:
        return Input(name=bottom.name, columns=Schema([*bottom.columns, Field(name, INT64, False)]))
    assert isinstance(plan, Filter | Project)
    below = _carrying(plan.input, bottom, name)
    if isinstance(plan, Filter):
        return plan.replace(input=below)
    carried = NamedExpression(name=name, expression=Column(name=name))
    return plan.replace(input=below, columns=(*plan.columns, carried))


def relational_texts(plan: Relation, leaves: Leaves) -> list[tuple[str, str]]:
    """Return the queries that a plan is made of, innermost first, and what is computed between them."""
    if isinstance(plan, Input):
        return []
    if not apart(plan):
        above, parts = cut_at(plan, apart)
        below = [item for part in parts.values() for item in relational_texts(part, leaves)]
        return [*below, ("query", plan_text(above, DIALECT, leaves, pretty=True))]
    below = [item for part in plan.inputs for item in relational_texts(part, leaves)]
    what = f"the function {plan.function.name!r}" if isinstance(plan, MapBatches) else f"{plan.kind}, by the kernel"
    return [*below, ("on executors", what)]
