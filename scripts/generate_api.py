"""Write docs/reference/api: what the docstrings of the public names say, and docs/reference/running.md likewise."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import onefold
import onefold.contract
from onefold.errors import OnefoldError

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
MARK = "<!-- Written by scripts/generate_api.py. Do not edit. -->"


@dataclass(frozen=True)
class Page:
    """A page of the reference.

    Args:
        file: Where it goes, in ``docs/reference``.
        title: Its heading.
        head: What stands before the names.
        names: The names it documents, in this order.
        module: Where they come from.
    """

    file: str
    title: str
    head: str
    names: tuple[str, ...]
    module: Any = onefold

    def text(self) -> str:
        """Return the page."""
        parts = [f"# {self.title}\n", f"{MARK}\n", f"{self.head}\n"]
        values = {name: getattr(self.module, name) for name in self.names}
        return "\n".join([*parts, *(documented(name, value, beside=values.values()) for name, value in values.items())])


PAGES = (
    Page(
        "api/definitions.md",
        "Definitions",
        "What a feature is made of: where events come from, what they are about, and what to compute from them. All are\n"
        "names of `onefold`. [Time](../../explanation/time.md) has the rules for times.",
        (
            "Entity", "FeatureView", "FeatureService", "load_repository", "Source", "ParquetSource", "CsvSource",
            "JsonSource", "ArrowSource", "TableSource", "transform", "BatchTransform", "native_sql", "SqlTransform",
        ),
    ),
    Page(
        "api/expressions.md",
        "Expressions",
        "What is computed for each row. Expressions are written with columns, constants and operators, and build plans:\n"
        "nothing is computed when they are written. [Functions](../functions.md) has the exact meaning of each.",
        (
            "col", "lit", "when", "call", "coalesce", "concat_str", "greatest", "least", "atan2", "make_date",
            "from_epoch", "Expr",
        ),
    ),
    Page(
        "api/aggregations.md",
        "Aggregations in Python",
        "What is computed from many rows: in the features of a view (`of.sum(\"amount\").over(\"7d\")`), and in groups and\n"
        "windows of a table. [Aggregations](../aggregations.md) has the exact meaning of each.",
        (
            "count", "sum", "mean", "min", "max", "any", "all", "std", "var", "skewness", "kurtosis", "corr", "covar",
            "median", "quantile", "quantile_disc", "approx_quantile", "count_distinct", "approx_count_distinct",
            "first", "last", "first_distinct", "last_distinct", "collect", "max_n", "min_n", "mode", "top_k",
            "histogram", "decayed_sum", "decayed_count", "decayed_mean", "aggregate", "lifetime", "AggExpr",
        ),
    ),
    Page(
        "api/tables.md",
        "Tables",
        "Lazy tables: the relational verbs, for preparing events and for looking at data. A table knows its schema at once,\n"
        "and reads data when it is collected.",
        (
            "table", "sql", "Table", "concat", "asc", "desc", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist",
            "lag", "lead", "Plan", "Schema",
        ),
    ),
    Page(
        "running.md",
        "Running",
        "What computes a training set, what publishes features as tables, what says where it runs, and what runs a part of it.\n"
        "[Mix engines](../how-to/mix-engines.md) and [run on Snowflake](../how-to/run-on-snowflake.md) show them at work. All are\n"
        "names of `onefold`.",
        (
            "training_set", "TrainingSet", "Provenance", "Difference", "publication", "Publication", "Explanation", "Subplan",
            "Placement", "Traffic", "FallbackWarning",
        ),
    ),
    Page(
        "api/contract.md",
        "The contract of backends",
        "All that a backend implements, from `onefold.contract`. [Write a backend](../../how-to/write-a-backend.md) leads from\n"
        "nothing to an engine that passes the conformance suite.",
        tuple(sorted(onefold.contract.__all__)),
        onefold.contract,
    ),
)  # fmt: skip


def pages() -> dict[str, str]:
    """Return the text of each page, by its file in ``docs/reference``."""
    return {page.file: page.text() for page in PAGES}


def left_out() -> set[str]:
    """Return the public names that no page documents; errors have pages of their own."""
    shown = {name for page in PAGES if page.module is onefold for name in page.names}
    return {name for name in onefold.__all__ if name != "__version__" and not _is_error(getattr(onefold, name))} - shown


def _is_error(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, OnefoldError)


def documented(name: str, value: Any, *, beside: Iterable[Any]) -> str:
    """Return the section of a function, of a class with its public methods, or of a constant.

    Args:
        name: Its name.
        value: What it is.
        beside: What else the page documents: the methods of a class are not repeated for the classes below it.
    """
    text = f"## {name}\n\n"
    if callable(value) and not (inspect.isclass(value) and issubclass(value, BaseException)):
        text += _code(f"{name}{_signature(value)}")
    text += prose(inspect.getdoc(value) or "")
    if inspect.isclass(value):
        above = [cls for cls in beside if inspect.isclass(cls) and cls in value.__mro__[1:]]
        if above:
            text += f"\nIt has what `{above[0].__name__}` has.\n"
        for member, found in _members(value, without=above):
            is_property = isinstance(found, property | cached_property)
            function = _function(found)
            shown = (
                f"{member}: {inspect.get_annotations(function)['return']}"
                if is_property
                else member + _signature(function)
            )
            text += f"\n### {name}.{member}\n\n{_code(shown)}{prose(inspect.getdoc(function) or '')}"
    return text


def _members(cls: type, *, without: list[type]) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties of a class, its own first, then those it has from other classes of onefold."""
    seen = {member for above in without for member in dir(above)}
    for owner in cls.__mro__:
        if not owner.__module__.startswith("onefold"):
            continue
        for member, found in vars(owner).items():
            if not member.startswith("_") and member not in seen and inspect.isfunction(_function(found)):
                seen.add(member)
                yield member, found


