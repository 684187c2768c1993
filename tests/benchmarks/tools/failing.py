"""A tool that fails."""

from benchmarks.cases import Case

__all__ = ["run"]


def run(case: Case) -> None:
    raise RuntimeError("there is no such engine")
