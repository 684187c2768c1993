"""Every function of the catalogue in Polars."""

from onefold_polars.expressions.functions.catalogue import FUNCTIONS

__all__ = ["FUNCTIONS"]
