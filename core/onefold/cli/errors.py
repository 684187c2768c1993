"""``onefold errors``: what each error means, and what to do about it."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Annotated

import typer

from onefold.cli.options import Debug, Json
from onefold.cli.output import print_json, results

if TYPE_CHECKING:
    from onefold.cli.error_pages import ErrorPage

__all__ = ["errors"]


def errors(
    code: Annotated[
        str | None, typer.Argument(help="A code, such as OF110, or the name of a class of errors.", show_default=False)
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show what an error means and what to do about it, by the code at the end of its message.

    [bold]Examples[/]

      onefold errors

      onefold errors OF110
    """
    from dataclasses import asdict

    from onefold.cli.error_pages import error_page, error_pages

    pages = error_pages() if code is None else (error_page(code),)
    if json:
        print_json([asdict(page) for page in pages])
    elif code is None:
        _print_list(pages)
    else:
        _print_page(pages[0])


def _print_list(pages: tuple[ErrorPage, ...]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading, style in (("code", "bold"), ("error", "cyan"), ("what it is", "")):
        table.add_column(heading, style=style, header_style="dim", overflow="fold")
    for page in pages:
        table.add_row(page.code, f"{'  ' * len(page.inside)}{page.name}", escape(page.summary))
    console = results()
    console.print(table)
    console.print("\nAll about one of them: [bold]onefold errors CODE[/]")


def _print_page(page: ErrorPage) -> None:
    from rich.markup import escape
    from rich.padding import Padding

    console = results(width=100)
    inside = f", a kind of {' and '.join(page.inside)}" if page.inside else ""
    console.print(f"[bold]{page.code}[/]  [cyan]{page.name}[/]{inside}\n")
    console.print(Padding(escape(f"{page.summary}\n\n{page.meaning}"), (0, 2, 1, 2)))
    console.print("[dim]What to do[/]")
    console.print(Padding(escape(page.advice), (0, 2, 1, 2)))
    if page.attributes:
        console.print("[dim]What it knows[/]")
        for name, about in page.attributes.items():
            console.print(f"  {name}: {escape(about)}")
        console.print()
    for title, text in (("Example", page.example), ("It prints", page.printed)):
        console.print(f"[dim]{title}[/]")
        console.print(indent(text, "  "), markup=False, soft_wrap=True)
