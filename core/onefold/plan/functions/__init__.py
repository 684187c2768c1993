"""The catalogue of scalar functions: the single list of what exists."""

from onefold.plan.functions.catalogue import FUNCTIONS, get_function
from onefold.plan.functions.entry import Example, Function, Option, checked_options
from onefold.plan.functions.signature import Signature, common_type, implicit_types, resolve_signature, sig

__all__ = [
    "FUNCTIONS",
    "Example",
    "Function",
    "Option",
    "Signature",
    "checked_options",
    "common_type",
    "get_function",
    "implicit_types",
    "resolve_signature",
    "sig",
]
