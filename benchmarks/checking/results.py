"""What a tool wrote, in the order of the spine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

__all__ = ["Result"]


class Result:
    """The columns of a result, in the order of the spine.

    Args:
        path: The Parquet file, or the folder of files.
        rows: How many spine rows there are.

    Raises:
        ValueError: If the spine's rows are not there, each exactly once.
    """

    def __init__(self, path: Path, rows: int) -> None:
        self._data = ds.dataset(path, format="parquet")
        numbers = self._data.to_table(columns=["row"])["row"].to_numpy()
        self._order = np.argsort(numbers, kind="stable")
        if not np.array_equal(numbers[self._order], np.arange(rows)):
            lost = rows - len(np.unique(numbers[(numbers >= 0) & (numbers < rows)]))
            raise ValueError(
                f"the {rows:,} spine rows did not come out exactly once: there are {len(numbers):,} rows, "
                f"and {lost:,} of the spine's are missing"
            )
        self._order = pa.array(self._order)

    @property
    def names(self) -> frozenset[str]:
        """The columns that are there."""
        return frozenset(self._data.schema.names)

    def column(self, name: str) -> pa.Array:
        """Return a column."""
        values = self._data.to_table(columns=[name])[name].combine_chunks()
        if isinstance(values, pa.ChunkedArray):
            values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
        return values.take(self._order)
