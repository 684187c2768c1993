"""Whether results are right: compared with the truth on a sample, and with each other on all rows."""

from benchmarks.checking.agreement import Agreement, compare_all, compare_sample
from benchmarks.checking.results import Result

__all__ = ["Agreement", "Result", "compare_all", "compare_sample"]
