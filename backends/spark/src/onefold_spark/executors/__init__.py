"""What runs on Spark's executors, over Arrow: the temporal kernel, and the user's Python functions.

For a backend whose ``frame_of(relation)`` gives the rows of any relation as a DataFrame:

* :func:`kernel_frame` gives the rows of a relation that the kernel computes: a chain of trailing aggregates and as-of
  joins, a window, an aggregate, tiles. ``frame_of`` is asked for the ordinary relations below.
* :func:`map_batches_frame` gives the rows of a Python transform.
* :func:`shipped_error` finds the error of onefold's that an executor raised in the text of a failure of Spark's.

The rules of the interface:

* Columns go by place, never by name: a frame has one column for each of its relation's output, in that order, in the
  types of :func:`onefold_spark.schemas.spark_type`. Frames that are returned have the names ``c0``, ``c1``, and so on, which need no quoting
  and no care for small and capital letters; give them others with ``frame.toDF(*names)``.
* A frame of ``frame_of`` may have one more column, the last: a bigint that numbers its rows in the relation's order.
  Without it, rows are in the order in which Spark reads the frame.
* Public DataFrame API only, and SQL text in place of columns, so that classic sessions and Spark Connect behave alike.
  Executors need ``onefold`` and ``onefold-spark`` installed. Sessions are expected to have the time zone UTC, and to
  profit from ``spark.sql.execution.arrow.maxBytesPerBatch`` without a bound.
"""

from onefold_spark.executors.errors import shipped_error
from onefold_spark.executors.frames import FrameOf
from onefold_spark.executors.relations import kernel_frame
from onefold_spark.executors.transforms import map_batches_frame
from onefold_spark.executors.tuning import Tuning

__all__ = ["FrameOf", "Tuning", "kernel_frame", "map_batches_frame", "shipped_error"]
