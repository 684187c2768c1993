"""``onefold functions``: the catalogue of functions and aggregations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from onefold.cli.options import Debug, Json
from onefold.cli.output import print_json, results

if TYPE_CHECKING:
    from onefold.cli.catalogue import Item

__all__ = ["functions"]


def functions(
    name: Annotated[str | None, typer.Argument(help="Show all about one of them.", show_default=False)] = None,
    family: Annotated[
        str | None,
        typer.Option(
            "--family", help='Only one family, such as "string", "moments" or "aggregation".', show_default=False
        ),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show the catalogue: every function and aggregation, what it takes, gives and means.

    [bold]Examples[/]

      onefold functions

      onefold functions quantile

      onefold functions --family string
    """
    from onefold.cli.catalogue import find, select

    items = select(family) if name is None else find(name, family)
    if json:
        print_json([item.as_json() for item in items])
    elif name is None:
        _print_list(items)
    else:
        for item in items:
            _print_details(item)


def _print_list(items: list[Item]) -> None:
    from rich.markup import escape
    from rich.table import Table

    console = results()
    for kind, family in dict.fromkeys((item.kind, item.family) for item in items):
        table = Table(
            title=f"{family} ({kind}s)",
            title_justify="left",
            title_style="bold",
            box=None,
            pad_edge=False,
            padding=(0, 2, 0, 0),
        )
        for heading, style in (("name", "bold"), ("takes and gives", "cyan"), ("meaning", "")):
            table.add_column(heading, style=style, header_style="dim", overflow="fold")
        for item in items:
            if (item.kind, item.family) == (kind, family):
                table.add_row(escape(item.name), escape("\n".join(item.signatures)), escape(item.first_sentence))
        console.print(table)
        console.print()
    console.print(f"{len(items)} entries. All about one of them: [bold]onefold functions NAME[/]")


def _print_details(item: Item) -> None:
    from rich.markup import escape
    from rich.padding import Padding

    console = results()
    console.print(f"[bold]{escape(item.name)}[/]  ({item.kind}, {item.family})")
    for signature in item.signatures:
        console.print(f"  [cyan]{escape(item.name)}{escape(signature)}[/]")
    console.print()
    console.print(Padding(escape(item.meaning), (0, 2)))
    rows: dict[str, Any] = {}
    for option, about in item.options.items():
        default = "must be given" if "default" not in about else f"{about['default']!r} when left out"
        choices = f" One of {', '.join(map(repr, about['choices']))}." if about.get("choices") else ""
        rows[f"option {option}"] = f"{about['type']}, {default}. {about['description']}{choices}"
    rows |= item.facts
    rows["example"] = item.example_text
    console.print()
    for label, text in rows.items():
        console.print(f"  [dim]{escape(label)}:[/] {escape(str(text))}")
    console.print()
