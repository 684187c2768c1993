"""Which engine computes a view: what names it, and what decides when nothing does."""

from onefold.choosing.choice import Choice
from onefold.choosing.estimating import estimate_reading
from onefold.choosing.files import sized_files
from onefold.choosing.footers import time_span
from onefold.choosing.names import engine_name, options_by_engine
from onefold.choosing.precedence import ENVIRONMENT, choose_engine

__all__ = [
    "ENVIRONMENT",
    "Choice",
    "choose_engine",
    "engine_name",
    "estimate_reading",
    "options_by_engine",
    "sized_files",
    "time_span",
]
