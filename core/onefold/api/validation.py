"""Whether a repository is right: each view by itself, and whether its sources are what the definitions say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from onefold.analysis import leakage_notes
from onefold.api.engines import chosen_engines
from onefold.api.project import ProjectFile, load_project
from onefold.api.repository import load_repository, view_folder
from onefold.errors import OnefoldError
from onefold.features import FeatureView, Table
from onefold.plan import Scan
from onefold.sql_authoring import ViewFolder

__all__ = ["Check", "checks"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Args:
        kind: What it is.
        name: Its name.
        file: Where it is defined.
        passed: What was found to be right; empty when it failed.
        problem: What is wrong; empty when it passed.
        notes: What has to be meant: features that see events at exactly the time of a prediction.
    """

    kind: Literal["repository", "view", "source"]
    name: str
    file: str
    passed: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()


def checks(path: str | Path) -> Iterator[Check]:
    """Look at all that a repository defines, and yield what was found, failures among it.

    Each view is built, and its plan prepared for its engine. Of each source that is made of files, a row is read.

    Args:
        path: What :func:`~onefold.api.load_repository` takes.
    """
    given = Path(path)
    views: dict[str, FeatureView] = {}
    files: dict[str, str] = {}
    try:
        project = load_project(given if given.is_dir() else given.parent)
        folder = view_folder(given, project)
        found = None if folder is None else ViewFolder.of(folder)
        if found is None:
            repository = load_repository(given)
            views, files = dict(repository.views), dict.fromkeys(repository.views, str(repository.path))
    except OnefoldError as error:
        yield Check("repository", given.name or str(given), str(given), problem=str(error))
        return
    if found is not None:
        for name, file in found.files.items():
            files[name] = str(file)
            try:
                views[name] = found.view(name)
            except OnefoldError as error:
                yield Check("view", name, str(file), problem=str(error))
        if len(views) == len(found.files):  # a service of a view that failed would only say so again
            try:
                found.services(views)
            except OnefoldError as error:
                yield Check("repository", found.shared.name, str(found.shared), problem=str(error))
    for name, view in views.items():
        yield _view(view, project, files[name], notes=() if found is None else found.notes(view))
    yield from _sources(views, files)


def _view(view: FeatureView, project: ProjectFile, file: str, *, notes: tuple[str, ...]) -> Check:
    try:
        choice = chosen_engines([view], project=project.engine, options=project.options)[view.name]
        view.explain(engine=choice, options=project.options, queries=False)
    except OnefoldError as error:
        return Check("view", view.name, file, problem=str(error))
    count = len(view.feature_names)
    leaks = tuple(
        f"{', '.join(note.features)} can see an event at exactly the time of the prediction: {note.reason}"
        for note in leakage_notes(view.example_plan)
    )
    return Check(
        "view",
        view.name,
        file,
        passed=f"{count} feature{'s' * (count != 1)} of {view.entity.name} on {choice.engine}",
        notes=(*notes, *leaks),
    )


def _sources(views: dict[str, FeatureView], files: dict[str, str]) -> Iterator[Check]:
    seen: set[str] = set()
    for name, view in views.items():
        for node in view.events.walk():
            if not isinstance(node, Scan) or node.table.name in seen:
                continue
            seen.add(node.table.name)
            if node.table.home is not None:
                yield Check("source", node.table.name, files[name], passed=f"a table of {node.table.home}, not read")
                continue
            try:
                rows = Table(Scan(table=node.table), {}).limit(1).collect().num_rows
            except OnefoldError as error:
                yield Check("source", node.table.name, files[name], problem=str(error))
            else:
                columns = f"{len(node.table.columns)} columns"
                yield Check(
                    "source", node.table.name, files[name], passed=columns if rows else f"{columns}, but no rows"
                )
