"""Places in a plan where a value from the moment of prediction itself can enter a feature."""

from __future__ import annotations

from dataclasses import dataclass

from onefold.plan import AsOfJoin, Relation, TrailingAggregate

__all__ = ["LeakageNote", "leakage_notes"]


@dataclass(frozen=True, slots=True)
class LeakageNote:
    """Features that may use an event stamped exactly with the spine's time.

    Args:
        features: The names of the features.
        reason: What lets the event in.
    """

    features: tuple[str, ...]
    reason: str


def leakage_notes(root: Relation) -> tuple[LeakageNote, ...]:
    """Return where a plan goes beyond "strictly before": nothing is wrong with it, but it has to be meant.

    Args:
        root: The plan.

    Returns:
        One note per relation that includes events at exactly the spine's time.
    """
    notes = []
    for node in root.walk():
        if isinstance(node, AsOfJoin) and node.include_exact:
            notes.append(LeakageNote(tuple(c.name for c in node.columns), "include_exact=True"))
        elif isinstance(node, TrailingAggregate):
            exact = tuple(m.name for m in node.measures if m.window.include_end and not m.window.offset)
            if exact:
                notes.append(LeakageNote(exact, "the window includes its end"))
    return tuple(notes)
