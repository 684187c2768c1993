"""Spans of OpenTelemetry for runs and their stages, where the program that calls has set it up."""

from __future__ import annotations

import sys
from typing import Any

from onefold.execution.stages import Stage
from onefold.execution.streams import Traffic

__all__ = ["RunSpan", "StageSpan"]

MODULE = "opentelemetry.trace"
"""Who has set up tracing has imported this; where nobody has, spans would go nowhere, and are not made."""


class RunSpan:
    """The span of a run; spans of stages are its children.

    Args:
        stages: The stages of the run.
    """

    def __init__(self, stages: tuple[Stage, ...]) -> None:
        self._trace: Any = sys.modules.get(MODULE)
        self._span: Any = None
        if self._trace is not None:
            attributes = {"onefold.plan": stages[-1].fingerprint, "onefold.stages": len(stages)}
            self._tracer = self._trace.get_tracer("onefold")
            self._span = self._tracer.start_span("onefold run", attributes=attributes)

    def stage(self, stage: Stage) -> StageSpan:
        """Return the span of a stage, which begins now."""
        if self._span is None:
            return StageSpan(None)
        attributes = {
            "onefold.stage": stage.id,
            "onefold.engine": stage.engine,
            "onefold.plan": stage.fingerprint,
        }
        context = self._trace.set_span_in_context(self._span)
        return StageSpan(
            self._tracer.start_span(
                f"onefold stage {stage.id} on {stage.engine}", context=context, attributes=attributes
            )
        )

    def end(self, traffic: Traffic | None, error: BaseException | None) -> None:
        """End the span; idempotent."""
        span, self._span = self._span, None
        _end(span, traffic, error)


class StageSpan:
    """The span of a stage; of None nothing is recorded."""

    def __init__(self, span: Any) -> None:
        self._span = span

    def end(self, traffic: Traffic) -> None:
        """End the span with what has passed; idempotent."""
        span, self._span = self._span, None
        _end(span, traffic, traffic.failure)


def _end(span: Any, traffic: Traffic | None, error: BaseException | None) -> None:
    if span is None:
        return
    if traffic is not None:
        span.set_attribute("onefold.rows", traffic.rows)
        span.set_attribute("onefold.bytes", traffic.bytes)
    if error is not None:
        trace = sys.modules[MODULE]
        span.record_exception(error)
        span.set_status(trace.Status(trace.StatusCode.ERROR, f"{type(error).__name__}: {error}"))
    span.end()
