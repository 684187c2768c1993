"""Stages, the exchange of Arrow between them, and running them."""

from onefold.execution.explain import Explanation, explain
from onefold.execution.runner import Job, prepare, run
from onefold.execution.sessions import cancel_all, close_all, session_for
from onefold.execution.stages import FallbackWarning, Placement, Stage, cut_stages
from onefold.execution.streams import Traffic, observed
from onefold.execution.subplan import Subplan

__all__ = [
    "Explanation",
    "FallbackWarning",
    "Job",
    "Placement",
    "Stage",
    "Subplan",
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
