"""The frames of the relations that the kernel computes."""

from __future__ import annotations

from pyspark.sql import DataFrame

from onefold.kernel import TemporalNode
from onefold.kernel.splitting import chain_of, tiles_in_groups
from onefold.plan import Aggregate, TimeBuckets, Window
from onefold_spark.executors.chains import chain_frame
from onefold_spark.executors.frames import FrameOf, numbered
from onefold_spark.executors.groups import grouped_frame
from onefold_spark.executors.tuning import Tuning

__all__ = ["kernel_frame"]


def kernel_frame(
    node: TemporalNode | Window | Aggregate | TimeBuckets,
    frame_of: FrameOf,
    *,
    ordered: bool = False,
    tuning: Tuning | None = None,
) -> DataFrame:
    """Return the rows of a relation that the kernel computes.

    Args:
        node: The relation.
        frame_of: Returns the rows of any relation: of ordinary ones, and of those below that the kernel computes too.
        ordered: Whether the rows of a temporal relation are wanted in the order of its spine: one executor then sorts
            them, for someone who reads them one after another. All others have no order.
        tuning: How the work is laid out.

    Returns:
        One column for each of the relation's output, called ``c0``, ``c1`` and so on. Unless ``ordered``, that of a
        temporal relation has one more, which numbers the rows in the order of the spine.
    """
    tuning = tuning or Tuning()
    match node:
        case Window() | Aggregate():
            return grouped_frame(node, frame_of, tuning.kernel)
        case TimeBuckets():
            return numbered(frame_of(tiles_in_groups(node)))
    nodes, spine = chain_of(node)
    frame = chain_frame(nodes, frame_of(spine), frame_of, tuning)
    width = len(node.output)
    if ordered:
        # Not sort(): to choose the ranges of a distributed sort, Spark would compute all rows twice.
        return frame.repartition(1).sortWithinPartitions(f"c{width}").select(*(f"c{number}" for number in range(width)))
    return frame
