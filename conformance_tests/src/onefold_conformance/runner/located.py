"""Finding the backend that a name means: an installed plugin, or an object that a module holds."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from onefold.contract import Backend
from onefold.errors import ConfigurationError, PluginError
from onefold.registry import installed

__all__ = ["Located", "locate"]


@dataclass(frozen=True, slots=True)
class Located:
    """A backend, and where it comes from.

    Args:
        backend: The backend.
        distribution: Its distribution and version, or the name that was given where it is not installed as one.
        statement: What its ``conformance.toml`` says; empty where there is none.
        statement_path: Where that file is, for errors.
    """

    backend: Backend
    distribution: str
    statement: dict[str, Any]
    statement_path: str


def locate(name: str, *, statement: Path | None = None) -> Located:
    """Return the backend that a name means.

    Args:
        name: The name of an installed backend; or ``"module:attribute"``, where the attribute is a backend, a class of
            backends, or a function that returns one.
        statement: The backend's ``conformance.toml``; that in its package when left out.

    Raises:
        ConfigurationError: If there is no such backend, or its ``conformance.toml`` can not be read.
        PluginError: If it can not be loaded.
    """
    if ":" in name:
        backend = _from_module(name)
        distribution = name
    else:
        registry = installed()
        backend = registry.create(name)
        distribution = _with_version(registry.backends[name].distribution)
    path = statement or _own_statement(backend)
    if path is None:
        return Located(backend, distribution, {}, "")
    try:
        return Located(backend, distribution, tomllib.loads(path.read_text("utf-8")), str(path))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{str(path)!r} can not be read: {error}.") from error


def _from_module(name: str) -> Backend:
    module_name, _, attribute = name.partition(":")
    try:
        found: Any = importlib.import_module(module_name)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(
            f"There is no backend {name!r}: {error}. Give the name of an installed backend, or 'module:attribute'."
        ) from error
    if isinstance(found, type) or (isinstance(found, Callable) and not hasattr(found, "open")):  # type: ignore[arg-type]
        found = found()
    if not all(hasattr(found, member) for member in ("name", "capabilities", "open", "health")):
        raise PluginError(f"{name!r} is no backend: it lacks what onefold.contract.Backend demands.")
    backend: Backend = found
    return backend


def _own_statement(backend: Backend) -> Path | None:
    """Return the ``conformance.toml`` in the package that defines a backend."""
    package = type(backend).__module__.partition(".")[0]
    try:
        path = Path(str(files(package) / "conformance.toml"))
    except (ImportError, TypeError):  # a backend typed at a prompt, or in a single module
        return None
    return path if path.is_file() else None


def _with_version(distribution: str) -> str:
    try:
        return f"{distribution} {version(distribution)}"
    except PackageNotFoundError:
        return distribution
