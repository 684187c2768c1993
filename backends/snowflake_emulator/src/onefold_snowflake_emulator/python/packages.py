"""What a function in Python may state: its runtime and its packages; and which modules follow from them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import metadata
from typing import Final

from onefold_snowflake_emulator.errors import SnowflakeError, compilation_error

RUNTIMES: Final = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
"""The versions of Python that Snowflake documents. Bodies run in the Python of this process, whichever they state."""

_SPECIFIER: Final = r"(?:==|~=|!=|<=|>=|<|>)\s*[0-9A-Za-z][0-9A-Za-z.*+!_-]*"
_PACKAGE: Final = re.compile(
    rf"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:{_SPECIFIER}(?:\s*,\s*{_SPECIFIER})*)?"
)
_REQUIREMENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_runtime(version: str | None) -> None:
    """Refuse a function that states no runtime, or one that Snowflake does not have.

    Args:
        version: The RUNTIME_VERSION as the statement writes it; None if it does not.

    Raises:
        SnowflakeError: It is missing or unknown.
    """
    if version is None:
        raise compilation_error("002029", "Missing option(s): [RUNTIME_VERSION]", "42601")
    if version not in RUNTIMES:
        known = ", ".join(RUNTIMES)
        text = f"invalid value [{version}] for parameter 'RUNTIME_VERSION': Python's versions are {known}."
        raise compilation_error("001008", text, "22023")


def modules(packages: Sequence[str]) -> frozenset[str]:
    """Return the modules that a body may import: the standard library's, and those of packages and what they need.

    Args:
        packages: The packages as the statement writes them. Their versions are not looked at.

    Returns:
        The names of modules, without those within packages.

    Raises:
        SnowflakeError: A package is written in a way that Snowflake does not know, or is not installed here.
    """
    found = {_canonical(_name(package)): package for package in packages}
    for name, package in found.items():
        if name not in _modules_by_package():
            raise _refused(f"The package '{package}' is unknown.")
    pending, needed = list(found), set(found)
    while pending:
        for name in _requirements(pending.pop()):
            if name not in needed:
                needed.add(name)
                pending.append(name)
    own = (_modules_by_package().get(name, frozenset()) for name in needed)
    return frozenset(sys.stdlib_module_names).union(*own)


def _name(package: str) -> str:
    match = _PACKAGE.fullmatch(package.strip())
    if match is None:
        raise _refused(
            f"'{package}' is not a name, or a name with versions: 'pandas', 'pandas==2.2.3', 'pandas>=2,<3'."
        )
    return match[1]


def _requirements(name: str) -> Iterable[str]:
    try:
        stated = metadata.requires(name) or ()
    except metadata.PackageNotFoundError:
        return  # it is needed elsewhere: on another system, or by another version of Python
    for requirement in stated:
        match = _REQUIREMENT.match(requirement)
        if match is not None and "extra ==" not in requirement:
            yield _canonical(match[0])


@lru_cache(maxsize=1)
def _modules_by_package() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for module, packages in metadata.packages_distributions().items():
        for package in packages:
            found.setdefault(_canonical(package), set()).add(module)
    return {package: frozenset(names) for package, names in found.items()}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _refused(why: str) -> SnowflakeError:
    text = "Cannot create a Python function with the specified packages. Please check your packages specification and try again."
    return compilation_error("391546", f"{text} {why}", "22023")
