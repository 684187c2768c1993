"""Spans of OpenTelemetry for runs, their stages, and what stages read, where the program that calls has set it up."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from typing import Any, Self

from onefold.execution.stages import Stage
from onefold.execution.streams import Traffic
from onefold.session.redaction import redacted

__all__ = ["Span"]

MODULE = "opentelemetry.trace"
"""Who has set up tracing has imported this; where nobody has, spans would go nowhere, and are not made."""


class Span:
    """A span that has begun, and what begins below it; of None nothing is recorded.

    Attributes hold names, numbers and fingerprints: no values, no options, and no text of queries.

    Args:
        span: The span of OpenTelemetry.
    """

    def __init__(self, span: Any = None) -> None:
        self._span = span
        self._ended = span is None

    @classmethod
    def of_run(cls, stages: tuple[Stage, ...]) -> Self:
        """Return the span of a run, which begins now, below the span in which the caller is.

        Args:
            stages: The stages of the run.
        """
        if MODULE not in sys.modules:
            return cls()
        return cls._begun("onefold run", {"onefold.plan": stages[-1].fingerprint, "onefold.stages": len(stages)})

    def of_stage(self, stage: Stage) -> Self:
        """Return the span of a stage, which begins now."""
        attributes = {
            "onefold.stage": stage.id,
            "onefold.engine": stage.engine,
            "onefold.plan": stage.fingerprint,
        }
        return self._below(f"onefold stage {stage.id} on {stage.engine}", attributes)

    def of_edge(self, name: str, stage: Stage, form: str) -> Self:
        """Return the span of what a stage reads, which begins now.

        Args:
            name: What is read: ``stage_<id>``, or the name of an input.
            stage: The stage.
            form: How the rows come.
        """
        attributes = {
            "onefold.reads": name,
            "onefold.stage": stage.id,
            "onefold.engine": stage.engine,
            "onefold.form": form,
        }
        return self._below(f"onefold edge {name} to stage_{stage.id}", attributes)

    def end(self, traffic: Traffic, error: BaseException | None = None) -> None:
        """End the span with what has passed; idempotent.

        Args:
            traffic: What has passed, and what went wrong then.
            error: What went wrong, where the traffic does not know.
        """
        if self._ended:
            return
        self._ended = True
        self._span.set_attribute("onefold.rows", traffic.rows)
        self._span.set_attribute("onefold.bytes", traffic.bytes)
        error = error or traffic.failure
        if error is not None:
            self._failed(error)
        self._span.end()

    def _failed(self, error: BaseException) -> None:
        trace = sys.modules[MODULE]
        # Errors quote what drivers say, and drivers quote addresses: the attributes take the place of OpenTelemetry's.
        shown = {
            "exception.message": redacted(str(error)),
            "exception.stacktrace": redacted("".join(traceback.format_exception(error))),
        }
        self._span.record_exception(error, attributes=shown)
        described = redacted(f"{type(error).__name__}: {error}")
        self._span.set_status(trace.Status(trace.StatusCode.ERROR, described))

    def _below(self, name: str, attributes: Mapping[str, Any]) -> Self:
        if self._span is None:
            return type(self)()
        return self._begun(name, attributes, sys.modules[MODULE].set_span_in_context(self._span))

    @classmethod
    def _begun(cls, name: str, attributes: Mapping[str, Any], context: Any = None) -> Self:
        tracer = sys.modules[MODULE].get_tracer("onefold")
        return cls(tracer.start_span(name, context=context, attributes=attributes))
