"""Methods for numbers: rounding, roots, logarithms, angles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onefold.features.operators import Applicable

if TYPE_CHECKING:
    from onefold.features.expressions import Expr

__all__ = ["NumberMethods"]


class NumberMethods(Applicable):
    """What expressions offer for numbers; null gives null."""

    __slots__ = ()

    def abs(self) -> Expr:
        """Return the distance from zero."""
        return self.apply("abs")

    def sign(self) -> Expr:
        """Return -1, 0 or 1."""
        return self.apply("sign")

    def round(self, digits: int = 0) -> Expr:
        """Return the number rounded to so many digits after the point (negative: before it), ties away from zero."""
        return self.apply("round", digits=digits)

    def round_half_even(self) -> Expr:
        """Return the nearest whole number, ties to the even one."""
        return self.apply("round_half_even")

    def floor(self) -> Expr:
        """Return the greatest whole number that is not greater, as float64."""
        return self.apply("floor")

    def ceil(self) -> Expr:
        """Return the smallest whole number that is not smaller, as float64."""
        return self.apply("ceil")

    def trunc(self) -> Expr:
        """Return the number without its fraction, as float64."""
        return self.apply("trunc")

    def pow(self, exponent: Any) -> Expr:
        """Return the number raised to a power, as float64."""
        return self.apply("power", exponent)

    def sqrt(self) -> Expr:
        """Return the square root; null for negative numbers."""
        return self.apply("sqrt")

    def exp(self) -> Expr:
        """Return e raised to the number."""
        return self.apply("exp")

    def ln(self) -> Expr:
        """Return the natural logarithm; null for zero and negative numbers."""
        return self.apply("ln")

    def log(self, base: float | None = None) -> Expr:
        """Return the logarithm to a base, the natural one when left out; null for zero and negative numbers."""
        return self.apply("ln") if base is None else self.apply("log", base=base)

    def log10(self) -> Expr:
        """Return the logarithm to the base 10; null for zero and negative numbers."""
        return self.apply("log10")

    def log2(self) -> Expr:
        """Return the logarithm to the base 2; null for zero and negative numbers."""
        return self.apply("log2")

    def sin(self) -> Expr:
        """Return the sine of an angle in radians."""
        return self.apply("sin")

    def cos(self) -> Expr:
        """Return the cosine of an angle in radians."""
        return self.apply("cos")

    def tan(self) -> Expr:
        """Return the tangent of an angle in radians."""
        return self.apply("tan")

    def asin(self) -> Expr:
        """Return the angle in radians whose sine this is."""
        return self.apply("asin")

    def acos(self) -> Expr:
        """Return the angle in radians whose cosine this is."""
        return self.apply("acos")

    def atan(self) -> Expr:
        """Return the angle in radians whose tangent this is."""
        return self.apply("atan")

    def sinh(self) -> Expr:
        """Return the hyperbolic sine."""
        return self.apply("sinh")

    def cosh(self) -> Expr:
        """Return the hyperbolic cosine."""
        return self.apply("cosh")

    def tanh(self) -> Expr:
        """Return the hyperbolic tangent."""
        return self.apply("tanh")

    def degrees(self) -> Expr:
        """Return an angle in radians as degrees."""
        return self.apply("degrees")

    def radians(self) -> Expr:
        """Return an angle in degrees as radians."""
        return self.apply("radians")
