"""Calls of functions: by name, and in the forms that the standard writes with words between the arguments."""

from __future__ import annotations

import decimal
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlglot import expressions as exp

from onefold.errors import listed
from onefold.features.expressions import Expr
from onefold.plan import AGGREGATIONS, FUNCTIONS, RANKINGS
from onefold.sql_authoring.constants import constant
from onefold.sql_authoring.functions import ALIASES, EXTRACTED, REFUSED, REFUSED_FIELDS, Shape, shape_of
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.text import SqlText

if TYPE_CHECKING:
    from onefold.sql_authoring.expressions import ExpressionReader

__all__ = ["at_zone", "called", "extracted", "function_call", "position", "substring", "trimmed"]


def called(query: SqlText, node: exp.Anonymous) -> str:
    """Return the name of the catalogue for a function as it is written.

    Raises:
        SqlError: If its meaning depends on the database.
    """
    written = str(node.this if isinstance(node.this, str) else node.this.name).lower()
    name = ALIASES.get(written, written)
    if written in REFUSED:
        raise query.error(REFUSED[written], node)
    return name


def function_call(reader: ExpressionReader, node: exp.Expr, parts: Parts) -> Expr:
    """Return a function that is written by its name."""
    assert isinstance(node, exp.Anonymous)
    name = called(reader.query, node)
    parts.take("this")
    written = list(parts.take("expressions") or [])
    if name not in FUNCTIONS:
        raise reader.query.error(_unknown(name), node)
    if name == "regexp_replace":
        written = _all_matches(reader, node, written)
    return _shaped(reader, node, shape_of(name), written)


def _unknown(name: str) -> str:
    if name in AGGREGATIONS:
        return (
            f"The aggregation {name.upper()} stands in the list of SELECT, in HAVING and in ORDER BY, and not inside of "
            "another one or in WHERE and GROUP BY. Compute it in a subquery first."
        )
    if name in RANKINGS:
        return f"{name.upper()} is a window function: write {name}(...) OVER (...) in the list of SELECT or in QUALIFY."
    if name == "date_part":
        return "Write EXTRACT(YEAR FROM t), or year(t)."
    return f"There is no function {name.upper()}. {listed(name, [*FUNCTIONS, *ALIASES], what='functions')}"


def _all_matches(reader: ExpressionReader, node: exp.Expr, written: list[exp.Expr]) -> list[exp.Expr]:
    if len(written) == 4 and isinstance(written[3], exp.Literal) and written[3].this == "g":
        return written[:3]
    raise reader.query.error(
        "REGEXP_REPLACE replaces the first match in some databases and all of them in others. Say that all are meant: "
        "regexp_replace(x, pattern, replacement, 'g').",
        node,
    )


def _shaped(reader: ExpressionReader, node: exp.Expr, shape: Shape, written: list[exp.Expr]) -> Expr:
    """Return a function of arguments and options as they were written: in order, or by name."""
    named = [part for part in written if isinstance(part, exp.Kwarg)]
    plain = [part for part in written if not isinstance(part, exp.Kwarg)]
    options: dict[str, Any] = {}
    known = (*shape.leading, *shape.trailing)
    for part in named:
        option = part.this.name.lower()
        if option not in known or option in options:
            raise reader.query.error(
                f"{shape.name} has no argument {option!r} left. {listed(option, known, what='named arguments')}",
                part,
            )
        options[option] = constant(reader.query, part.expression, what=option)
    for option in shape.leading:
        if option not in options and plain:
            options[option] = constant(reader.query, plain.pop(0), what=f"The {option} of {shape.name}")
    count = len(plain) if shape.arguments is None else min(shape.arguments, len(plain))
    arguments, rest = plain[:count], plain[count:]
    open_options = [option for option in shape.trailing if option not in options]
    if (shape.arguments is not None and len(arguments) < shape.arguments) or len(rest) > len(open_options):
        takes = ", ".join(
            [*shape.leading, "..." if shape.arguments is None else "x, " * shape.arguments, *shape.trailing]
        )
        raise reader.query.error(
            f"{shape.name} is written {shape.name}({takes.replace(', ,', ',').rstrip(', ')}).", node
        )
    for option, value in zip(open_options, rest, strict=False):
        options[option] = constant(reader.query, value, what=f"The {option} of {shape.name}")
    options = {option: _option_value(value) for option, value in options.items()}
    _check_options(reader, node, shape.name, options)
    return reader.invoked(node, shape.name, shape.name, *(reader.read(one) for one in arguments), options=options)


def _check_options(reader: ExpressionReader, node: exp.Expr, name: str, options: Mapping[str, Any]) -> None:
    if name == "substring" and (options.get("start", 1) < 1 or options.get("length", 0) < 0):
        raise reader.query.error(
            "Positions below 1 and negative lengths mean one thing in the standard and others elsewhere. Write "
            "right(x, n) for the end of a text.",
            node,
        )


def substring(reader: ExpressionReader, node: exp.Expr, parts: Parts) -> Expr:
    """Return ``SUBSTRING(x FROM a FOR n)``, or the same with commas."""
    written = [parts.take(name) for name in ("this", "start", "length")]
    return _shaped(reader, node, shape_of("substring"), [part for part in written if part is not None])


def trimmed(reader: ExpressionReader, node: exp.Expr, parts: Parts) -> Expr:
    """Return ``TRIM(BOTH a FROM x)``, or the same with commas."""
    value, side, characters = parts.take("this"), parts.take("position"), parts.take("expression")
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(side).upper(), "trim")
    return _shaped(reader, node, shape_of(name), [value] if characters is None else [value, characters])


def position(reader: ExpressionReader, node: exp.Expr, parts: Parts) -> Expr:
    """Return ``POSITION(a IN x)``."""
    text, part = parts.take("this"), parts.take("substr")
    return reader.invoked(node, "POSITION", "position", reader.read(text), reader.read(part))


def extracted(reader: ExpressionReader, node: exp.Expr, parts: Parts) -> Expr:
    """Return ``EXTRACT(YEAR FROM x)``."""
    field, time = parts.take("this"), parts.take("expression")
    name = field.name.lower()
    if name not in EXTRACTED:
        advice = REFUSED_FIELDS.get(name, f"The fields are {', '.join(EXTRACTED)}.")
        raise reader.query.error(f"EXTRACT has no portable field {name.upper()}. {advice}", node)
    return reader.invoked(node, "EXTRACT", EXTRACTED[name], reader.read(time))


def at_zone(reader: ExpressionReader, node: exp.Expr, parts: Parts) -> Expr:
    """Return ``x AT TIME ZONE 'zone'``."""
    time, zone = reader.read(parts.take("this")), parts.take("zone")
    text = constant(reader.query, zone, what="The time zone")
    return reader.invoked(node, "AT TIME ZONE", "local_time", time, options={"zone": text})


def _option_value(value: object) -> object:
    return float(value) if isinstance(value, decimal.Decimal) else value
