"""Boolean logic with three values: null stands for "not known"."""

from __future__ import annotations

from onefold.plan.functions.entry import Example, Function
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

_LEFT = ("bool", (True, True, True, False, False, None))
_RIGHT = ("bool", (True, False, None, False, None, None))

FUNCTIONS = (
    Function(
        name="and",
        family="boolean",
        signatures=(sig("(bool...) -> bool"),),
        description="False when an argument is false; else null when one is null; else true.",
        example=Example((_LEFT, _RIGHT), (True, False, None, False, False, None)),
        nulls="own",
        substrait="and",
    ),
    Function(
        name="or",
        family="boolean",
        signatures=(sig("(bool...) -> bool"),),
        description="True when an argument is true; else null when one is null; else false.",
        example=Example((_LEFT, _RIGHT), (True, True, True, False, None, None)),
        nulls="own",
        substrait="or",
    ),
    Function(
        name="not",
        family="boolean",
        signatures=(sig("(bool) -> bool"),),
        description="True for false, false for true, null for null.",
        example=Example((("bool", (True, False, None)),), (False, True, None)),
        substrait="not",
    ),
    Function(
        name="xor",
        family="boolean",
        signatures=(sig("(bool, bool) -> bool"),),
        description="Whether exactly one of two arguments is true; null when one is null.",
        example=Example((_LEFT, _RIGHT), (False, True, None, False, None, None)),
        substrait="xor",
    ),
)
