"""Mutants of conversions."""

from __future__ import annotations

import decimal
import math
import re
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from onefold.types import DataType, Decimal
from onefold_conformance.mutants.habits import digits_kept, saturated, single, wrapped
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.wrong import cast, cast_but, fail
from onefold_conformance.oracle.casts import CASTS
from onefold_conformance.oracle.civil import DAY, date_number
from onefold_conformance.oracle.interface import CastRule, ValueFailure
from onefold_conformance.oracle.numbers import checked_decimal, checked_int64
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]

_WALL, _INSTANT = "timestamp[us]", "timestamp[us, UTC]"
_NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
_MICROSECOND = timedelta(microseconds=1)


def _offset(value: int) -> int:
    """Return the microseconds by which New York is ahead; 0 in years that Python does not have."""
    if not -(2**55) < value < 2**55:
        return 0
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    return (moment.astimezone(_NEW_YORK).utcoffset() or timedelta()) // _MICROSECOND


def _instead(source: str, target: str, name: str, what: str, change: Callable[[Value], Value]) -> Mutant:
    return cast_but(source, target, name, what, lambda value: True, change)


def _reads(source: str, target: str, name: str, what: str, change: Callable[[str], str | None]) -> Mutant:
    """A mutant that reads text which the right rule refuses, after it has been changed."""
    right = CASTS[source, target]

    def rule(text: str, *types: DataType) -> Value:
        try:
            return right(text, *types)
        except ValueFailure:
            changed = change(text)
            if changed is None:
                raise
            return right(changed, *types)

    return cast(source, target, name, what, rule)


def _errors(source: str, target: str, name: str, what: str, then: Callable[[Value, DataType], Value]) -> Mutant:
    """A mutant that has a value where the right rule fails."""
    right = CASTS[source, target]

    def rule(value: Value, of: DataType, to: DataType) -> Value:
        try:
            return right(value, of, to)
        except ValueFailure:
            return then(value, to)

    return cast(source, target, name, what, rule)


def _to_decimal(rounding: str) -> CastRule:
    def rule(value: decimal.Decimal, source: DataType, target: DataType) -> Value:
        assert isinstance(target, Decimal)
        return checked_decimal(digits_kept(value, target.scale, rounding), target)

    return rule


def _text_to_decimal(rounding: str) -> CastRule:
    right = CASTS["string", "decimal"]

    def rule(text: str, source: DataType, target: DataType) -> Value:
        right(text, source, target)
        assert isinstance(target, Decimal)
        return checked_decimal(digits_kept(decimal.Decimal(text), target.scale, rounding), target)

    return rule


def _float_to_decimal(change: Callable[[float, int], decimal.Decimal]) -> CastRule:
    right = CASTS["float64", "decimal"]

    def rule(value: float, source: DataType, target: DataType) -> Value:
        right(value, source, target)
        assert isinstance(target, Decimal)
        return checked_decimal(change(value, target.scale), target)

    return rule


def _by_shortest_text(value: float, scale: int) -> decimal.Decimal:
    return digits_kept(decimal.Decimal(repr(value)), scale, decimal.ROUND_HALF_UP)


def _by_exact_value(value: float, scale: int) -> decimal.Decimal:
    return decimal.Context(prec=800, rounding=decimal.ROUND_HALF_UP).quantize(
        decimal.Decimal(value), decimal.Decimal(1).scaleb(-scale)
    )


def _units(whole: Callable[[float], float]) -> Callable[[float, int], decimal.Decimal]:
    return lambda value, scale: decimal.Decimal(int(whole(value * 10**scale))).scaleb(-scale)


def _cut_to_float(value: int) -> float:
    nearest = float(value)
    return math.nextafter(nearest, 0.0) if abs(int(nearest)) > abs(value) else nearest


def _exactly(value: float, source: DataType, target: DataType) -> Value:
    """Floats with more digits than 64 bits hold, where the type has room for them."""
    assert isinstance(target, Decimal)
    if math.isfinite(value) and abs(value) * 10**target.scale >= 2.0**63:
        return checked_decimal(_by_exact_value(value, target.scale), target)
    return CASTS["float64", "decimal"](value, source, target)


