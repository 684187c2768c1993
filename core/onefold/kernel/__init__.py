"""The temporal kernel: trailing aggregates and as-of joins over sorted streams of Arrow, exact and in one pass."""

from onefold.kernel.driver import Execute, run_chain
from onefold.kernel.events import TemporalNode
from onefold.kernel.options import KernelOptions

__all__ = ["Execute", "KernelOptions", "TemporalNode", "run_chain"]
