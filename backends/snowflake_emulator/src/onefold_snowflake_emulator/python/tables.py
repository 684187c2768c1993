"""Table functions: their handlers are classes, and each partition of rows has an object of its own.

https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-functions and
https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-vectorized
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa

from onefold_snowflake_emulator.errors import SnowflakeError, compilation_error
from onefold_snowflake_emulator.python.sandbox import BATCH, INPUT, Sandbox
from onefold_snowflake_emulator.python.values import Parameter, WrongValueError, array, pandas, series, values

KEYS: Final = ("run", "partition", "position", "size", "row")
"""What a call gets of each row before its arguments: which run of the statement it belongs to, which partition and where
in it, how many rows that has, and the number of the row."""

_BATCH_ROWS: Final = 4096
"""How many rows a batch has of which the function does not say so: "up to a few thousand"."""


@dataclass(frozen=True)
class Output:
    """Rows that a function returned.

    Attributes:
        columns: Their columns.
        rows: The numbers of the rows of input that they belong to; of the end of a partition, nulls.
    """

    columns: Sequence[pa.Array]
    rows: pa.Array


class Handler:
    """The class that handles a table function.

    Attributes:
        by_partition: Whether it takes partitions as a whole, and so has to be called with PARTITION BY.
    """

    def __init__(self, sandbox: Sandbox, arguments: Sequence[Parameter], columns: Sequence[Parameter]) -> None:
        """Take a handler.

        Args:
            sandbox: The body that defines it.
            arguments: The arguments of the function.
            columns: The columns that it returns.

        Raises:
            SnowflakeError: The handler is no class, or its methods do not go together.
        """
        self._sandbox = sandbox
        self._arguments = arguments
        self._columns = columns
        defined = sandbox.defined
        if not inspect.isclass(defined):
            raise _refused(f"the handler {sandbox.handler} is not a class.")
        self._make: Callable[[], Any] = defined
        process, end = getattr(defined, "process", None), getattr(defined, "end_partition", None)
        self._vectorised = hasattr(process, INPUT)
        self.by_partition = hasattr(end, INPUT)
        if self.by_partition and process is not None:
            raise _refused(f"{sandbox.handler} has a vectorized end_partition, and so no process method.")
        if process is None and not self.by_partition:
            raise _refused(f"{sandbox.handler} has no process method.")
        marked = process if self._vectorised else end
        if (self._vectorised or self.by_partition) and getattr(marked, INPUT) is not pandas().DataFrame:
            raise _refused("the input of a vectorized method is pandas.DataFrame.")
        self._step = int(getattr(process, BATCH, _BATCH_ROWS)) if self._vectorised else _BATCH_ROWS
        if self._step < 1:
            raise _refused("max_batch_size is a positive number.")

    def run(self, rows: pa.Table) -> Output:
        """Run the handler on a partition.

        Args:
            rows: The numbers of the rows, then a column per argument, in the order of the partition.

        Raises:
            SnowflakeError: The handler fails, or returns what the columns cannot hold.
        """
        made = list(self._run(rows))
        columns = [
            pa.concat_arrays([each.columns[number] for each in made]) if made else pa.array([], column.arrow)
            for number, column in enumerate(self._columns)
        ]
        return Output(columns, pa.concat_arrays([pa.array([], pa.int64()), *(each.rows for each in made)]))

    def _run(self, rows: pa.Table) -> Iterator[Output]:
        with self._sandbox.running():
            instance = self._make()
        if self.by_partition:
            frame = self._frame(rows)
            for piece in self._called(partial(instance.end_partition, frame)):
                yield self._ended(piece)
            return
        for start in range(0, len(rows), self._step):
            batch = rows.slice(start, self._step)
            yield from self._batch(instance, batch) if self._vectorised else self._each(instance, batch)
        if not hasattr(instance, "end_partition"):
            return
        if self._vectorised:
            for piece in self._called(instance.end_partition):
                yield self._ended(piece)
        else:
            yield self._tuples([(None, each) for each in self._yielded(instance.end_partition)])

    def _batch(self, instance: Any, batch: pa.Table) -> Iterator[Output]:
        frame = self._frame(batch)
        with self._sandbox.running():
            returned = instance.process(frame)
        columns = self._arrays(returned)
        if len(columns[0]) != len(batch):
            raise self._sandbox.error(f"process returned {len(columns[0])} rows for {len(batch)}")
        yield Output(columns, pa.concat_arrays(batch.column(0).chunks))

    def _each(self, instance: Any, batch: pa.Table) -> Iterator[Output]:
        numbers, *arguments = (values(column) for column in batch.columns)
        given: Iterable[tuple[Any, ...]] = zip(*arguments, strict=True) if arguments else [()] * len(batch)
        made: list[tuple[int | None, tuple[Any, ...]]] = []
        for number, row in zip(numbers, given, strict=True):
            made.extend((number, each) for each in self._yielded(partial(instance.process, *row)))
        yield self._tuples(made)

    def _frame(self, rows: pa.Table) -> Any:
        pd = pandas()
        named = zip(self._arguments, rows.columns[1:], strict=True)
        return pd.DataFrame({argument.name: series(column) for argument, column in named}, index=range(len(rows)))

    def _called(self, method: Callable[[], Any]) -> Iterator[Any]:
        """Yield what a vectorised end of a partition returns or yields, piece by piece."""
        with self._sandbox.running():
            returned = method()
        if not isinstance(returned, Iterator):
            yield returned
            return
        yield from self._iterated(returned)

    def _yielded(self, method: Callable[[], Any]) -> Iterator[Any]:
        """Yield the tuples that a method returns or yields, up to one that is None."""
        with self._sandbox.running():
            returned = method()
        if returned is None:
            return
        if not isinstance(returned, Iterable):
            raise self._sandbox.error(f"a method returned {returned!r}, and not an iterable of tuples")
        with self._sandbox.running():
            iterator = iter(returned)
        for each in self._iterated(iterator):
            if each is None:
                return
            if not isinstance(each, tuple):
                raise self._sandbox.error(f"a row is a tuple, and not {each!r}")
            if len(each) != len(self._columns):
                raise self._sandbox.error(f"a row has {len(each)} values for {len(self._columns)} columns")
            yield each

    def _iterated(self, iterator: Iterator[Any]) -> Iterator[Any]:
        while True:
            with self._sandbox.running():
                try:
                    each = next(iterator)
                except StopIteration:
                    return
            yield each

    def _tuples(self, rows: Sequence[tuple[int | None, tuple[Any, ...]]]) -> Output:
        columns = [self._array([row[number] for _, row in rows], column) for number, column in enumerate(self._columns)]
        return Output(columns, pa.array([number for number, _ in rows], pa.int64()))

    def _ended(self, piece: Any) -> Output:
        columns = self._arrays(piece)
        return Output(columns, pa.nulls(len(columns[0]), pa.int64()))

    def _arrays(self, returned: Any) -> list[pa.Array]:
        """Return the columns of a frame, or of a tuple or list of columns; their names do not matter."""
        if isinstance(returned, pandas().DataFrame):
            found = [returned.iloc[:, number] for number in range(returned.shape[1])]
        elif isinstance(returned, tuple | list):
            found = list(returned)
        else:
            kind = type(returned).__name__
            raise self._sandbox.error(f"a vectorized method returns a DataFrame or a tuple of columns, and not {kind}")
        if len(found) != len(self._columns):
            raise self._sandbox.error(f"{len(found)} columns were returned for {len(self._columns)}")
        columns = [self._array(each, column) for each, column in zip(found, self._columns, strict=True)]
        if len({len(each) for each in columns}) > 1:
            raise self._sandbox.error("the columns that were returned differ in length")
        return columns

    def _array(self, returned: Any, column: Parameter) -> pa.Array:
        try:
            return array(returned, column)
        except WrongValueError as error:
            raise self._sandbox.error(str(error)) from error


class Partitions:
    """The rows of partitions that have not all come yet.

    DuckDB calls with pieces of the rows, in several threads and in any order. It sorts them by partition, so that only a
    few partitions are ever incomplete.
    """

    def __init__(self, handler: Handler, result: pa.DataType) -> None:
        """Start without rows.

        Args:
            handler: What runs on a partition when all of its rows have come.
            result: The type of what a call returns for each row: a list of structs, the number of a row of input first.
        """
        self._handler = handler
        self._result = result
        self._waiting: dict[tuple[str, int], tuple[int, list[pa.Table]]] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Drop the rows of partitions that will not be complete any more: the statement has ended."""
        with self._lock:
            self._waiting.clear()

    def __call__(self, *columns: pa.ChunkedArray) -> pa.Array:
        """Take rows. What their partition yields comes with the last of them.

        Args:
            columns: The keys of the rows, then the arguments.

        Returns:
            For each row, a list of rows.
        """
        names = [*KEYS, *(str(number) for number in range(len(columns) - len(KEYS)))]
        rows = pa.table([pa.chunked_array(getattr(each, "chunks", [each]), each.type) for each in columns], names)
        lists: list[pa.Array] = []
        with self._lock:  # a handler is called by one thread at a time
            for start, stop in _alike(rows):
                lists.append(self._take(rows.slice(start, stop - start)))
        return pa.concat_arrays([pa.array([], self._result), *lists])

    def _take(self, rows: pa.Table) -> pa.Array:
        """Take rows of one partition."""
        key = (rows["run"][0].as_py(), rows["partition"][0].as_py())
        before, waiting = self._waiting.pop(key, (0, []))
        waiting.append(rows)
        have, empty = before + len(rows), [0] * len(rows)
        if have < rows["size"][0].as_py():
            self._waiting[key] = have, waiting
            return self._lists([*empty, 0], None)
        complete = pa.concat_tables(waiting).sort_by("position").drop_columns(list(KEYS[:-1]))
        output = self._handler.run(complete)
        return self._lists([*empty, len(output.rows)], output)

    def _lists(self, offsets: list[int], output: Output | None) -> pa.Array:
        fields = list(self._result.value_type)
        arrays = [output.rows, *output.columns] if output is not None else [pa.array([], each.type) for each in fields]
        structs = pa.StructArray.from_arrays(arrays, fields=fields)
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs, type=self._result)


def _alike(rows: pa.Table) -> Iterator[tuple[int, int]]:
    """Yield the beginnings and ends of stretches of rows that belong to one partition."""
    if not len(rows):
        return
    runs = rows["run"].combine_chunks().dictionary_encode().indices.to_numpy()
    partitions = rows["partition"].to_numpy()
    changes = np.flatnonzero((np.diff(runs) != 0) | (np.diff(partitions) != 0)) + 1
    bounds = [0, *changes.tolist(), len(rows)]
    yield from pairwise(bounds)


def _refused(why: str) -> SnowflakeError:
    return compilation_error("100356", f"Python table function: {why}", "P0000")
