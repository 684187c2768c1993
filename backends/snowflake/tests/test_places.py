"""The places of the rows of inputs go on from batch to batch."""

from __future__ import annotations

import pyarrow as pa

from onefold.types import Schema, schema_to_arrow
from onefold_snowflake.places import PLACE, with_places


def test_places_go_on_from_batch_to_batch() -> None:
    schema = Schema.of(k="string")
    batches = [pa.record_batch({"k": values}, schema_to_arrow(schema)) for values in (["b", "a"], [], ["c"])]
    placed, wider = with_places(batches, schema)
    rows = pa.Table.from_batches(placed, schema_to_arrow(wider)).to_pylist()
    assert rows == [{"k": "b", PLACE: 0}, {"k": "a", PLACE: 1}, {"k": "c", PLACE: 2}]