def _function(member: Any) -> Any:
    """Return the function behind a property, class method or static method."""
    if isinstance(member, property):
        return member.fget
    if isinstance(member, cached_property):
        return member.func
    return getattr(member, "__func__", member)


def _code(signature: str) -> str:
    """Return a signature as code; one that is long has a line for each parameter."""
    if len(signature) > 88:
        head, _, rest = signature.partition("(")
        parameters, _, returns = rest.rpartition(")")
        inside = "".join(f"    {parameter},\n" for parameter in _split(parameters))
        signature = f"{head}(\n{inside}){returns}"
    return f"```py\n{signature}\n```\n\n"


def _split(parameters: str) -> list[str]:
    """Return the parameters in a signature, which are separated by the commas outside of brackets and quotes."""
    found, depth, quote = [""], 0, ""
    for sign in parameters:
        if quote or sign in "'\"":
            quote = "" if sign == quote else quote or sign
        depth += 0 if quote else (sign in "([{") - (sign in ")]}")
        if sign == "," and not depth and not quote:
            found.append("")
        else:
            found[-1] += sign
    return [parameter.strip() for parameter in found if parameter.strip()]


def _signature(value: Any) -> str:
    signature = inspect.signature(value)
    parameters = [
        one.replace(annotation=_Annotation(one.annotation))
        for one in signature.parameters.values()
        if one.name not in ("self", "cls")
    ]
    returns = inspect.Signature.empty if inspect.isclass(value) else _Annotation(signature.return_annotation)
    shown = str(signature.replace(parameters=parameters, return_annotation=returns))
    return re.sub(r" -> None$", "", shown).replace("<factory>", "{}")


class _Annotation(str):
    """The text of an annotation, which a signature shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def prose(docstring: str) -> str:
    """Return a docstring as Markdown: arguments and errors as lists, examples as they are written and tested."""
    parts = re.split(r"^(Args|Attributes|Returns|Yields|Raises|Examples):\n", docstring, flags=re.MULTILINE)
    text = f"{plain(parts[0])}\n"
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        if title == "Examples":
            text += f"\n```pycon\n{inspect.cleandoc(body)}\n```\n"
            continue
        entries = re.sub(r"\n {8,}", " ", inspect.cleandoc(body).replace("\n    ", "\n        ")).splitlines()
        if title in ("Returns", "Yields"):
            text += f"\n{title} {plain(' '.join(entries))}\n"
            continue
        text += "\n" if title == "Args" else f"\n{title}:\n\n"
        for entry in filter(None, entries):
            name, _, meaning = entry.partition(": ")
            text += f"- `{name}`: {plain(meaning)}\n"
    return text


def plain(text: str) -> str:
    """Return text with names in code, not in roles of Sphinx."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`").strip()


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")
