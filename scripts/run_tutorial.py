"""Follow a tutorial as a reader would: write the files that it shows, run its commands, compare what they print.

    python scripts/run_tutorial.py docs/how-to/write-a-backend.md

It runs in a new directory, with the programs of the environment of the Python that runs it, and ends with exit code 1 at the
first thing that is not as the document says. What it understands of a document:

* A paragraph that is only a path and a colon, right above a block: the block is the whole file.
* A paragraph that ends in "In <path>, replace" above a block and "with" above the next one: the second takes the place of the first, which has to be
  in the file exactly once.
* A block ``sh``: commands, one a line, run one after the other in one directory, which ``cd`` changes. Each has to end well,
  or as a comment at its end says: ``# exit code 1``.
* A block ``text`` right below one of ``sh``: what that one prints. ``...`` stands for anything; spaces and line ends,
  times, versions, revisions and numbers of cases may differ.

Any other block is only shown.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

__all__ = ["Edit", "File", "Problem", "Run", "follow", "same_output", "steps"]

TIMEOUT = 900
"""How long one command may take, in seconds."""

_BLOCK = re.compile(r"^```(?P<language>[^\n]*)\n(?P<text>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`(?P<path>[^`]+)`:")
_REPLACE = re.compile(r".*\bIn `(?P<path>[^`]+)`, replace")
_EXIT_CODE = re.compile(r"\s+# exit code (?P<code>\d+)$")
_STATUSES = "pass|refused-ok|new|deviations?|fail|error|value-instead-of-refusal|xpass|not-run"
_VARYING = (
    (re.compile(r"\d[\d.,]*(?= s\b)"), "#"),
    (re.compile(r"\b\d+\.\d+\.\d+\S*\b"), "#.#.#"),
    (re.compile(rf"\b\d[\d,]*(?= (?:{_STATUSES}|passed|cases|of its cases)\b)"), "#"),
    (re.compile(r"(?<=revision )\d+"), "#"),
)


class Problem(Exception):
    """Something is not as the document says."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is shown whole."""

    line: int
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A part of a file that is replaced."""

    line: int
    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Run:
    """Commands, and what they print where that is shown."""

    line: int
    commands: tuple[str, ...]
    output: str | None


def steps(text: str) -> list[File | Edit | Run]:
    """Return what a document tells its reader to do, in order.

    Args:
        text: The document.

    Raises:
        Problem: If a part that is to be replaced is not followed by what takes its place.
    """
    found: list[File | Edit | Run] = []
    blocks = list(_blocks(text))
    for number, (line, language, content, above) in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else (0, "", "", "")
        if (match := _FILE.fullmatch(above)) is not None:
            found.append(File(line, match["path"], content))
        elif (match := _REPLACE.fullmatch(above)) is not None:
            if following[3] != "with":
                raise Problem(f"line {line}: nothing says with what to replace this")
            found.append(Edit(line, match["path"], content, following[2]))
        elif language == "sh":
            commands = tuple(command for command in content.replace("\\\n", " ").splitlines() if command.strip())
            shown = following[2] if following[1] == "text" and not following[3] else None
            found.append(Run(line, commands, shown))
    return found


def _blocks(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield the line, language and content of each block, and the paragraph above it, empty when that is a block."""
    end = 0
    for match in _BLOCK.finditer(text):
        above = " ".join(text[end : match.start()].strip().rpartition("\n\n")[2].split())
        yield text.count("\n", 0, match.start()) + 2, match["language"].strip(), match["text"], above
        end = match.end()


def same_output(shown: str, printed: str) -> bool:
    """Return whether a command printed what is shown, but for what varies.

    Examples:
        >>> same_output("12 pass, 3 fail; level 0 in 1.5 s", "1,012 pass, 3 fail;   level 0 in 22.0 s")
        True
        >>> same_output("level 0", "level 1"), same_output("error ... at the end", "error 1, 2 at the end")
        (False, True)
    """
    pattern = ".*".join(re.escape(part.strip()) for part in _settled(shown).split("..."))
    return re.fullmatch(pattern.replace(r"\ .*", ".*").replace(r".*\ ", ".*"), _settled(printed), re.DOTALL) is not None


def _settled(text: str) -> str:
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def follow(document: Path, folder: Path) -> None:
    """Do what a document says.

    Args:
        document: The document.
        folder: Where to; has to be empty.

    Raises:
        Problem: If something is not as it says.
    """
    directory = folder
    for step in steps(document.read_text("utf-8")):
        match step:
            case File(path=path, text=text):
                _inside(directory, path, step.line).parent.mkdir(parents=True, exist_ok=True)
                (directory / path).write_text(text, "utf-8")
            case Edit(path=path, old=old, new=new):
                file = _inside(directory, path, step.line)
                content = file.read_text("utf-8")
                if content.count(old) != 1:
                    raise Problem(f"line {step.line}: {path} holds this {content.count(old)} times, not once:\n{old}")
                file.write_text(content.replace(old, new), "utf-8")
            case Run():
                printed = ""
                for command in step.commands:
                    directory, output = _ran(command, directory, folder, step.line)
                    printed += output
                if step.output is not None and not same_output(step.output, printed):
                    raise Problem(f"line {step.line}: this is printed:\n{printed}\nand this is shown:\n{step.output}")


def _inside(directory: Path, path: str, line: int) -> Path:
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise Problem(f"line {line}: {path!r} leads out of the directory")
    return directory / path


def _ran(command: str, directory: Path, folder: Path, line: int) -> tuple[Path, str]:
    """Run a command and return the directory that it leaves behind, and what it printed."""
    match = _EXIT_CODE.search(command)
    wanted = int(match["code"]) if match else 0
    left = folder / ".left-in"
    programs = str(Path(sys.executable).parent)
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S602 - a command of our own document
        f"trap 'pwd > \"$LEFT_IN\"' EXIT\n{command}\n",
        shell=True,
        cwd=directory,
        env={
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "LEFT_IN": str(left),
            "COLUMNS": "200",
            "NO_COLOR": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )
    sys.stdout.write(f"  {time.perf_counter() - started:5.1f} s  {command.strip()}\n")
    sys.stdout.flush()
    if done.returncode != wanted:
        raise Problem(f"line {line}: {command!r} ended with {done.returncode}, not {wanted}:\n{done.stdout}")
    return Path(left.read_text("utf-8").strip()), done.stdout


def main() -> int:
    """Follow the tutorial that the command line names."""
    parser = argparse.ArgumentParser(description="Follow a tutorial: write its files, run its commands, compare.")
    parser.add_argument("document", type=Path)
    document = parser.parse_args().document
    with tempfile.TemporaryDirectory(prefix="onefold-tutorial-") as name:
        try:
            follow(document, Path(name))
        except Problem as problem:
            sys.stderr.write(f"{document.name}, {problem}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
