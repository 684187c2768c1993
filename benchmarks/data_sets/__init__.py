"""The generated data: files of events and spines, determined by their shapes to the last bit."""

from benchmarks.data_sets.events import Events
from benchmarks.data_sets.files import generate
from benchmarks.data_sets.spines import Spine

__all__ = ["Events", "Spine", "generate"]
