"""Running cases on a backend, and judging what comes out."""

from onefold_conformance.runner.suite import run_suite

__all__ = ["run_suite"]