def _half_away(value: float) -> float:
    return math.copysign(math.floor(abs(value) + 0.5), value) if abs(value) < 2**52 else value


def _checked_whole(whole: Callable[[float], float]) -> CastRule:
    right = CASTS["float64", "int64"]

    def rule(value: float, source: DataType, target: DataType) -> Value:
        right(value, source, target)
        return checked_int64(int(whole(value)))

    return rule


def _decimal_to_int(rounding: str) -> CastRule:
    return lambda value, source, target: checked_int64(int(value.to_integral_value(rounding)))


def _largest(value: Value, target: DataType) -> decimal.Decimal:
    """The greatest number of a decimal type, with the sign of the value."""
    assert isinstance(target, Decimal)
    most = (decimal.Decimal(10**target.precision) - 1).scaleb(-target.scale)
    return most if str(value)[:1] != "-" else -most


def _nothing(value: Value, target: DataType) -> None:
    return None


def _whole_of_numeral(text: str) -> str | None:
    """Reads numbers with a point or an exponent as whole ones, rounded."""
    if not re.fullmatch(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)", text):
        return None
    return str(int(decimal.Decimal(text).to_integral_value(decimal.ROUND_HALF_UP)))


def _power_of_numeral(text: str) -> str | None:
    return str(int(float(text))) if re.fullmatch(r"[+-]?[0-9]+[eE][0-9]{1,2}", text) else None


def _of_hexadecimal(text: str) -> str | None:
    return str(int(text, 16)) if re.fullmatch("[+-]?0[xX][0-9a-fA-F]+", text) else None


def _without_underscores(text: str) -> str | None:
    return text.replace("_", "") if re.search("[0-9]_[0-9]", text) else None


def _without_commas(text: str) -> str | None:
    return text.replace(",", "") if re.search("[0-9],[0-9]", text) else None


def _with_ascii_digits(text: str) -> str | None:
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _leading_number(text: str) -> str | None:
    found = re.match("[+-]?[0-9]+", text)
    return found and found[0]


def _empty_is_zero(text: str) -> str | None:
    return "0" if text == "" else None


def _stripped(text: str) -> str:
    return text.strip()


def _float_words(text: str, *types: DataType) -> Value:
    """Text to floats as Python reads it, with words for NaN and infinity, but without blanks and underscores."""
    word = text.lower().lstrip("+-")
    if word in ("nan", "inf", "infinity"):
        return float(text)
    return CASTS["string", "float64"](text, *types)


def _float_overflow_fails(text: str, *types: DataType) -> Value:
    value = CASTS["string", "float64"](text, *types)
    return fail() if math.isinf(value) else value


def _without_exponent(text: str, *types: DataType) -> Value:
    return fail() if "e" in text.lower() else CASTS["string", "float64"](text, *types)


def _decimal_with_exponent(text: str) -> str | None:
    return f"{decimal.Decimal(text):f}" if re.fullmatch(r"[+-]?[0-9]+([.][0-9]*)?[eE][+-]?[0-9]{1,2}", text) else None


def _strict_bool(words: set[str]) -> CastRule:
    def rule(text: str, *types: DataType) -> Value:
        value = CASTS["string", "bool"](text, *types)
        return value if text.strip(" ").lower() in words else fail()

    return rule


def _bool_in_lower_case(text: str, *types: DataType) -> Value:
    value = CASTS["string", "bool"](text, *types)
    return value if text == text.lower() else fail()


def _bool_without_blanks(text: str, *types: DataType) -> Value:
    value = CASTS["string", "bool"](text, *types)
    return value if text == text.strip(" ") else fail()


def _on_and_off(text: str) -> str | None:
    return {"on": "true", "off": "false"}.get(text.strip().lower())


def _prefix_of_bool(text: str) -> str | None:
    word = text.strip().lower()
    return next((w for w in ("true", "false", "yes", "no") if word and w.startswith(word)), None)


def _number_of_bool(text: str) -> str | None:
    return ("0" if int(text) == 0 else "1") if re.fullmatch("-?[0-9]+", text) else None


