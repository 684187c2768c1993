"""Everything that the documents show is true: Python runs, outputs are as shown, commands and links exist."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
TUTORIALS = [path for path in DOCUMENTS if path.name == "write-a-backend.md"]
"""Documents whose Python is the files of a distribution: ``scripts/run_tutorial.py`` runs them, in ``make wheels``."""

NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]

_BLOCK = re.compile(r"^```(?P<language>[^\n]*)\n(?P<text>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
SHELL = ("sh", "shell", "bash", "console")
SHOWN = ("py", "pycon")
"""Signatures, and the examples of docstrings, which pytest runs where they are written."""

GENERATORS = ("generate_reference", "generate_api", "generate_errors", "generate_commands", "generate_configuration")
"""Scripts that write pages of ``docs/reference``."""


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, text, first line, and the text that stands between it and the block before."""

    language: str
    text: str
    line: int
    before: str


def blocks(path: Path) -> list[Block]:
    """Return the fenced blocks of a document, in order."""
    text = path.read_text("utf-8")
    found, end = [], 0
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 2
        found.append(Block(match["language"].strip(), match["text"], line, text[end : match.start()]))
        end = match.end()
    assert text.count("\n```") + text.startswith("```") == 2 * len(found), f"{path}: a fence is not closed"
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_python_runs_and_prints_what_is_shown(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks share one namespace; a block marked ``text`` right after one that is run is what that one prints.

    In the tutorials of users, commands of onefold and of pytest are run as well.
    """
    monkeypatch.chdir(tmp_path)
    runs = ("python", *SHELL) if path.parent.name == "tutorials" else ("python",)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    printed = ""
    shown = blocks(path)
    for number, block in enumerate(shown):
        if path in TUTORIALS:
            break
        if block.language == "python":
            # The code stands at its own lines in the document, so that errors show where they are.
            code = compile("\n" * (block.line - 1) + block.text, str(path), "exec")
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(code, namespace)
            printed = out.getvalue()
        elif block.language in SHELL and block.language in runs:
            printed = "".join(_run(line) for line in block.text.splitlines())
        elif block.language == "text" and number and shown[number - 1].language in runs:
            assert _tidy(printed) == _tidy(block.text), f"{path.name}:{block.line}"


def _run(line: str) -> str:
    """Return what a command of onefold or pytest prints; setting up an environment is not for here."""
    match shlex.split(line):
        case ["onefold", *arguments]:
            from typer.testing import CliRunner

            from onefold.cli.main import app

            done = CliRunner().invoke(app, arguments)
            assert done.exit_code == 0, f"{line}: {done.output}"
            return done.stdout
        case ["python", "-m", "pytest", *arguments]:
            command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
            tested = subprocess.run(command, capture_output=True, text=True, check=False)
            assert tested.returncode == 0, f"{line}: {tested.stdout}"
            return tested.stdout
        case ["pip", "install", *_] | ["python", "-m", "venv", _] | ["source", _]:
            return ""
    raise AssertionError(f"{line}: this test does not know how to run it")


def _tidy(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_blocks_are_of_known_languages(path: Path) -> None:
    for block in blocks(path):
        assert block.language in {"python", "text", "toml", "json", "sql", *SHELL, *SHOWN, ""}, (
            f"{path.name}:{block.line}"
        )


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_shell_commands_exist(path: Path) -> None:
    for block in blocks(path):
        if block.language in SHELL:
            for line in block.text.replace("\\\n", " ").splitlines():
                if words := shlex.split(line.strip().removeprefix("$ "), comments=True):
                    assert _exists(words), f"{path.name}:{block.line}: {line}"


def _exists(words: list[str]) -> bool:
    match words:
        case ["make", *arguments]:
            makefile = (ROOT / "Makefile").read_text("utf-8")
            targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
            return {word for word in arguments if "=" not in word} <= targets
        case ["onefold", *arguments]:
            return _is_command(arguments)
        case ["pip", "install", *arguments] | ["python", "-m", "pip", "install", *arguments]:
            return all(_installable(argument) for argument in arguments)
        case ["python", "-m", "venv", _] | ["source" | ".", _] | ["cd", _] | ["git", "clone", *_]:
            return True
        case ["python", "-m", "pytest", *_] | ["rm" | "cat", *_]:
            return True
        case ["python", "-m", module, *_]:
            return (ROOT / Path(*module.split("."))).with_suffix(".py").exists() or (
                ROOT / Path(*module.split("."))
            ).is_dir()
        case ["python", script, *_]:
            return (ROOT / script).exists() or any(f"`{script}`:" in path.read_text("utf-8") for path in TUTORIALS)
    return False


def _is_command(words: list[str]) -> bool:
    """Return whether there is a command of that name, those that other distributions add included, with these options."""
    import typer.main

    from onefold.cli.main import app

    command: Any = typer.main.get_command(app)
    arguments = [word.partition("=")[0] for word in words]
    while arguments and hasattr(command, "get_command") and not arguments[0].startswith("-"):
        command = command.get_command(None, arguments.pop(0))
        if command is None:
            return False
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return {word for word in arguments if word.startswith("--")} <= {*options, "--help"}


def _installable(argument: str) -> bool:
    if argument.startswith("-") or argument in {"dev", "constraints.txt"}:
        return True
    path = ROOT / argument.split("[", maxsplit=1)[0]
    return (path / "pyproject.toml").exists() or re.fullmatch(r"[a-z0-9-]+(\[[a-z,]+\])?", argument) is not None


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_links_lead_somewhere(path: Path) -> None:
    text = _BLOCK.sub("", path.read_text("utf-8"))
    for match in _LINK.finditer(text):
        target, _, anchor = match["target"].partition("#")
        if target.startswith(("https:", "http:", "mailto:")):
            continue
        place = (path.parent / target).resolve() if target else path
        assert place.exists(), f"{path.name} links to {target}"
        if anchor and place.suffix == ".md":
            assert anchor in _anchors(place), f"{path.name} links to {target}#{anchor}"


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _BLOCK.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [page for page in pages if f"({page})" not in index] == []
    assert [page[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]


def test_documents_show_the_layers_that_are_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert " > ".join(layers) in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8").partition("## Layers")[2]
    shown = re.findall(r"^\| `(\w+)`", table.partition("\n## ")[0], re.MULTILINE)
    assert shown == [name for layer in layers for name in layer.split(" | ")]


def test_all_python_of_a_tutorial_is_files_that_its_runner_writes() -> None:
    runner = _script("run_tutorial")
    for path in TUTORIALS:
        steps = runner.steps(path.read_text("utf-8"))
        written = {step.line for step in steps if isinstance(step, runner.File | runner.Edit)}
        replacing = {step.new for step in steps if isinstance(step, runner.Edit)}
        run = {step.line for step in steps if isinstance(step, runner.Run)}
        for block in blocks(path):
            where = f"{path.name}:{block.line}"
            if block.language in {"python", "toml"}:
                assert block.line in written or block.text in replacing, where
            assert block.language not in SHELL or block.line in run, where


@pytest.mark.parametrize("script", GENERATORS)
def test_the_reference_is_what_the_generator_writes(script: str) -> None:
    """After a change of the catalogue, a docstring, a command or an option: python scripts/<script>.py."""
    for name, text in _script(script).pages().items():
        assert (ROOT / "docs" / "reference" / name).read_text("utf-8") == text, f"{name}: run scripts/{script}.py"


def test_every_public_name_has_a_place_in_the_reference() -> None:
    assert _script("generate_api").left_out() == set()


def _script(name: str) -> Any:
    """Return a file in ``scripts`` as a module."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
