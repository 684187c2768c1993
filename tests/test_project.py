"""What surrounds the code: workflows, templates, the changelog, and files that name versions."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.test_documentation import _script

import onefold

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _steps(path: Path) -> list[dict[str, Any]]:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_with_their_version_beside(path: Path) -> None:
    used = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_an_action_has_one_version_in_all_workflows() -> None:
    used = {step["uses"] for path in WORKFLOWS for step in _steps(path) if "uses" in step}
    assert len({action.partition("@")[0] for action in used}) == len(used)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_run_what_any_machine_runs(path: Path) -> None:
    assert {"run": ".ci/run"} in _steps(path)


def test_a_release_keeps_the_wheels_that_were_tried() -> None:
    runs = [step["run"] for step in _steps(ROOT / ".github" / "workflows" / "release.yml") if "run" in step]
    tried = runs.index("scripts/check-wheels dist")
    assert tried > runs.index(".ci/run")
    assert "dist/*.whl" in runs[tried + 1]


def test_workflows_may_read_and_no_more_where_nothing_else_is_said() -> None:
    for path in WORKFLOWS:
        assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {"contents": "read"}, path.name


def test_ci_runs_on_the_oldest_and_the_newest_python() -> None:
    versions = [
        text.rpartition(" ")[2]
        for text in SETTINGS["project"]["classifiers"]
        if re.search(r"Python :: 3\.\d+$", text) is not None
    ]
    (job,) = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"].values()
    assert job["strategy"]["matrix"]["python"] == [versions[0], versions[-1]]


@pytest.mark.parametrize("name", ["bug", "backend", "feature"])
def test_issue_forms_ask_for_something_and_name_each_field_once(name: str) -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text("utf-8"))
    assert {"name", "description", "body"} <= set(form)
    ids = [field["id"] for field in form["body"]]
    assert len(ids) == len(set(ids))
    assert any(field.get("validations", {}).get("required") for field in form["body"])
    assert all(field["attributes"]["label"] for field in form["body"])


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == onefold.__version__ == SETTINGS["project"]["version"]
    assert citation["license"] == SETTINGS["project"]["license"]


def test_hooks_run_the_tools_of_the_environment() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert repository["repo"] == "local"
    assert all(hook["entry"].startswith(".venv/bin/") for hook in repository["hooks"])


def test_the_devcontainer_has_the_oldest_python_and_the_java_of_spark() -> None:
    folder = ROOT / ".devcontainer"
    settings = json.loads((folder / "devcontainer.json").read_text("utf-8"))
    recipe = (folder / settings["build"]["dockerfile"]).read_text("utf-8")
    assert recipe.startswith(f"FROM python:{SETTINGS['project']['requires-python'].removeprefix('>=')}-")
    assert "openjdk-17" in recipe


def test_the_command_for_plain_pip_names_every_member() -> None:
    members = re.search(r'^members="(.+)"$', (ROOT / "scripts" / "set-up").read_text("utf-8"), re.MULTILINE)
    assert members is not None
    command = (
        (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("pip install -c constraints.txt")[2].partition("```")[0]
    )
    assert re.findall(r"-e (\./\S+)", command) == members[1].split()


def test_files_of_the_changelog_have_headings_that_exist() -> None:
    _script("collect_changelog").fragments(ROOT / "changelog")


BEFORE = """# Changelog

## [Unreleased]

### Added

- One thing.

## [0.1.0] - 2026-01-01

### Fixed

- An old thing.
"""
AFTER = """# Changelog

## [Unreleased]

## [0.2.0] - 2026-03-01

### Added

- One thing.
- Another thing.

### Fixed

- A bug.

## [0.1.0] - 2026-01-01

### Fixed

- An old thing.
"""


def test_entries_of_the_changelog_go_under_the_version_by_heading() -> None:
    entries = {"Fixed": ["A bug.\n"], "Added": ["Another\nthing.\n"]}
    assert _script("collect_changelog").collected(BEFORE, entries, "0.2.0", dt.date(2026, 3, 1)) == AFTER


@pytest.mark.parametrize(
    ("changelog", "version", "said"),
    [(BEFORE, "0.1.0", "has the version 0.1.0 already"), ("# Changelog\n", "0.2.0", "no heading")],
)
def test_a_changelog_that_does_not_fit_is_refused(changelog: str, version: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _script("collect_changelog").collected(changelog, {}, version, dt.date(2026, 3, 1))


def test_a_file_without_a_heading_is_refused(tmp_path: Path) -> None:
    (tmp_path / "better-errors.md").write_text("Better errors.")
    with pytest.raises(ValueError, match="one of added, changed"):
        _script("collect_changelog").fragments(tmp_path)
