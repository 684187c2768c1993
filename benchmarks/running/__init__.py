"""Runs tools: each time in a fresh process, within a time limit, with its memory and its temporary files watched."""

from benchmarks.running.measure import Run, measure

__all__ = ["Run", "measure"]
