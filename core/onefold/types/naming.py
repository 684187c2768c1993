"""Names for what a query needs and a plan does not have."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["fresh"]


def fresh(wanted: str, *taken: Iterable[str]) -> str:
    """Return a name that differs from all taken ones, whatever their case.

    Examples:
        >>> fresh("row", ["k", "Row"])
        'row_2'
    """
    used = {name.casefold() for names in taken for name in names}
    candidate, number = wanted, 1
    while candidate.casefold() in used:
        number += 1
        candidate = f"{wanted}_{number}"
    return candidate
