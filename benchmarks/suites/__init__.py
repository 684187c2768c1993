"""What is measured: workloads at scales, in suites."""

from benchmarks.suites.names import SUITES, WORKLOADS, Suite
from benchmarks.suites.scales import SCALES, Scale
from benchmarks.suites.workload import Setting, Workload

__all__ = ["SCALES", "SUITES", "WORKLOADS", "Scale", "Setting", "Suite", "Workload"]
