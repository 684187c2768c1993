"""The scalar functions: a plain Python function for each entry of the catalogue."""

from onefold_conformance.oracle.functions.catalogue import FUNCTIONS

__all__ = ["FUNCTIONS"]
