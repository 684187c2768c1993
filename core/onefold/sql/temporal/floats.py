"""Exact sums of floats over windows, rounded once: floats are taken apart into digits, which are whole numbers.

A float is the sum of at most three digits times powers of 2^30. Digits of one place are added up as whole numbers, so
that differences of running sums are exact, and nothing that has left a window leaves a trace. At each moment of the
spine the sums of the places are then put together: carries first, until every digit is at most about half of its base;
then the four leading digits, and the sign of what lies below them, decide how the sum is rounded.

That costs a sort of up to three times the events, and of as many rows for each moment of the spine as its key has
places: three or four, unless the values of a key differ by more than a factor of a billion.
"""

from __future__ import annotations

from onefold.plan import (
    AggCall,
    Aggregate,
    Distinct,
    Expression,
    Filter,
    Join,
    Measure,
    Relation,
    Window,
    WindowMeasure,
)
from onefold.sql.temporal.building import call, cast, col, extended, lit, projected, union, when
from onefold.sql.temporal.prefixes import AMONG, MOMENT, PHASE, Point, Prefixes
from onefold.sql.temporal.sides import TIME, Moments
from onefold.types import FLOAT64, INT64

__all__ = ["FloatSums"]

_BITS = 30
_BASE, _HALF = 2**_BITS, 2 ** (_BITS - 1)

_LEADING = 4
"""How many digits are looked at one by one: far more bits than a float has, even when the first digit is 1."""

_CUT = 2**20
"""What the third and fourth digit are cut off at, so that their float and what the first two are off by add up exactly."""

_PLACE, _DIGIT = "place", "digit"
"""Which power of the base a digit counts, and the digit."""


class FloatSums:
    """Sums of the finite values of an argument over windows.

    Args:
        moments: The keys and times of the spine.
        value: The argument, over the columns of the events; null where an event takes no part.
        prefix: What the columns are called.
    """

    def __init__(self, moments: Moments, value: Expression, prefix: str) -> None:
        self._moments = moments
        self._value = value
        self._prefix = prefix
        self._windows: dict[tuple[Point, Point | None], str] = {}

    def between(self, start: Point | None, end: Point) -> Expression:
        """Return the sum of the values between two points; null when all are zero, or there are none."""
        return col(self._windows.setdefault((end, start), f"{self._prefix}{len(self._windows)}"))

    def relation(self, events: Relation) -> Relation:
        """Return the moments of the spine that have sums, with those that were asked for."""
        marks = self._digits(events)
        keys, by = self._moments.key_columns, {name: col(name) for name in self._moments.by}
        places = Distinct(input=projected(marks, {**keys, _PLACE: col(_PLACE)}))
        joined = Join(
            left=self._moments.rows, right=places, left_on=self._moments.keys, right_on=self._moments.keys, how="inner"
        )
        prefixes = Prefixes(Moments((*self._moments.keys, _PLACE), joined), "q")

        def before(point: Point | None) -> Expression:
            return lit(0) if point is None else call("coalesce", prefixes.total(col(_DIGIT), point), lit(0))

        sums = {name: call("subtract", before(end), before(start)) for (end, start), name in self._windows.items()}
        digits: Relation = projected(prefixes.relation(marks), {**by, _PLACE: col(_PLACE), **sums})
        for _ in range(2):
            digits = self._carried(digits)
        leading = self._leading(digits)
        for step in (_cut, _powers):
            leading = extended(leading, {column: value for name in sums for column, value in step(name).items()})
        return projected(leading, {**by, **{name: _rounded(name) for name in self._windows.values()}})

    def _digits(self, events: Relation) -> Relation:
        """Return the digits of the values that are not zero, each with its place and time."""
        keys = self._moments.key_columns
        values = projected(events, {**keys, TIME: col(TIME), "x": self._value})
        counting = call("and", call("is_finite", col("x")), call("not_equal", col("x"), lit(0.0)))
        size = call("multiply", call("ln", call("abs", col("x"))), lit(1 / (_BITS * 0.6931471805599453)))
        # It may be wrong by one at a power of the base: the first digit is then zero, or exactly the base.
        # Places are floats, because engines check every step of whole numbers for overflow, which makes long queries.
        rows: Relation = extended(Filter(input=values, predicate=counting), {_PLACE: call("floor", size)})
        rows = extended(rows, {"power": _half_power(call("negate", col(_PLACE)))})
        rows = extended(rows, {"y0": _scaled(col("x"), col("power"))})
        for number in range(3):
            rows = extended(rows, {f"d{number}": cast(col(f"y{number}"), INT64)})
            rest = call("subtract", col(f"y{number}"), cast(col(f"d{number}"), FLOAT64))
            rows = extended(rows, {f"y{number + 1}": call("multiply", rest, lit(float(_BASE)))})
        return union(
            projected(
                Filter(input=rows, predicate=call("not_equal", col(f"d{number}"), lit(0))),
                {
                    **keys,
                    _PLACE: call("subtract", col(_PLACE), lit(float(number))),
                    MOMENT: col(TIME),
                    PHASE: lit(AMONG),
                    _DIGIT: col(f"d{number}"),
                },
            )
            for number in range(3)
        )

    def _carried(self, digits: Relation) -> Relation:
        """Return digits of at most half of the base, and the carries from the places below them."""
        by = {name: col(name) for name in self._moments.by}
        names = self._windows.values()
        shifted = {f"{name}_up": call("add", col(name), lit(_HALF)) for name in names}
        rests = {f"{name}_rest": _rest(col(f"{name}_up"), _BASE) for name in names}
        rows = extended(extended(digits, shifted), rests)
        kept = {name: call("subtract", col(f"{name}_rest"), lit(_HALF)) for name in names}
        carry = {
            name: call("int_divide", call("subtract", col(f"{name}_up"), col(f"{name}_rest")), lit(_BASE))
            for name in names
        }
        above = call("add", col(_PLACE), lit(1.0))
        parts = [projected(rows, {**by, _PLACE: col(_PLACE), **kept}), projected(rows, {**by, _PLACE: above, **carry})]
        measures = tuple(Measure(name=name, call=AggCall(function="sum", args=(col(name),))) for name in names)
        return Aggregate(input=union(parts), by=(*self._moments.by, _PLACE), measures=measures)

    def _leading(self, digits: Relation) -> Relation:
        """Return of each moment the leading place of each sum, the digits there, and the sign of the rest."""
        names = self._windows.values()
        nonzero = {name: call("not_equal", col(name), lit(0)) for name in names}
        tops = tuple(
            WindowMeasure(name=f"{name}_top", call=AggCall(function="max", args=(col(_PLACE),), where=nonzero[name]))
            for name in names
        )
        rows = Window(input=digits, partition_by=self._moments.by, measures=tops)
        measures: list[Measure] = []
        for name in names:
            top = col(f"{name}_top")
            for number in range(_LEADING):
                here = call("equal", col(_PLACE), call("subtract", top, lit(float(number))))
                measures.append(
                    Measure(name=f"{name}_{number}", call=AggCall(function="max", args=(col(name),), where=here))
                )
            below = call("and", nonzero[name], call("lt", col(_PLACE), call("subtract", top, lit(float(_LEADING - 1)))))
            # The greatest is that of the highest place, moved by a quarter towards the sign of its digit.
            quarter = when(call("gt", col(name), lit(0)), lit(0.25), lit(-0.25))
            sign = call("add", col(_PLACE), quarter)
            measures.append(Measure(name=f"{name}_rest", call=AggCall(function="max", args=(sign,), where=below)))
            measures.append(Measure(name=f"{name}_place", call=AggCall(function="max", args=(top,))))
        return Aggregate(input=rows, by=self._moments.by, measures=tuple(measures))


