"""An engine that was chosen, and why."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Choice"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine of a view, and why it is that one.

    Args:
        engine: The engine's name; never ``"auto"`` and never an alias.
        reason: Why, in a few words for ``explain``, such as ``"named by the view"`` or ``"auto: 1.2 GiB in memory, and
            this machine has 16.0 GiB"``.
    """

    engine: str
    reason: str
