"""The places of the rows of inputs: tables keep no order, so each row says where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from onefold.types import INT64, Field, Schema

__all__ = ["PLACE", "with_places"]

PLACE = "onefold$place"
"""The column of loaded inputs that holds the places of their rows, ascending."""


def with_places(batches: Iterable[pa.RecordBatch], schema: Schema) -> tuple[Iterator[pa.RecordBatch], Schema]:
    """Return rows with their places beside them, as they come, and their schema.

    Args:
        batches: The rows.
        schema: Their schema.
    """

    def numbered() -> Iterator[pa.RecordBatch]:
        start = 0
        for batch in batches:
            stop = start + batch.num_rows
            yield batch.append_column(PLACE, pa.array(np.arange(start, stop, dtype=np.int64)))
            start = stop

    return numbered(), Schema([*schema, Field(PLACE, INT64, False)])