def _cut(name: str) -> dict[str, Expression]:
    """Return the third and fourth digit as one number, and what is left of it above a multiple of ``_CUT``."""
    digits = (call("coalesce", col(f"{name}_{number}"), lit(0)) for number in (2, 3))
    below = call("add", call("multiply", next(digits), lit(_BASE)), next(digits))
    return {f"{name}_below": below, f"{name}_lost": _rest(below, _CUT)}


def _powers(name: str) -> dict[str, Expression]:
    """Return the root of the power of the base that the leading digits count."""
    return {f"{name}_power": _half_power(call("subtract", col(f"{name}_place"), lit(1.0)))}


def _rounded(name: str) -> Expression:
    """Return the sum of leading digits and the rest: the float that is nearest to it.

    The first two digits give a float and what it is off by. The other two are cut off 41 bits below, to an odd number
    when anything is lost, so that the last addition rounds as it would if nothing were (Boldo and Melquiond, "Emulation
    of FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008).
    """
    first, second = (cast(call("coalesce", col(f"{name}_{number}"), lit(0)), FLOAT64) for number in (0, 1))
    high = call("multiply", first, lit(float(_BASE)))
    total = call("add", high, second)
    off = call("subtract", second, call("subtract", total, high))
    rest = col(f"{name}_rest")
    above = call("equal", call("subtract", rest, call("floor", rest)), lit(0.25))
    sign = when(call("is_null", rest), lit(0), when(above, lit(1), lit(-1)))
    lost = col(f"{name}_lost")
    # Without a remainder the sign of the rest says that the sum is on the whole number, or just above or below it.
    last_bit = when(call("equal", lost, lit(0)), sign, lit(1))
    whole = call("int_divide", call("subtract", col(f"{name}_below"), lost), lit(_CUT // 2))
    tail = call("multiply", cast(call("add", whole, last_bit), FLOAT64), lit(2.0**-41))
    return _scaled(call("add", total, call("add", off, tail)), col(f"{name}_power"))


def _scaled(value: Expression, power: Expression) -> Expression:
    """Return a float times the square of a power of two; neither of the two steps leaves the range of floats."""
    return call("multiply", call("multiply", value, power), power)


def _half_power(places: Expression) -> Expression:
    """Return 2^15 to a power from -63 to 63, a whole float, exactly: as a product of powers that are constants."""
    size = call("abs", places)
    negative = call("lt", places, lit(0.0))
    product: Expression | None = None
    for bit in range(6):
        power = 2.0 ** (_BITS // 2 * 2**bit)
        pairs = call("floor", call("multiply", size, lit(2.0 ** -(bit + 1))))
        odd = call("gt", call("floor", call("multiply", size, lit(2.0**-bit))), call("multiply", pairs, lit(2.0)))
        factor = when(odd, when(negative, lit(1 / power), lit(power)), lit(1.0))
        product = factor if product is None else call("multiply", product, factor)
    assert product is not None
    return product


def _rest(value: Expression, by: int) -> Expression:
    """Return what is left of a whole number above the multiple of another that is not above it."""
    rest = call("modulo", value, lit(by))
    return when(call("lt", rest, lit(0)), call("add", rest, lit(by)), rest)
