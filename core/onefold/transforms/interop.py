"""Arrow to polars and pandas and back: the one module of core that imports either, and only when asked to."""

from __future__ import annotations

from typing import Any, Literal

import pyarrow as pa

from onefold.errors import ConfigurationError

__all__ = ["frame_to_arrow", "to_pandas", "to_polars"]


def to_polars(table: pa.Table) -> Any:
    """Return an Arrow table as a ``polars.DataFrame``.

    Raises:
        ConfigurationError: If polars is not installed.
    """
    try:
        import polars
    except ImportError as error:
        raise _missing("polars") from error
    return polars.from_arrow(table)


def to_pandas(table: pa.Table, *, dtypes: Literal["numpy", "arrow"] = "numpy") -> Any:
    """Return an Arrow table as a ``pandas.DataFrame``, without losing integers.

    Args:
        table: The table.
        dtypes: ``"numpy"`` gives pandas' usual types, with the nullable ``Int64`` and ``boolean`` for integer and
            bool columns that hold nulls (plain ones would turn into floats or objects); ``"arrow"`` gives
            ``ArrowDtype`` columns, which lose nothing.

    Raises:
        ConfigurationError: If pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise _missing("pandas") from error
    if dtypes == "arrow":
        return table.to_pandas(types_mapper=pandas.ArrowDtype)
    nullable = {pa.int64(): pandas.Int64Dtype(), pa.bool_(): pandas.BooleanDtype()}
    frame = table.to_pandas()
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count and column.type in nullable:
            frame[name] = column.to_pandas(types_mapper=nullable.get)
    return frame


def frame_to_arrow(frame: Any) -> pa.Table:
    """Return a frame of any library that speaks Arrow as an Arrow table; a pandas index is left out.

    Raises:
        TypeError: If the object is no table.
    """
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if type(frame).__module__.split(".")[0] == "pandas":
        return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    raise TypeError(f"expected a table, got {type(frame).__name__}")


def _missing(library: str) -> ConfigurationError:
    return ConfigurationError(f"{library} is not installed in this environment. Install it with: pip install {library}")
