"""Write docs/reference/command-line.md from the commands themselves, those of the conformance suite included."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from onefold.cli.main import app

FOLDER = Path(__file__).parents[1] / "docs" / "reference"

HEAD = """\
# Command line

<!-- Written by scripts/generate_commands.py. Do not edit. -->

Results go to standard output, all else to standard error. Every command has `--help`. The exit code is 0 when all went well,
1 for an error, 2 when the command was used wrongly, and 130 when it was stopped with Ctrl-C. An error ends with its
[code](errors/README.md).

`onefold conformance` comes with the distribution `onefold-conformance`; other distributions can add commands in the same way.
"""


def pages() -> dict[str, str]:
    """Return the text of the page, by its file in ``docs/reference``."""
    commands = list(_commands(typer.main.get_command(app), "onefold"))
    contents = "".join(f"- [`{path}`](#{_anchor(path)}): {_sentence(command)}\n" for path, command in commands)
    return {"command-line.md": "\n".join([HEAD, contents, *(_section(path, command) for path, command in commands)])}


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the commands of a group that do something, with the words that call them."""
    if not hasattr(command, "list_commands"):
        yield path, command
        return
    for name in command.list_commands(None):
        yield from _commands(command.get_command(None, name), f"{path} {name}")


def _section(path: str, command: Any) -> str:
    about, _, examples = inspect.cleandoc(command.help).partition("[bold]Examples[/]")
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    words = [one.metavar or one.name.upper() for one in arguments]
    shown = [word if one.required else f"[{word}]" for word, one in zip(words, arguments, strict=True)]
    text = f"## {path}\n\n```text\n{' '.join([path, '[OPTIONS]', *shown])}\n```\n\n{_plain(about)}\n\n"
    text += "".join(f"- `{word}`: {_plain(one.help)}\n" for word, one in zip(words, arguments, strict=True))
    text += "".join(_option(one) for one in options)
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    return text + (f"\n```sh\n{chr(10).join(lines)}\n```\n" if lines else "")


def _option(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else f" `{option.metavar or option.name.upper()}`"
    default = option.default if isinstance(option.default, str | int | float | Path) else None
    notes = ["required"] if option.required else [] if option.is_flag or default is None else [f"default `{default}`"]
    return f"- {names}{value}{f' ({notes[0]})' if notes else ''}: {_plain(option.help)}\n"


def _plain(text: str) -> str:
    """Return help as Markdown: without the marks of rich, and with names that stand between angles kept."""
    return re.sub(r"\[/?(?:bold|dim)?\]", "", text).replace("<", "&lt;").strip()


def _sentence(command: Any) -> str:
    return _plain(re.split(r"(?<=\.)\s|\n\n", inspect.cleandoc(command.help), maxsplit=1)[0].replace("\n", " "))


def _anchor(path: str) -> str:
    return path.replace(" ", "-")


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
