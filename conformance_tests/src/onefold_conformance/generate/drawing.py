"""Drawing plans for a check, and looking for the smallest that does not pass it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from onefold_conformance.generate.plans import DrawnPlan

__all__ = ["Difference", "draw_until"]


class Difference(Exception):
    """Raised by a check where a plan does not pass it; a smaller plan is then looked for."""


def draw_until(
    check: Callable[[DrawnPlan], None],
    strategy: st.SearchStrategy[DrawnPlan],
    *,
    examples: int,
    seed: int | None,
    shrink: bool = True,
    deadline: timedelta | None = None,
) -> None:
    """Draw plans until one does not pass a check, and then ever smaller ones; the last one checked is the smallest.

    Args:
        check: Raises :class:`Difference` for a plan that does not pass.
        strategy: The plans.
        examples: How many are drawn.
        seed: Where drawing begins; the same plans every time when None.
        shrink: Whether smaller plans are looked for.
        deadline: How long one plan may take; without bound when None.
    """
    settings = hypothesis.settings(
        max_examples=examples,
        derandomize=seed is None,
        database=None,
        deadline=deadline,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    test = settings(hypothesis.given(strategy)(check))
    with suppress(Difference):
        (test if seed is None else hypothesis.seed(seed)(test))()
