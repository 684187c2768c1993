"""What a transform runs in, inside of the warehouse, where there is no onefold: this text stands in its body as it is.

So nothing else of onefold is imported here, and nothing but packages that are always stated. The rules are those of
:func:`onefold.transforms.run_transform`, and tests compare the two. Values come and go in the columns that
:mod:`onefold_snowflake.transforms.carriers` writes.
"""

import base64
import json
import traceback
from collections.abc import Callable

import cloudpickle
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

BATCH_ROWS = 65_536
MARK = "onefold transform: "
LONGEST_MESSAGE = 2_000
NULL, NAN = 1, 2

TYPES = {
    "bool": pa.bool_(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "string": pa.string(),
    "date32": pa.date32(),
    "timestamp[us]": pa.timestamp("us"),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
}


class Failed(Exception):
    """What ends a statement; its text says, after MARK, in one line of JSON what failed and where."""

    def __init__(self, kind: str, message: str, place: object = None) -> None:
        said = {"error": kind, "message": message[:LONGEST_MESSAGE], "place": place}
        super().__init__(MARK + json.dumps(said))


class Task:
    """Runs one function over partitions of rows.

    Args:
        name: The function's name, for errors.
        format: What it gets and gives: ``arrow``, ``pandas`` or ``polars``.
        reads: The names and types of the columns that it gets.
        gives: The names and types of the columns that it has to give.
        pickled: The function, pickled, in base64.
    """

    def __init__(
        self, name: str, format: str, reads: list[tuple[str, str]], gives: list[tuple[str, str]], pickled: str
    ) -> None:
        self.what = f"The transform {name!r}"
        self.where = f"the result of the transform {name!r}"
        self.format = format
        self.reads = [(column, arrow_type(dtype)) for column, dtype in reads]
        self.gives = [(column, arrow_type(dtype)) for column, dtype in gives]
        self.pickled = pickled
        self.function: Callable[[object], object] | None = None

    def run(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that the function makes of those of a partition."""
        if frame.isna().to_numpy().any():  # pandas may take something for null that is none
            raise Failed(
                "exchange", f"{self.what} got a null in the place of a value. Set the option transforms to 'here'."
            )
        rows = decoded(frame, self.reads)
        pieces = [rows.slice(start, BATCH_ROWS) for start in range(0, rows.num_rows, BATCH_ROWS)]
        made = [self.declared(batch) for piece in pieces for batch in self.piece(piece).to_batches()]
        return encoded(pa.Table.from_batches(made, arrow_schema(self.gives)))

    def piece(self, rows: pa.Table) -> pa.Table:
        """Return what the function makes of at most BATCH_ROWS rows."""
        if self.function is None:
            try:
                self.function = cloudpickle.loads(base64.b64decode(self.pickled))
            except Exception as error:  # noqa: BLE001 - whatever it is, the statement ends with it
                raise Failed("load", f"{self.what} can not be loaded: {type(error).__name__}: {error}") from None
        argument = as_format(rows, self.format)
        try:
            result = self.function(argument)
        except Exception as error:  # noqa: BLE001 - whatever the user's function raises
            raise Failed("transform", f"{self.what} failed: {type(error).__name__}: {error}", self.own(error)) from None
        try:
            return as_table(result)
        except TypeError:
            raise Failed(
                "exchange",
                f"{self.what} returned {type(result).__name__}; it has to return a table "
                f"(a {self.format} one, or anything that speaks Arrow).",
            ) from None
        except pa.ArrowException as error:
            raise Failed("exchange", f"{self.what} returned a table that Arrow can not hold: {error}") from None

    def own(self, error: Exception) -> tuple[str, int, str] | None:
        """Return the last place of the function's own file that an error has come from: file, line and name."""
        frames = traceback.extract_tb(error.__traceback__)[1:]
        code = getattr(self.function, "__code__", None)
        own = [frame for frame in frames if code is not None and frame.filename == code.co_filename] or frames
        return (own[-1].filename, own[-1].lineno or 0, own[-1].name) if own else None

    def declared(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return rows in the columns that the function has to give, matched by name."""
        names, wanted = batch.schema.names, [name for name, _ in self.gives]
        if sorted(names) != sorted(wanted):
            missing = [name for name in wanted if name not in names]
            extra = [name for name in names if name not in wanted or names.count(name) > 1]
            raise Failed(
                "exchange", f"{self.where} has other columns than declared: missing {missing}, unexpected {extra}."
            )
        columns = []
        for name, target in self.gives:
            array = batch.column(name)
            try:
                columns.append(converted(array, target))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, OverflowError) as error:
                raise Failed(
                    "exchange",
                    f"{self.where}: the column {name!r} has the Arrow type {array.type} and can not become "
                    f"{target} without loss: {error}. Cast it where it is made, or declare another type.",
                ) from None
        return pa.RecordBatch.from_arrays(columns, schema=arrow_schema(self.gives))


def arrow_type(dtype: str) -> pa.DataType:
    """Return the Arrow type of a portable one that a carrier can hold."""
    if dtype.startswith("decimal128("):
        precision, scale = dtype[len("decimal128(") : -1].split(",")
        return pa.decimal128(int(precision), int(scale))
    return TYPES[dtype]


def arrow_schema(columns: list[tuple[str, pa.DataType]]) -> pa.Schema:
    """Return columns as an Arrow schema."""
    return pa.schema([pa.field(name, dtype) for name, dtype in columns])


def decoded(frame: pd.DataFrame, columns: list[tuple[str, pa.DataType]]) -> pa.Table:
    """Return the rows of a frame of carriers and flags, by their places, as what they stand for."""
    arrays = []
    for number, (_, target) in enumerate(columns):
        carrier, flags = frame.iloc[:, 2 * number], frame.iloc[:, 2 * number + 1].to_numpy().astype("int64")
        if pa.types.is_floating(target):
            values = pa.array(carrier.to_numpy().astype("float64"))
            values = pc.add(pc.if_else(pa.array(flags == NAN), float("nan"), values), 0.0)
        elif pa.types.is_boolean(target) or pa.types.is_date(target):
            numbers = pa.array(carrier.to_numpy().astype("int32"))
            values = numbers.cast(target)
        else:
            texts = pa.array(carrier.to_numpy().astype(object), pa.string())
            if pa.types.is_timestamp(target):
                texts = texts.cast(pa.int64())
            values = texts.cast(target)
        arrays.append(pc.if_else(pa.array(flags == NULL), pa.scalar(None, target), values))
    return pa.Table.from_arrays(arrays, schema=arrow_schema(columns))


def encoded(table: pa.Table) -> pd.DataFrame:
    """Return rows as a frame of carriers and flags."""
    made = {}
    for number, column in enumerate(table.columns):
        values = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        flags = values.is_null().to_numpy(zero_copy_only=False).astype("int64") * NULL
        dtype = values.type
        if pa.types.is_floating(dtype):
            carrier = pc.fill_null(values, 0.0).to_numpy(zero_copy_only=False)
            nan = carrier != carrier  # noqa: PLR0124 - that is what tells NaN from the rest
            flags[nan] = NAN
            carrier = pd.Series(carrier).mask(nan, 0.0)
        elif pa.types.is_boolean(dtype) or pa.types.is_date(dtype):
            numbers = values.cast(pa.int32())
            carrier = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False).astype("int64")
        else:
            if pa.types.is_timestamp(dtype):
                values = values.cast(pa.int64())
            empty = "" if pa.types.is_string(dtype) else "0"
            carrier = pc.fill_null(as_texts(values), empty).to_numpy(zero_copy_only=False)
        made[f"C{number}"], made[f"M{number}"] = carrier, flags
    return pd.DataFrame(made)


def as_texts(values: pa.Array) -> pa.Array:
    """Return texts of whole numbers, decimals, or texts themselves."""
    if pa.types.is_decimal(values.type):  # Arrow would write some with an exponent
        return pa.array([None if value is None else format(value, "f") for value in values.to_pylist()], pa.string())
    return values.cast(pa.string())


def as_format(rows: pa.Table, format: str) -> object:
    """Return rows as what the function gets."""
    if format == "polars":
        import polars as pl  # noqa: PLC0415 - it is stated for these functions only

        return pl.from_arrow(rows)
    if format == "pandas":
        return rows.to_pandas(types_mapper=pd.ArrowDtype)
    return rows


def as_table(result: object) -> pa.Table:
    """Return what the function gave as an Arrow table; a TypeError when it is no table."""
    if isinstance(result, pa.Table):
        return result
    if isinstance(result, pa.RecordBatch):
        return pa.Table.from_batches([result])
    if type(result).__module__.split(".")[0] == "pandas":
        return pa.Table.from_pandas(result, preserve_index=False).replace_schema_metadata(None)
    if hasattr(result, "__arrow_c_stream__"):
        return pa.table(result)
    raise TypeError


def converted(array: pa.Array, target: pa.DataType) -> pa.Array:
    """Return an array as a type; an error of Arrow when a value would change."""
    if pa.types.is_dictionary(array.type):
        if str(array.type.value_type) == "string_view":  # Arrow can not gather views
            array = pa.DictionaryArray.from_arrays(array.indices, array.dictionary.cast(pa.large_string()))
        array = array.dictionary_decode()
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_null(array.type):  # nothing but nulls: they are nulls of any type
        return pa.nulls(len(array), target)
    check_family(array.type, target)
    if str(array.type) == "string_view":
        array = array.cast(pa.large_string())
    array = array.cast(target, safe=True)
    return pc.add(array, 0.0) if pa.types.is_floating(target) else array  # IEEE: -0.0 + 0.0 is 0.0


def is_text(dtype: pa.DataType) -> bool:
    """Return whether a type is one of text, whatever its layout."""
    return str(dtype) in ("string", "large_string", "string_view")


FAMILIES = (
    (pa.types.is_integer, (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)),
    (pa.types.is_floating, (pa.types.is_floating, pa.types.is_integer)),
    (pa.types.is_decimal, (pa.types.is_decimal, pa.types.is_integer)),
    (pa.types.is_boolean, (pa.types.is_boolean,)),
    (is_text, (is_text,)),
    (pa.types.is_date, (pa.types.is_date,)),
    (pa.types.is_timestamp, (pa.types.is_timestamp,)),
)
"""From which types a type takes values: Arrow itself would also make up values of another meaning."""


def check_family(found: pa.DataType, target: pa.DataType) -> None:
    """Raise unless values of a type can be those of another one."""
    for is_target, sources in FAMILIES:
        if is_target(target) and not any(is_source(found) for is_source in sources):
            raise pa.ArrowInvalid("the types mean different things")
    if pa.types.is_timestamp(target) and (target.tz is None) != (found.tz is None):
        raise pa.ArrowInvalid("a wall clock (no time zone) is not an instant (UTC)")
