"""Writing a new repository of features: definitions in Python or SQL, data that is made up, and a test."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from onefold.scaffold.writing import filled_template, write_folder

__all__ = ["repository_files", "write_repository"]

_CUSTOMERS = [f"c{number:02}" for number in range(1, 13)]
_COUNTRIES = ("DE", "FR", "PL", "SE")
_PLANS = ("basic", "plus", "pro")
_STATUS = ("paid", "paid", "paid", "paid", "paid", "refunded", "failed")
_BEGIN = dt.datetime(2025, 12, 1)  # noqa: DTZ001 - written without a zone; the definitions say that it is UTC
_MINUTES = 90 * 24 * 60


class _Numbers:
    """Numbers that look drawn, and are the same on every machine and in every version of Python."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound`` - 1."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % bound


def repository_files(name: str, *, sql: bool) -> dict[str, str]:
    """Return the files of a new repository: their contents, by their paths in its folder.

    Args:
        name: Its name, for the heading of its README.
        sql: Whether views are written in SQL; else in Python.

    Examples:
        >>> sorted(path for path in repository_files("shop", sql=True) if path.startswith("features"))
        ['features/profile.toml', 'features/sources.toml', 'features/spending.sql', 'features/spending.toml']
    """
    words = {"@name@": name, "@views@": "features" if sql else "features.py"}
    texts = {
        **filled_template("repository_template/both", words),
        **filled_template(f"repository_template/{'sql' if sql else 'python'}", words),
        **_data(),
    }
    return dict(sorted(texts.items()))


def write_repository(folder: Path, *, sql: bool) -> list[Path]:
    """Write a new repository, all of its files or none.

    Args:
        folder: Where to; must not exist. Its name is that of the repository.
        sql: Whether views are written in SQL; else in Python.

    Returns:
        The files.

    Raises:
        ConfigurationError: If the folder exists, or can not be written.
    """
    return write_folder(
        repository_files(folder.name, sql=sql),
        folder,
        what="The repository",
        advice="Give another name, or remove the folder.",
    )


def _data() -> dict[str, str]:
    """Return the files of made-up data: payments, changes of profiles, and a spine of predictions."""
    numbers = _Numbers(2026)
    times = sorted(numbers.below(_MINUTES) for _ in range(600))
    payments = [
        f"{place},{_CUSTOMERS[numbers.below(len(_CUSTOMERS))]},{_moment(minute)},{_amount(numbers)},"
        f"{_STATUS[numbers.below(len(_STATUS))]}"
        for place, minute in enumerate(times, start=1)
    ]
    profiles = [f"{customer},{_moment(numbers.below(60))},{_profile(numbers)}" for customer in _CUSTOMERS]
    profiles += [
        f"{customer},{_moment(30_000 + numbers.below(60_000))},{_profile(numbers)}" for customer in _CUSTOMERS[::2]
    ]
    spine = [
        f"{_CUSTOMERS[numbers.below(len(_CUSTOMERS))]},{_moment(minute)},{'true' if numbers.below(4) == 0 else 'false'}"
        for minute in sorted(45_000 + numbers.below(_MINUTES - 45_000) for _ in range(100))
    ]
    return {
        "data/payments.csv": _table("payment_id,customer_id,at,amount,status", payments),
        "data/customers.csv": _table("customer_id,changed_at,country,plan", profiles),
        "data/spine.csv": _table("customer_id,at,cancelled", spine),
    }


def _table(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows, ""])


def _moment(minute: int) -> str:
    return (_BEGIN + dt.timedelta(minutes=minute)).isoformat(sep=" ")


def _amount(numbers: _Numbers) -> str:
    cents = 300 + numbers.below(4_000) + (numbers.below(5) == 0) * numbers.below(20_000)
    return f"{cents // 100}.{cents % 100:02}"


def _profile(numbers: _Numbers) -> str:
    return f"{_COUNTRIES[numbers.below(len(_COUNTRIES))]},{_PLANS[numbers.below(len(_PLANS))]}"