def _single_digits(text: str) -> str | None:
    found = re.fullmatch("([0-9]{1,4})-([0-9]{1,2})-([0-9]{1,2})(.*)", text, re.DOTALL)
    return found and f"{found[1]:0>4}-{found[2]:0>2}-{found[3]:0>2}{found[4]}"


def _rolled_over(text: str) -> str | None:
    """Days that do not exist are those of the next month."""
    found = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})(.*)", text, re.DOTALL)
    if found is None or not (1 <= int(found[2]) <= 12 and 28 < int(found[3]) <= 31 and int(found[1])):
        return None
    return f"{found[1]}-{int(found[2]) + 1:02}-{int(found[3]) - _size(found):02}{found[4]}"


def _size(found: re.Match[str]) -> int:
    first = date_number(int(found[1]), int(found[2]), 1)
    return date_number(int(found[1]), int(found[2]) + 1, 1) - first


def _other_separators(text: str) -> str | None:
    return re.sub("^([0-9]{4})[/.]([0-9]{2})[/.]([0-9]{2})", r"\1-\2-\3", text)


def _without_separators(text: str) -> str | None:
    return re.sub("^([0-9]{4})([0-9]{2})([0-9]{2})", r"\1-\2-\3", text)


def _first_ten(text: str) -> str | None:
    return text[:10] if re.fullmatch("[0-9-]{10}[ T].*", text) else None


def _missing_parts(text: str) -> str | None:
    return f"{text}-01-01"[:10] if re.fullmatch("[0-9]{4}(-[0-9]{2})?", text) else None


def _midnight_added(text: str) -> str | None:
    return f"{text} 00:00:00" if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None


def _seconds_added(text: str) -> str | None:
    return f"{text}:00" if re.fullmatch("[0-9-]{10}[ T][0-9]{2}:[0-9]{2}", text) else None


def _zone_dropped(text: str) -> str | None:
    return re.sub("(Z|[+-][0-9]{2}(:?[0-9]{2})?)$", "", text) if len(text) > 19 else None


def _seven_digits(text: str) -> str | None:
    return re.sub("([.][0-9]{6})[0-9]+$", r"\1", text)


def _point_without_digits(text: str) -> str | None:
    return text.removesuffix(".")


def _one_digit_hour(text: str) -> str | None:
    return re.sub("^(.{10}[ T])([0-9]):", r"\g<1>0\2:", text)


def _small_t(text: str) -> str | None:
    return text.replace("t", "T")


def _wall_without_fraction(text: str, *types: DataType) -> Value:
    value: int = CASTS["string", _WALL](text, *types)
    return value // 1_000_000 * 1_000_000


def _wall_without_t(text: str, *types: DataType) -> Value:
    return fail() if "T" in text else CASTS["string", _WALL](text, *types)


def _fraction_as_a_number(text: str, *types: DataType) -> Value:
    """The digits behind the point as microseconds, however many there are."""
    value: int = CASTS["string", _WALL](text, *types)
    _, _, fraction = text.partition(".")
    return value // 1_000_000 * 1_000_000 + int(fraction or "0")


def _midnight_at_the_end(text: str, source: DataType, target: DataType) -> Value:
    if re.fullmatch("[0-9-]{10}[ T]24:00:00", text):
        return CASTS["string", _WALL](text[:10] + " 00:00:00", source, target) + DAY
    return CASTS["string", _WALL](text, source, target)


def _of_text(source: str, target: str, change: Callable[[str], str]) -> CastRule:
    right = CASTS[source, target]
    return lambda value, *types: change(right(value, *types))


def _trims_zeros(text: str) -> str:
    clock, plus, zone = text.partition("+")
    return re.sub("[.]?0+$", "", clock) + plus + zone if "." in clock else text


def _milliseconds(text: str) -> str:
    return re.sub("([.][0-9]{3})[0-9]{3}", r"\1", text)


def _short_year(text: str) -> str:
    return re.sub("^0+", "", text)


def _cut_day(value: int) -> int:
    return value // DAY if value >= 0 else -(-value // DAY)


