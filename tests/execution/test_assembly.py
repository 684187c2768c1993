"""Streams side by side: cut anew where their batches differ, and refused where their rows do."""

from __future__ import annotations

import pyarrow as pa
import pytest

from onefold.errors import ExchangeError
from onefold.execution.assembly import side_by_side

SCHEMA = pa.schema([("k", pa.string()), ("a", pa.int64()), ("b", pa.int64())])


def stream(sizes: list[int], rows: list[int], name: str, values: list[object]) -> pa.RecordBatchReader:
    table = pa.table({"row": pa.array(rows, pa.int64()), name: values})
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    batches = [
        pa.record_batch([column.combine_chunks().slice(start, size) for column in table.columns], schema=table.schema)
        for start, size in zip(starts, sizes, strict=True)
    ]
    return pa.RecordBatchReader.from_batches(table.schema, batches)


def together(a: pa.RecordBatchReader, b: pa.RecordBatchReader) -> pa.Table:
    spine = stream([2, 0, 2], [0, 1, 2, 3], "k", ["w", "x", "y", "z"])
    return side_by_side({"stage 0 on arrow": spine, "stage 1 on a": a, "stage 2 on b": b}, "row", SCHEMA).read_all()


@pytest.mark.parametrize("sizes", [[4], [1, 3], [1, 1, 1, 1], [0, 3, 0, 1, 0]], ids=str)
def test_batches_of_any_size_fit_together(sizes: list[int]) -> None:
    table = together(stream(sizes, [0, 1, 2, 3], "a", [5, 6, 7, 8]), stream([3, 1], [0, 1, 2, 3], "b", [1, 2, 3, 4]))
    assert table.schema == SCHEMA
    assert table.to_pydict() == {"k": ["w", "x", "y", "z"], "a": [5, 6, 7, 8], "b": [1, 2, 3, 4]}


def test_no_rows_are_no_rows() -> None:
    empty = {name: pa.schema([("row", pa.int64()), (name, SCHEMA.field(name).type)]).empty_table() for name in "kab"}
    streams = {name: table.to_reader() for name, table in empty.items()}
    assert side_by_side(streams, "row", SCHEMA).read_all().num_rows == 0


def test_another_order_is_an_error_that_names_the_stage_and_the_row() -> None:
    a = stream([4], [0, 1, 2, 3], "a", [5, 6, 7, 8])
    with pytest.raises(ExchangeError, match=r"stage 2 on b is not in the order .* has row 3 in the place of row 2"):
        together(a, stream([4], [0, 1, 3, 2], "b", [1, 2, 3, 4]))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([0, 1, 2], r"stage 2 on b has 3 rows, and that of stage 0 on arrow has more"),
        ([0, 1, 2, 3, 4], r"stage 0 on arrow has 4 rows, and that of stage 2 on b has more"),
    ],
    ids=["too few", "too many"],
)
def test_more_or_fewer_rows_are_an_error(rows: list[int], message: str) -> None:
    a = stream([4], [0, 1, 2, 3], "a", [5, 6, 7, 8])
    with pytest.raises(ExchangeError, match=message):
        together(a, stream([len(rows)], rows, "b", list(rows)))
