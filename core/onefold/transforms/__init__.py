"""The user's Python functions: how plans name them, and how they run over batches."""

from onefold.transforms.batches import BATCH_ROWS, run_transform
from onefold.transforms.functions import reference, resolve
from onefold.transforms.interop import frame_to_arrow, to_pandas, to_polars
from onefold.transforms.interrupts import interrupt_functions

__all__ = [
    "BATCH_ROWS",
    "frame_to_arrow",
    "interrupt_functions",
    "reference",
    "resolve",
    "run_transform",
    "to_pandas",
    "to_polars",
]
