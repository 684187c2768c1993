"""What a tool is asked to compute: views, their features and windows, as data that every environment can read."""

from benchmarks.cases.case import LISTS, MEASURES, Case, Feature, View
from benchmarks.cases.windows import LIFETIME, Window, parse_windows

__all__ = ["LIFETIME", "LISTS", "MEASURES", "Case", "Feature", "View", "Window", "parse_windows"]
