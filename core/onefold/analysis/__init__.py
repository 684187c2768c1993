"""Reads plans, never changes them."""

from onefold.analysis.describe import describe, headline
from onefold.analysis.leakage import LeakageNote, leakage_notes

__all__ = ["LeakageNote", "describe", "headline", "leakage_notes"]
