"""How the cost grows: one size is changed at a time."""

from benchmarks.curves.command import add_curves, run_curves
from benchmarks.curves.drawing import draw
from benchmarks.curves.sizes import CURVES, Curve, Point

__all__ = ["CURVES", "Curve", "Point", "add_curves", "draw", "run_curves"]
