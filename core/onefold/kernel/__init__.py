"""The temporal kernel: trailing aggregates and as-of joins over streams of Arrow, exact and in one pass."""

from onefold.kernel.driver import Execute, run_chain
from onefold.kernel.events import TemporalNode
from onefold.kernel.frames import window_rows
from onefold.kernel.groups import aggregate_groups
from onefold.kernel.options import KernelOptions

__all__ = ["Execute", "KernelOptions", "TemporalNode", "aggregate_groups", "run_chain", "window_rows"]
