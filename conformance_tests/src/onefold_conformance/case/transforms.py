"""The Python functions that cases name in their plans: registered here, as a user's module would."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from onefold.plan import FunctionRef
from onefold.transforms import reference

__all__ = ["FUNCTIONS"]


def double(batch: pa.Table) -> pa.Table:
    """Return the column ``v`` doubled, beside ``k``."""
    return pa.table({"k": batch["k"], "v": pc.multiply(batch["v"], 2)})


def only_positive(batch: pa.Table) -> pa.Table:
    """Return the rows whose ``v`` is above zero: fewer than came in."""
    return batch.filter(pc.greater(batch["v"], 0))


def twice(batch: pa.Table) -> pa.Table:
    """Return every row two times: more than came in."""
    return pa.concat_tables([batch, batch])


def fail_on_negative(batch: pa.Table) -> pa.Table:
    """Return the rows as they are, or fail when a ``v`` is negative."""
    if pc.any(pc.less(batch["v"], 0)).as_py():
        raise ValueError("a negative value")
    return batch


def wrong_column(batch: pa.Table) -> pa.Table:
    """Return a column that nobody declared."""
    return pa.table({"other": batch["v"]})


def no_rows(batch: pa.Table) -> pa.Table:
    """Return no rows at all, in the columns that came in."""
    return batch.slice(0, 0)


def in_another_order(batch: pa.Table) -> pa.Table:
    """Return the columns in the opposite order: they are matched by name."""
    return batch.select(batch.column_names[::-1])


def in_small_types(batch: pa.Table) -> pa.Table:
    """Return ``v`` in 32 bits and ``k`` as a dictionary: types that become portable ones without loss."""
    return pa.table({"k": batch["k"].dictionary_encode(), "v": batch["v"].cast(pa.int32())})


def beyond_int64(batch: pa.Table) -> pa.Table:
    """Return values that are too large for the declared int64."""
    return pa.table({"k": batch["k"], "v": pa.array([2**63] * batch.num_rows, pa.uint64())})


def text_for_numbers(batch: pa.Table) -> pa.Table:
    """Return text where integers are declared."""
    return pa.table({"k": batch["k"], "v": batch["v"].cast(pa.string())})


def no_table(batch: pa.Table) -> int:
    """Return something that is no table."""
    return int(batch.num_rows)


FUNCTIONS: Mapping[str, FunctionRef] = MappingProxyType(
    {
        function.__name__: reference(function)
        for function in (
            double,
            only_positive,
            twice,
            fail_on_negative,
            wrong_column,
            no_rows,
            in_another_order,
            in_small_types,
            beyond_int64,
            text_for_numbers,
            no_table,
        )
    }
)
"""The functions by the names under which cases name them."""