def _of_times(source: str, name: str) -> list[Mutant]:
    zone = [
        cast(source, "string", "short-zone", "Writes the zone of an instant as +00.", _of_text(source, "string", lambda t: t.removesuffix(":00"))),
        cast(source, "string", "without-zone", "Writes instants without a zone.", _of_text(source, "string", lambda t: t.removesuffix("+00:00"))),
        cast(source, "string", "zulu", "Writes the zone of an instant as Z.", _of_text(source, "string", lambda t: t.replace("+00:00", "Z"))),
        _instead(source, "string", "in-a-local-zone", "Writes instants in a local zone.", lambda v: CASTS[_INSTANT, "string"](v + _offset(v), *_TYPES)),
    ]  # fmt: skip
    return [
        cast(source, "string", "trims-zeros", f"Leaves out zeros at the end of {name} as text.", _of_text(source, "string", _trims_zeros)),
        cast(source, "string", "milliseconds", f"Writes milliseconds of {name}.", _of_text(source, "string", _milliseconds)),
        cast(source, "string", "with-t", f"Writes a T in {name}.", _of_text(source, "string", lambda t: t.replace(" ", "T", 1))),
        cast(source, "string", "short-year", f"Leaves out zeros at the beginning of years of {name}.", _of_text(source, "string", _short_year)),
        _instead(source, "date32", "cut-before-1970", f"Takes {name} before 1970 for the next day.", _cut_day),
        _instead(source, "date32", "rounds", f"Takes {name} after noon for the next day.", lambda v: (v + DAY // 2) // DAY),
        *(zone if source == _INSTANT else ()),
    ]  # fmt: skip


_TYPES: tuple[DataType, DataType] = (Decimal(1, 0), Decimal(1, 0))
"""Stands for types that a rule does not look at."""


def _room(dtype: DataType) -> int:
    assert isinstance(dtype, Decimal)
    return dtype.precision - dtype.scale


def _units_kept(value: decimal.Decimal, source: DataType, target: DataType) -> Value:
    assert isinstance(source, Decimal)
    assert isinstance(target, Decimal)
    lost = max(0, target.scale - source.scale)
    return CASTS["decimal", "decimal"](value.scaleb(-lost), source, target)


MUTANTS: tuple[Mutant, ...] = (
    _instead("int64", "float64", "in-32-bits", "Converts integers to floats of 32 bits.", lambda v: single(float(v))),
    _instead("int64", "float64", "cut", "Cuts digits above 2^53 off instead of rounding them.", _cut_to_float),
    cast_but("int64", "float64", "large-is-an-error", "Fails for integers that are not exact as floats.", lambda v: int(float(v)) != v, fail),
    _errors("int64", "decimal", "overflow-is-null", "Returns null for integers with too many digits.", _nothing),
    _errors("int64", "decimal", "overflow-is-the-greatest", "Returns the greatest decimal for integers with too many digits.", _largest),
    cast("int64", "decimal", "in-float", "Converts integers to decimals through floats.", lambda v, of, to: CASTS["int64", "decimal"](int(float(v)), of, to)),
    cast("int64", "decimal", "units", "Takes integers for units of the last digit.", lambda v, of, to: CASTS["int64", "decimal"](decimal.Decimal(v).scaleb(-to.scale), of, to) if isinstance(to, Decimal) else v),
    _instead("int64", "string", "with-commas", "Writes integers with commas.", lambda v: f"{v:,}"),
    _instead("int64", "string", "in-float", "Writes integers as floats.", lambda v: str(int(float(v)))),
    _instead("int64", "string", "with-a-point", "Writes integers with a point and zero.", lambda v: f"{v}.0"),
    _instead("int64", "bool", "one-only", "Takes 1 alone for true.", lambda v: v == 1),
    _instead("int64", "bool", "positive-only", "Takes positive integers alone for true.", lambda v: v > 0),
    _instead("int64", "bool", "last-byte", "Looks at the last byte of an integer.", lambda v: v % 256 != 0),
    cast("float64", "int64", "half-even", "Rounds floats to integers, ties to even.", _checked_whole(round)),
    cast("float64", "int64", "half-away", "Rounds floats to integers, ties away from zero.", _checked_whole(_half_away)),
    cast("float64", "int64", "floors", "Rounds floats down to integers.", _checked_whole(math.floor)),
    _errors("float64", "int64", "overflow-is-null", "Returns null for floats that do not fit in 64 bits.", _nothing),
    _errors("float64", "int64", "overflow-is-the-greatest", "Returns the nearest integer for floats that do not fit in 64 bits.", lambda v, to: 0 if math.isnan(v) else saturated(int(math.copysign(2.0**63, v)))),
    cast_but("float64", "int64", "nan-is-null", "Returns null for NaN as an integer.", math.isnan, lambda v: None),
    cast_but("float64", "int64", "nan-is-zero", "Returns 0 for NaN as an integer.", math.isnan, lambda v: 0),
    cast_but("float64", "int64", "infinity-is-the-greatest", "Returns the greatest integer for infinity.", math.isinf, lambda v: 2**63 - 1 if v > 0 else -(2**63)),
    cast_but("float64", "int64", "two-to-the-63-fits", "Lets 2^63 fit in 64 bits.", lambda v: v == 2.0**63, lambda v: 2**63 - 1),
    cast_but("float64", "int64", "smallest-fails", "Fails for -2^63.", lambda v: v == -(2.0**63), fail),
    cast_but("float64", "int64", "fraction-fails", "Fails for floats with a fraction.", lambda v: math.isfinite(v) and v != int(v), fail),
    cast("float64", "decimal", "by-shortest-text", "Rounds the shortest text of a float to a decimal.", _float_to_decimal(_by_shortest_text)),
    cast("float64", "decimal", "by-exact-value", "Rounds the exact value of a float to a decimal.", _float_to_decimal(_by_exact_value)),
    cast("float64", "decimal", "half-even", "Rounds ties of floats to even in decimals.", _float_to_decimal(_units(round))),
    cast("float64", "decimal", "cut", "Cuts floats off to decimals.", _float_to_decimal(_units(math.trunc))),
    _errors("float64", "decimal", "error-is-null", "Returns null for floats that do not fit in a decimal.", _nothing),
    cast_but("float64", "decimal", "nan-is-null", "Returns null for NaN as a decimal.", math.isnan, lambda v: None),
    cast("float64", "decimal", "beyond-64-bits", "Converts floats with more digits than 64 bits hold to decimals.", _exactly),
    cast("decimal", "decimal", "cut", "Cuts decimals off where they lose digits.", _to_decimal(decimal.ROUND_DOWN)),
    cast("decimal", "decimal", "half-even", "Rounds ties of decimals to even where they lose digits.", _to_decimal(decimal.ROUND_HALF_EVEN)),
    cast("decimal", "decimal", "half-up", "Rounds ties of negative decimals towards zero where they lose digits.", lambda v, of, to: _to_decimal(decimal.ROUND_HALF_UP if v > 0 else decimal.ROUND_HALF_DOWN)(v, of, to)),
    cast("decimal", "decimal", "in-float", "Converts decimals through floats.", lambda v, of, to: CASTS["decimal", "decimal"](decimal.Decimal(repr(float(v))), of, to)),
    _errors("decimal", "decimal", "overflow-is-null", "Returns null for decimals with too many digits.", _nothing),
    _errors("decimal", "decimal", "overflow-is-the-greatest", "Returns the greatest decimal for one with too many digits.", _largest),
    cast("decimal", "int64", "half-away", "Rounds decimals to integers.", _decimal_to_int(decimal.ROUND_HALF_UP)),
    cast("decimal", "int64", "half-even", "Rounds decimals to integers, ties to even.", _decimal_to_int(decimal.ROUND_HALF_EVEN)),
    cast("decimal", "int64", "floors", "Rounds decimals down to integers.", _decimal_to_int(decimal.ROUND_FLOOR)),
    _errors("decimal", "int64", "overflow-is-null", "Returns null for decimals that do not fit in 64 bits.", _nothing),
    _errors("decimal", "int64", "overflow-wraps", "Lets decimals wrap around at 64 bits.", lambda v, to: wrapped(int(v))),
    cast("decimal", "int64", "in-float", "Converts decimals to integers through floats.", lambda v, of, to: saturated(int(float(v))) if abs(v) < 2**63 else CASTS["decimal", "int64"](v, of, to)),
    _instead("decimal", "float64", "in-32-bits", "Converts decimals to floats of 32 bits.", lambda v: single(float(v))),
    _instead("decimal", "float64", "in-two-steps", "Divides the rounded units of a decimal by the rounded power of ten.", lambda v: float(int(v.scaleb(-v.as_tuple().exponent))) * 0.1 ** -v.as_tuple().exponent),
    _instead("decimal", "float64", "whole", "Loses the fraction of a decimal as a float.", lambda v: float(int(v))),
    _instead("decimal", "string", "trims-zeros", "Leaves out zeros at the end of decimals as text.", lambda v: re.sub("[.]?0+$", "", f"{v:f}") if "." in f"{v:f}" else f"{v:f}"),
    _instead("decimal", "string", "with-an-exponent", "Writes small decimals with an exponent.", str),
    _instead("decimal", "string", "in-float", "Writes decimals as floats.", lambda v: repr(float(v))),
    _instead("decimal", "string", "without-zero", "Leaves out the zero before the point.", lambda v: re.sub("^(-?)0[.]", r"\1.", f"{v:f}")),
    _instead("bool", "int64", "true-is-minus-one", "Converts true to -1.", lambda v: -int(v)),
    _instead("bool", "int64", "reversed", "Converts false to 1.", lambda v: int(not v)),
    cast_but("bool", "int64", "false-is-null", "Converts false to null.", lambda v: not v, lambda v: None),
    _instead("bool", "string", "capitals", "Writes truth values with a capital.", str),
    _instead("bool", "string", "one-letter", "Writes truth values as t and f.", lambda v: "t" if v else "f"),
    _instead("bool", "string", "digits", "Writes truth values as 1 and 0.", lambda v: str(int(v))),
    *(_reads("string", target, "ignores-blanks", f"Ignores blanks around text that becomes {what}.", _stripped) for target, what in (("int64", "an integer"), ("float64", "a float"), ("decimal", "a decimal"), ("date32", "a date"), (_WALL, "a timestamp"))),
    *(_reads("string", target, "ignores-underscores", f"Ignores underscores between the digits of text that becomes {what}.", _without_underscores) for target, what in (("int64", "an integer"), ("float64", "a float"), ("decimal", "a decimal"))),
    *(_reads("string", target, "ignores-commas", f"Ignores commas between the digits of text that becomes {what}.", _without_commas) for target, what in (("int64", "an integer"), ("float64", "a float"), ("decimal", "a decimal"))),
    *(_reads("string", target, "other-digits", f"Reads digits of other scripts in text that becomes {what}.", _with_ascii_digits) for target, what in (("int64", "an integer"), ("float64", "a float"), ("decimal", "a decimal"), ("date32", "a date"), (_WALL, "a timestamp"))),
    *(_reads("string", target, "empty-is-zero", f"Reads empty text as zero where it becomes {what}.", _empty_is_zero) for target, what in (("int64", "an integer"), ("float64", "a float"), ("decimal", "a decimal"))),
    *(_errors("string", target, "error-is-null", f"Returns null for text that can not become {what}.", _nothing) for target, what in (("int64", "an integer"), ("float64", "a float"), ("decimal", "a decimal"), ("bool", "a truth value"), ("date32", "a date"), (_WALL, "a timestamp"))),
    _reads("string", "int64", "decimals", "Reads text with a point as an integer.", _whole_of_numeral),
    _reads("string", "int64", "exponents", "Reads text with an exponent as an integer.", _power_of_numeral),
    _reads("string", "int64", "hexadecimal", "Reads hexadecimal text as an integer.", _of_hexadecimal),
    _reads("string", "int64", "leading-number", "Reads the number at the beginning of text as an integer.", _leading_number),
    cast("string", "int64", "without-plus", "Fails for a plus sign in text that becomes an integer.", lambda t, *types: fail() if t.startswith("+") else CASTS["string", "int64"](t, *types)),
    cast("string", "int64", "in-float", "Reads integers as floats.", lambda t, *types: saturated(int(float(CASTS["string", "int64"](t, *types))))),
    _errors("string", "int64", "overflow-is-the-greatest", "Returns the nearest integer for text that does not fit in 64 bits.", lambda t, to: saturated(int(t)) if re.fullmatch("[+-]?[0-9]{19,40}", t) else fail()),
    cast("string", "int64", "octal", "Reads text with a zero at the beginning as octal.", lambda t, *types: int(t, 8) if re.fullmatch("0[0-7]+", t) else CASTS["string", "int64"](t, *types)),
    cast("string", "float64", "words", "Reads the words for NaN and infinity.", _float_words),
    cast("string", "float64", "overflow-fails", "Fails for text that is too large for a float.", _float_overflow_fails),
    cast("string", "float64", "without-exponent", "Fails for exponents.", _without_exponent),
    cast("string", "float64", "in-32-bits", "Reads floats of 32 bits.", lambda t, *types: single(CASTS["string", "float64"](t, *types))),
    _reads("string", "float64", "suffixes", "Ignores a suffix d or f behind a number.", lambda t: re.sub("(?<=[0-9.])[dfDF]$", "", t)),
    cast("string", "float64", "point-needs-digits", "Fails for a point without digits on both sides.", lambda t, *types: fail() if re.search("(^|[^0-9])[.]|[.]($|[^0-9])", t) else CASTS["string", "float64"](t, *types)),
    cast("string", "decimal", "half-even", "Rounds ties to even in text that becomes a decimal.", _text_to_decimal(decimal.ROUND_HALF_EVEN)),
    cast("string", "decimal", "cut", "Cuts text off that becomes a decimal.", _text_to_decimal(decimal.ROUND_DOWN)),
    cast("string", "decimal", "in-float", "Reads decimals as floats.", lambda t, of, to: CASTS["string", "decimal"](f"{decimal.Decimal(float(CASTS['string', 'decimal'](t, of, to))):f}", of, to)),
    _reads("string", "decimal", "exponents", "Reads text with an exponent as a decimal.", _decimal_with_exponent),
    cast("string", "decimal", "digits-lost-fail", "Fails for text with more digits than the scale.", lambda t, of, to: fail() if isinstance(to, Decimal) and len(t.partition(".")[2]) > to.scale else CASTS["string", "decimal"](t, of, to)),
    _errors("string", "decimal", "overflow-is-the-greatest", "Returns the greatest decimal for text with too many digits.", lambda t, to: _largest(t, to) if re.fullmatch(r"[+-]?[0-9]+([.][0-9]*)?", t) else fail()),
    cast("string", "bool", "true-and-false-only", "Reads true and false alone.", _strict_bool({"true", "false"})),
    cast("string", "bool", "without-digits", "Reads 1 and 0 as no truth values.", _strict_bool({"true", "t", "yes", "y", "false", "f", "no", "n"})),
    cast("string", "bool", "lower-case-only", "Reads truth values in lower case only.", _bool_in_lower_case),
    cast("string", "bool", "without-blanks", "Fails for blanks around truth values.", _bool_without_blanks),
    _reads("string", "bool", "tabs", "Ignores tabs and line ends around truth values.", _stripped),
    _reads("string", "bool", "on-and-off", "Reads on and off as truth values.", _on_and_off),
    _reads("string", "bool", "prefixes", "Reads the beginnings of words as truth values.", _prefix_of_bool),
    _reads("string", "bool", "numbers", "Reads other numbers as true.", _number_of_bool),
    *(_reads("string", target, "single-digits", f"Reads single digits in text that becomes {what}.", _single_digits) for target, what in (("date32", "a date"), (_WALL, "a timestamp"))),
    *(_reads("string", target, "rolls-over", f"Takes a day that does not exist for one of the next month in text that becomes {what}.", _rolled_over) for target, what in (("date32", "a date"), (_WALL, "a timestamp"))),
    *(_reads("string", target, "other-separators", f"Reads slashes and points in text that becomes {what}.", _other_separators) for target, what in (("date32", "a date"), (_WALL, "a timestamp"))),
    _reads("string", "date32", "without-separators", "Reads dates without separators.", _without_separators),
    _reads("string", "date32", "ignores-the-time", "Ignores a time behind a date.", _first_ten),
    _reads("string", "date32", "missing-parts", "Reads a year or month as its first day.", _missing_parts),
    _reads("string", _WALL, "date-alone", "Reads a date as its midnight.", _midnight_added),
    _reads("string", _WALL, "without-seconds", "Reads times without seconds.", _seconds_added),
    _reads("string", _WALL, "drops-the-zone", "Drops a zone at the end.", _zone_dropped),
    _reads("string", _WALL, "more-digits", "Cuts fractions of more than six digits.", _seven_digits),
    _reads("string", _WALL, "point-at-the-end", "Reads a point without digits.", _point_without_digits),
    _reads("string", _WALL, "single-digit-hours", "Reads hours of one digit.", _one_digit_hour),
    _reads("string", _WALL, "small-t", "Reads a small t between date and time.", _small_t),
    cast("string", _WALL, "loses-the-fraction", "Loses the fraction of seconds.", _wall_without_fraction),
    cast("string", _WALL, "without-t", "Fails for a T between date and time.", _wall_without_t),
    cast("string", _WALL, "fraction-is-a-number", "Takes the digits behind the point for microseconds.", _fraction_as_a_number),
    cast("string", _WALL, "midnight-at-the-end", "Reads 24:00:00 as the next day in text that becomes a timestamp.", _midnight_at_the_end),
    cast("date32", "string", "short-year", "Leaves out zeros at the beginning of years of dates.", _of_text("date32", "string", _short_year)),
    cast("date32", "string", "without-zeros", "Leaves out zeros of months and days.", _of_text("date32", "string", lambda t: t.replace("-0", "-"))),
    cast("date32", "string", "with-a-time", "Writes a midnight behind dates.", _of_text("date32", "string", lambda t: t + " 00:00:00")),
    *(cast_but("date32", target, "noon", f"Takes a date for its noon as {what}.", lambda v: True, lambda v: v * DAY + DAY // 2) for target, what in ((_WALL, "a wall clock"), (_INSTANT, "an instant"))),
    *(cast_but("date32", target, "cut-before-1970", f"Takes dates before 1970 for the next day as {what}.", lambda v: v < 0, lambda v: (v + 1) * DAY) for target, what in ((_WALL, "a wall clock"), (_INSTANT, "an instant"))),
    _instead("date32", _INSTANT, "in-a-local-zone", "Takes a date for midnight in a local zone.", lambda v: v * DAY - _offset(v * DAY)),
    *_of_times(_WALL, "wall clocks"),
    *_of_times(_INSTANT, "instants"),
    _instead(_INSTANT, "date32", "in-a-local-zone", "Takes the date of an instant in a local zone.", lambda v: (v + _offset(v)) // DAY),
    _instead(_WALL, _INSTANT, "in-a-local-zone", "Takes a wall clock for that of a local zone.", lambda v: v - _offset(v)),
    _instead(_WALL, _INSTANT, "milliseconds", "Cuts wall clocks to milliseconds as instants.", lambda v: v // 1_000 * 1_000),
    _instead(_INSTANT, _WALL, "in-a-local-zone", "Returns the wall clock of a local zone.", lambda v: v + _offset(v)),
    _instead(_INSTANT, _WALL, "milliseconds", "Cuts instants to milliseconds as wall clocks.", lambda v: v // 1_000 * 1_000),
    cast("decimal", "decimal", "keeps-its-units", "Keeps the digits of a decimal and forgets its scale.", _units_kept),
    cast("decimal", "decimal", "less-precision-fails", "Fails for a decimal type with fewer digits before the point.", lambda v, of, to: fail() if _room(to) < _room(of) else CASTS["decimal", "decimal"](v, of, to)),
)  # fmt: skip
"""Wrong conversions."""
