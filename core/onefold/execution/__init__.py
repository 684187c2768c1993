"""Stages, the exchange of Arrow between them, and running them."""

from onefold.execution.explain import Explanation, explain
from onefold.execution.runner import Job, prepare, run
from onefold.execution.sessions import cancel_all, close_all, session_for
from onefold.execution.stages import FallbackWarning, Stage, cut_stages
from onefold.execution.streams import Traffic, observed

__all__ = [
    "Explanation",
    "FallbackWarning",
    "Job",
    "Stage",
    "Traffic",
    "cancel_all",
    "close_all",
    "cut_stages",
    "explain",
    "observed",
    "prepare",
    "run",
    "session_for",
]
