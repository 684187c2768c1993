"""Repositories of definitions, found and loaded by path: Python files with feature views, or folders of views in SQL."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from onefold.api.project import PROJECT_FILE, ProjectFile, load_project
from onefold.errors import DefinitionError, OnefoldError, listed
from onefold.features import FeatureService, FeatureView

__all__ = ["Repository", "load_repository"]


_DECLARED_IN = ("sources.toml", "sources.yml", "sources.yaml")
"""What makes a folder one of views in SQL."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The feature views and services that a file or folder defines.

    Args:
        path: The Python file, or the file that declares the sources of a folder of views in SQL.
        views: The feature views by name, in the order of the file; those of a folder by the alphabet.
        services: The feature services by name.
        project: What the ``onefold.toml`` beside it says, for ``training_set(..., project=...)``.
    """

    path: Path
    views: Mapping[str, FeatureView]
    services: Mapping[str, FeatureService]
    project: ProjectFile = field(default_factory=ProjectFile)

    def get(self, name: str) -> FeatureView | FeatureService:
        """Return a view or service by name.

        Raises:
            DefinitionError: If there is none; the message gives near matches.
        """
        if name in self.views:
            return self.views[name]
        if name in self.services:
            return self.services[name]
        raise DefinitionError(
            f"{self.path} defines no feature view {name!r}. "
            f"{listed(name, [*self.views, *self.services], what='views and services')}"
        )

    def select(self, names: Iterable[str] | None = None) -> tuple[FeatureView, ...]:
        """Return views by name, each once, those of services included; all views for None.

        Raises:
            DefinitionError: If a name is neither a view nor a service.
        """
        if names is None:
            return tuple(self.views.values())
        found: dict[str, FeatureView] = {}
        for name in names:
            item = self.get(name)
            for view in item.views if isinstance(item, FeatureService) else (item,):
                found[view.name] = view
        return tuple(found.values())


def load_repository(path: str | Path) -> Repository:
    """Load feature definitions.

    A Python file runs as Python does it, with its folder on the import path meanwhile. What it prints goes to standard
    error. A folder of views in SQL has a file ``sources.toml`` (or ``sources.yml``), and for each view a query and a
    declaration of the same name. An ``onefold.toml`` beside the file, or in the folder, may give ``engine`` (of views that
    name none, or ``"auto"``) and ``[options.<engine>]``.

    Args:
        path: A Python file; a package; a folder of views in SQL; or a folder with an ``onefold.toml`` whose
            ``definitions`` names one of them.

    Raises:
        DefinitionError: If there is no such file, it defines no views, or it fails; the message names the user's line.
        ConfigurationError: If ``onefold.toml`` can not be used.
    """
    given = Path(path)
    folder = given if given.is_dir() else given.parent
    project = load_project(folder)
    if (views_in_sql := view_folder(given, project)) is not None:
        from onefold.sql_authoring import ViewFolder  # noqa: PLC0415 - slow, and most definitions hold no SQL

        found = ViewFolder.of(views_in_sql)
        made = {name: found.view(name) for name in found.files}
        return _checked(Repository(found.shared, made, found.services(made), project))
    file = _definitions(given, project)
    module = _executed(file)
    views: dict[str, FeatureView] = {}
    services: dict[str, FeatureService] = {}
    for item in _defined(vars(module)):
        kind: dict[str, Any] = views if isinstance(item, FeatureView) else services
        if kind.setdefault(item.name, item) is not item:
            raise DefinitionError(
                f"{file} defines two different {_kind(item)}s named {item.name!r}. Rename one of them."
            )
    for service in services.values():
        for view in service.views:
            if views.setdefault(view.name, view) is not view:
                raise DefinitionError(f"{file} defines two different views named {view.name!r}. Rename one of them.")
    if not views:
        raise DefinitionError(
            f"{file} defines no feature views. Assign some to names at the top of the file: "
            "view = of.FeatureView('name', ...)."
        )
    return _checked(Repository(file, views, services, project))


def view_folder(given: Path, project: ProjectFile) -> Path | None:
    """Return the folder of views in SQL that a path means; None when it means Python.

    Args:
        given: The path.
        project: What the project file of its folder says.
    """
    if not given.is_dir() or (given / "__init__.py").is_file():
        return None
    folder = given if project.definitions is None else given / project.definitions
    return folder if any((folder / name).is_file() for name in _DECLARED_IN) else None


def _checked(repository: Repository) -> Repository:
    """Return a repository in which each name means one thing.

    Raises:
        DefinitionError: If a view and a service have the same name.
    """
    if twice := next((name for name in repository.services if name in repository.views), None):
        raise DefinitionError(
            f"{repository.path} defines a view and a service that are both named {twice!r}. Rename one of them."
        )
    return repository


def _kind(item: FeatureView | FeatureService) -> str:
    return "view" if isinstance(item, FeatureView) else "service"


def _definitions(given: Path, project: ProjectFile) -> Path:
    """Return the Python file with the definitions.

    Raises:
        DefinitionError: If there is none.
    """
    file = given
    if given.is_dir():
        if (given / "__init__.py").is_file():
            return given / "__init__.py"
        if project.definitions is None:
            raise DefinitionError(
                f"{given} is a folder without an {PROJECT_FILE} that names its definitions. Give the Python file, or "
                f'write the line definitions = "features.py" into {given / PROJECT_FILE}. (A folder of views in SQL has a '
                "sources.toml.)"
            )
        file = given / project.definitions
        if file.is_dir():
            file /= "__init__.py"
    if not file.is_file():
        folder = file.parent
        near = sorted(entry.name for entry in folder.glob("*.py")) if folder.is_dir() else []
        hint = (
            f"In its folder: {listed(file.name, near, what='Python files')}"
            if near
            else "Its folder has no Python files."
        )
        raise DefinitionError(f"There is no file {file}. {hint}")
    if file.suffix != ".py":
        raise DefinitionError(f"{file} is not a Python file: definitions are written in a file that ends with .py.")
    return file


def _executed(file: Path) -> ModuleType:
    """Return a definitions file as a module, run anew."""
    resolved = file.resolve()
    package = resolved.name == "__init__.py"
    name = resolved.parent.name if package else resolved.stem
    loaded = sys.modules.get(name)
    if loaded is not None and getattr(loaded, "__file__", None) != str(resolved):
        # The name is taken, perhaps by a library: another one, the same in every process.
        name = f"{name}_{hashlib.sha256(str(resolved).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(
        name, resolved, submodule_search_locations=[str(resolved.parent)] if package else None
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses, pickle and relative imports look for it
    try:
        with (
            _import_path(resolved.parent.parent if package else resolved.parent),
            contextlib.redirect_stdout(sys.stderr),
        ):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        raise DefinitionError(_failure(file, resolved, error)) from error
    return module


@contextlib.contextmanager
def _import_path(folder: Path) -> Iterator[None]:
    """Put a folder first on the import path, for a while."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(str(folder))


def _failure(file: Path, resolved: Path, error: BaseException) -> str:
    """Return what went wrong, with the last line of the user's own code that was reached."""
    if isinstance(error, SyntaxError):
        return f"{error.filename or file}, line {error.lineno}: {error.msg}: {(error.text or '').strip()}"
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve().is_relative_to(resolved.parent)
    ]
    place = (
        f"{Path(own[-1].filename).name if own[-1].filename != str(resolved) else file}, line {own[-1].lineno}"
        if own
        else str(file)
    )
    said = str(error) if isinstance(error, OnefoldError) else f"{type(error).__name__}: {error}"
    line = f"\n    {own[-1].line}" if own and own[-1].line else ""
    return f"{place}: {said}{line}"


def _defined(names: Mapping[str, Any]) -> Iterator[FeatureView | FeatureService]:
    """Yield the views and services of a module, those in lists and dictionaries at its top level included."""
    for name, value in names.items():
        if name.startswith("__"):
            continue
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
        yield from (item for item in items if isinstance(item, FeatureView | FeatureService))
