"""The Python functions that cases name in their plans: registered here, as a user's module would."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from onefold.execution.functions import reference
from onefold.plan import FunctionRef

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


FUNCTIONS: Mapping[str, FunctionRef] = MappingProxyType(
    {
        function.__name__: reference(function)
        for function in (double, only_positive, twice, fail_on_negative, wrong_column)
    }
)
"""The functions by the names under which cases name them."""
