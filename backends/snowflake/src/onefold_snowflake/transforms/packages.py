"""The packages that a function finds in the warehouse: those that are always stated, those of the user, and no others."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import metadata

__all__ = ["ALWAYS", "check_package", "is_available", "stated_packages"]

ALWAYS = ("cloudpickle", "pandas", "pyarrow")
"""What the runtime of a transform needs itself."""

_STATED = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(==[0-9A-Za-z.+!*]+)?")
_REQUIRED = re.compile(r"[A-Za-z0-9._-]+")


def check_package(text: str) -> bool:
    """Return whether a text names a package, with a version or without one.

    Examples:
        >>> check_package("scikit-learn==1.5.2"), check_package("scikit-learn = 1.5")
        (True, False)
    """
    return _STATED.fullmatch(text) is not None


def stated_packages(needed: Iterable[str], given: Sequence[str], modules: Iterable[str]) -> dict[str, str | None]:
    """Return the packages that are stated, each by its normalised name as it is written.

    Args:
        needed: Those that are stated with the versions that are installed here, unless they are given.
        given: Those of the user.
        modules: The modules that a function uses. Those of a package that another one brings along, such as numpy, are
            stated too: with another version of it, values could be others.

    Returns:
        None in place of a package that is neither given nor installed here.
    """
    stated: dict[str, str | None] = {}
    for text in given:
        match = _STATED.fullmatch(text)
        assert match is not None
        stated[_normalised(match[1])] = text
    for name in needed:
        stated.setdefault(_normalised(name), _installed(name))
    brought = {name for package in list(stated) for name in _requirements(package)}
    for module in modules:
        for package in _packages_of(module):
            if package in brought and package not in stated and (found := _installed(package)) is not None:
                stated[package] = found
    return dict(sorted(stated.items()))


def is_available(module: str, stated: Iterable[str]) -> bool:
    """Return whether a module can be imported where packages are stated: it is Python's own, or that of one of them."""
    root = module.partition(".")[0]
    return root in sys.stdlib_module_names or not set(stated).isdisjoint(_packages_of(root))


def _installed(name: str) -> str | None:
    """Return a package with the version that is installed here; None when it is not."""
    try:
        return f"{name}=={metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return None


def _requirements(package: str) -> set[str]:
    """Return the packages that one brings along."""
    try:
        texts = metadata.requires(package) or ()
    except metadata.PackageNotFoundError:
        return set()
    named = (_REQUIRED.match(text) for text in texts if "extra ==" not in text)
    return {_normalised(match[0]) for match in named if match is not None}


def _packages_of(module: str) -> set[str]:
    """Return the packages that a module may be of; one that is not installed here may have its name."""
    root = module.partition(".")[0]
    return {_normalised(name) for name in _distributions().get(root, (root,))}


@lru_cache(maxsize=1)
def _distributions() -> Mapping[str, Sequence[str]]:
    return metadata.packages_distributions()


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
