"""The user's Python functions on executors."""

from __future__ import annotations

import sys
import sysconfig
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
from pyspark import cloudpickle
from pyspark.sql import DataFrame

from onefold.errors import ConfigurationError
from onefold.plan import Input, MapBatches
from onefold.transforms import resolve, run_transform
from onefold.types import SchemaNormaliser
from onefold_spark.executors.errors import shipping
from onefold_spark.executors.frames import mapped

__all__ = ["map_batches_frame"]

_INSTALLED = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_REGISTRY = threading.Lock()


def map_batches_frame(node: MapBatches, frame: DataFrame) -> DataFrame:
    """Return the rows that a Python transform makes.

    Args:
        node: The transform. Its function is resolved here, and sent to the executors.
        frame: The rows that it reads.

    Raises:
        ConfigurationError: If the function is not registered in this process, or can not be sent.
    """
    task = _TransformTask(node.replace(input=Input(name="rows", columns=node.input.output)), _packed(node))
    return mapped(frame, task, node.output)


@dataclass(frozen=True)
class _TransformTask:
    """Runs a transform over one partition.

    Args:
        node: The transform, over an input in place of its rows.
        function: The function, pickled.
    """

    node: MapBatches
    function: bytes

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        normaliser = SchemaNormaliser(self.node.input.output, where="the rows in a partition")
        names, made = list(normaliser.schema.names), [f"c{number}" for number in range(len(self.node.output))]
        rows = (normaliser(pa.RecordBatch.from_arrays(batch.columns[: len(names)], names=names)) for batch in batches)
        with shipping():
            reader = pa.RecordBatchReader.from_batches(normaliser.schema, rows)
            for batch in run_transform(self.node, reader, function=self._unpacked):
                yield pa.RecordBatch.from_arrays(batch.columns, names=made)

    @cached_property
    def _unpacked(self) -> Callable[[Any], Any]:
        function: Callable[[Any], Any] = cloudpickle.loads(self.function)
        return function


def _packed(node: MapBatches) -> bytes:
    function = resolve(node.function)
    try:
        with _sent_whole(getattr(function, "__module__", None)):
            packed: bytes = cloudpickle.dumps(function)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise ConfigurationError(
            f"The transform {node.function.name!r} can not be sent to Spark's executors: {error}. "
            "Let it hold plain values only, and open files and connections inside of it."
        ) from error
    return packed


@contextmanager
def _sent_whole(name: str | None) -> Iterator[None]:
    """Let the code of a module be sent instead of its name, unless it is installed: executors can not import it."""
    own = sys.modules.get(name or "")
    if own is None or name == "__main__" or _is_installed(own):
        yield
        return
    module = sys.modules[own.__name__.partition(".")[0]]  # it may be a namespace, which has no file
    with _REGISTRY:
        cloudpickle.register_pickle_by_value(module)  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            cloudpickle.unregister_pickle_by_value(module)  # type: ignore[no-untyped-call]


def _is_installed(module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    return file is None or any(Path(file).resolve().is_relative_to(place) for place in _INSTALLED)
