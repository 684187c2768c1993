"""Text: Polars counts bytes in some places where the catalogue counts code points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from onefold.types import BINARY
from onefold_polars.expressions.lowering import LoweredCall, Lowering, kernel

__all__ = ["LOWERINGS"]


def _text(function: Callable[[pl.Expr, Mapping[str, Any]], pl.Expr]) -> Lowering:
    """Return the lowering of a function of one text and its options."""
    return Lowering(lambda call: function(call.args[0], call.options))


def _ascii(change: Callable[[pa.Array], pa.Array]) -> Lowering:
    """Return the lowering to a function of Arrow: Polars turns the letters of all alphabets into capitals."""
    return Lowering(lambda call: kernel(lambda text: pl.Series(change(text.to_arrow())), call.args, call.dtype))


def _octet_length(call: LoweredCall) -> pl.Expr:
    (value,) = call.args
    return (value.bin.size() if call.arg_types[0] == BINARY else value.str.len_bytes()).cast(pl.Int64)


def _concat(call: LoweredCall) -> pl.Expr:
    return pl.concat_str(call.args)


def _concat_ws(call: LoweredCall) -> pl.Expr:
    return pl.concat_str(call.args, separator=call.options["separator"], ignore_nulls=True)


def _substring(text: pl.Expr, options: Mapping[str, Any]) -> pl.Expr:
    start, length = options["start"], options["length"]
    return text.str.slice(start - 1 if start > 0 else start, None if length < 0 else length)


def _padded(pad: Callable[..., pl.Expr]) -> Lowering:
    def build(call: LoweredCall) -> pl.Expr:
        length = call.options["length"]
        return pad(call.args[0].str, length, call.options["fill"]).str.head(length)

    return Lowering(build)


def _position(call: LoweredCall) -> pl.Expr:
    text, part = call.args
    # Where it is in bytes, and how many code points those bytes are.
    offset = text.str.find(part, literal=True, strict=True)
    before = text.cast(pl.Binary).bin.slice(0, offset).cast(pl.String).str.len_chars().cast(pl.Int64)
    return (
        pl.when(offset.is_not_null())
        .then(before + 1)
        .when(text.is_not_null() & part.is_not_null())
        .then(pl.lit(0, dtype=pl.Int64))
    )


def _split_part(text: pl.Expr, options: Mapping[str, Any]) -> pl.Expr:
    part = text.str.split(options["separator"]).list.get(options["index"] - 1, null_on_oob=True)
    return pl.when(text.is_not_null()).then(part.fill_null(""))


def _repeat(text: pl.Expr, options: Mapping[str, Any]) -> pl.Expr:
    return pl.when(text.is_not_null()).then(text.repeat_by(options["count"]).list.join(""))


LOWERINGS: Mapping[str, Lowering] = {
    "upper": _ascii(pc.ascii_upper),
    "lower": _ascii(pc.ascii_lower),
    "trim": _text(lambda text, options: text.str.strip_chars(options["characters"])),
    "ltrim": _text(lambda text, options: text.str.strip_chars_start(options["characters"])),
    "rtrim": _text(lambda text, options: text.str.strip_chars_end(options["characters"])),
    "length": _text(lambda text, options: text.str.len_chars().cast(pl.Int64)),
    "octet_length": Lowering(_octet_length),
    "concat": Lowering(_concat),
    "concat_ws": Lowering(_concat_ws),
    "substring": _text(_substring),
    "left": _text(lambda text, options: text.str.head(options["count"])),
    "right": _text(lambda text, options: text.str.tail(options["count"])),
    "lpad": _padded(lambda text, length, fill: text.pad_start(length, fill)),
    "rpad": _padded(lambda text, length, fill: text.pad_end(length, fill)),
    "replace": _text(
        lambda text, options: text.str.replace_all(options["search"], options["replacement"], literal=True)
    ),
    "starts_with": Lowering(lambda call: call.args[0].str.starts_with(call.args[1])),
    "ends_with": Lowering(lambda call: call.args[0].str.ends_with(call.args[1])),
    "contains": Lowering(lambda call: call.args[0].str.contains(call.args[1], literal=True)),
    "position": Lowering(_position),
    "split_part": _text(_split_part),
    "split": _text(lambda text, options: text.str.split(options["separator"])),
    "repeat": _text(_repeat),
}
