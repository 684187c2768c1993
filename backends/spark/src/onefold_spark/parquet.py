"""What lies in Parquet files: the columns that Spark finds in them, known from their footers without a job of Spark's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import types as spark

from onefold.errors import SourceError, listed

__all__ = ["Stored", "read_footers"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A column as files hold it.

    Args:
        arrow: Its Arrow type.
        spark: The type that Spark has for it; None when only Spark knows.
    """

    arrow: pa.DataType
    spark: spark.DataType | None


def read_footers(files: Sequence[Path], wanted: Sequence[str], source: str) -> Mapping[str, Stored]:
    """Return the columns of the first of some files.

    Args:
        files: The files.
        wanted: The columns that each of them must have: Spark would take the values of others for null.
        source: The source's name, for errors.

    Raises:
        SourceError: If a file is no Parquet file, or lacks a column.
    """
    with ThreadPoolExecutor(min(16, len(files)), thread_name_prefix="onefold-footers") as pool:
        found = list(pool.map(lambda file: _columns(file, source), files))
    for file, columns in zip(files, found, strict=True):
        for name in wanted:
            if name not in columns:
                raise SourceError(
                    f"The source {source!r} has no column {name!r} in its files ({file.name!r}). "
                    f"{listed(name, columns, what='columns')}"
                )
    return found[0]


def _columns(file: Path, source: str) -> dict[str, Stored]:
    try:
        metadata = pq.read_metadata(file)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"The source {source!r}: {str(file)!r} can not be read as Parquet: {error}") from error
    leaves = (metadata.schema.column(number) for number in range(metadata.num_columns))
    old = {leaf.path.partition(".")[0] for leaf in leaves if leaf.physical_type == "INT96"}
    return {field.name: Stored(field.type, None if field.name in old else _spark_type(field.type)) for field in schema}


_PLAIN: Mapping[pa.DataType, spark.DataType] = {
    pa.int8(): spark.ByteType(),
    pa.int16(): spark.ShortType(),
    pa.int32(): spark.IntegerType(),
    pa.int64(): spark.LongType(),
    pa.uint8(): spark.ShortType(),
    pa.uint16(): spark.IntegerType(),
    pa.uint32(): spark.LongType(),
    pa.uint64(): spark.DecimalType(20, 0),
    pa.float32(): spark.FloatType(),
    pa.float64(): spark.DoubleType(),
    pa.bool_(): spark.BooleanType(),
    pa.string(): spark.StringType(),
    pa.large_string(): spark.StringType(),
    pa.binary(): spark.BinaryType(),
    pa.large_binary(): spark.BinaryType(),
    pa.date32(): spark.DateType(),
    pa.date64(): spark.DateType(),
}


def _spark_type(arrow: pa.DataType) -> spark.DataType | None:
    """Return the type that Spark gives to values that Arrow writes as a type."""
    if arrow in _PLAIN:
        return _PLAIN[arrow]
    if pa.types.is_timestamp(arrow):
        if arrow.unit == "ns":
            return spark.LongType()
        return spark.TimestampNTZType() if arrow.tz is None else spark.TimestampType()
    if pa.types.is_dictionary(arrow):
        return _spark_type(arrow.value_type)
    if pa.types.is_decimal128(arrow) and 0 <= arrow.scale <= arrow.precision:
        return spark.DecimalType(arrow.precision, arrow.scale)
    if pa.types.is_list(arrow) or pa.types.is_large_list(arrow):
        element = _spark_type(arrow.value_type)
        return None if element is None else spark.ArrayType(element)
    if pa.types.is_struct(arrow):
        fields = [(field.name, _spark_type(field.type)) for field in arrow]
        known = [spark.StructField(name, dtype) for name, dtype in fields if dtype is not None]
        return spark.StructType(known) if len(known) == len(fields) else None
    return None
