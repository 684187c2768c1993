"""The pages of error codes: the docstrings of the classes of errors, taken apart."""

from __future__ import annotations

import doctest
import inspect
import re
from dataclasses import dataclass

from onefold.errors import ConfigurationError, OnefoldError, listed

__all__ = ["ErrorPage", "error_page", "error_pages"]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What is written about one class of errors; all texts are Markdown without headings.

    Args:
        code: Its code, such as ``"OF110"``.
        name: The name of the class.
        inside: The codes of the classes above it, the nearest first, without the root's.
        summary: What it is, in a sentence.
        meaning: When it is raised.
        advice: What to do.
        attributes: What an error of this class knows besides its message, by name.
        example: Python that raises one and prints its message.
        printed: What the example prints.
    """

    code: str
    name: str
    inside: tuple[str, ...]
    summary: str
    meaning: str
    advice: str
    attributes: dict[str, str]
    example: str
    printed: str


def error_pages() -> tuple[ErrorPage, ...]:
    """Return the pages of all codes, in the order of the codes."""
    pages = [_page(cls) for cls in _classes(OnefoldError) if "error_code" in vars(cls)]
    return tuple(sorted(pages, key=lambda page: page.code))


def error_page(code: str) -> ErrorPage:
    """Return the page of a code, or of a class by its name.

    Raises:
        ConfigurationError: If there is none.
    """
    pages = error_pages()
    for page in pages:
        if code.upper() == page.code or code == page.name:
            return page
    raise ConfigurationError(f"There is no error {code!r}. {listed(code, [page.code for page in pages], what='codes')}")


def _classes(cls: type[OnefoldError]) -> list[type[OnefoldError]]:
    return [cls, *(below for child in cls.__subclasses__() for below in _classes(child))]


def _page(cls: type[OnefoldError]) -> ErrorPage:
    docstring = inspect.getdoc(cls) or ""
    text, *rest = re.split(r"^(Args|Attributes|Examples):\n", docstring, flags=re.MULTILINE)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    about, _, advice = text.partition("What to do: ")
    summary, _, meaning = about.partition("\n\n")
    examples = doctest.DocTestParser().get_examples(docstring)
    return ErrorPage(
        code=cls.error_code,
        name=cls.__name__,
        inside=tuple(above.error_code for above in _classes_above(cls)),
        summary=_plain(summary),
        meaning=_plain(meaning),
        advice=_plain(advice),
        attributes=_entries(sections.get("Args", "") + sections.get("Attributes", "")),
        example=_program([example.source for example in examples]),
        printed=examples[-1].want,
    )


def _program(statements: list[str]) -> str:
    """Return statements as a program, with the empty lines that a docstring has no place for."""
    text = ""
    for number, statement in enumerate(statements):
        imports = statement.startswith(("import ", "from "))
        if number and not imports and statements[number - 1].startswith(("import ", "from ")):
            text += "\n"
        text += f"\n{statement}\n\n" if statement.startswith(("@", "def ")) else statement
    return text


def _classes_above(cls: type[OnefoldError]) -> list[type[OnefoldError]]:
    return [above for above in cls.__mro__[1:] if issubclass(above, OnefoldError) and above is not OnefoldError]


def _entries(section: str) -> dict[str, str]:
    """Return the entries of a section of arguments or attributes, without those that hold the message."""
    text = re.sub(r"\n {8,}", " ", section)
    found = re.findall(r"^ {4}(\w+): (.+)$", text, flags=re.MULTILINE)
    return {name: _plain(about) for name, about in found if name not in ("message", "shown")}


def _plain(text: str) -> str:
    """Return text in paragraphs of one line, with names in code."""
    text = re.sub(r":\w+:`([^`]+)`", r"`\1`", text).replace("``", "`")
    return "\n\n".join(re.sub(r"\s*\n\s*", " ", part) for part in text.strip().split("\n\n"))
