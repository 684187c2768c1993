"""``onefold new-backend``: the start of a backend of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.options import Debug, Json
from onefold.cli.output import print_json, results

__all__ = ["new_backend"]


def new_backend(
    name: Annotated[str, typer.Argument(help="Its name: what users will write as the engine.", show_default=False)],
    into: Annotated[
        Path | None,
        typer.Option("--into", help="A folder that does not exist yet; onefold-NAME by default.", show_default=False),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Write the distribution of a new backend: small, complete, and passing the conformance suite as it is.

    It offers little and refuses the rest. Put your engine in, and declare more, one capability at a time.

    [bold]Examples[/]

      onefold new-backend my_engine

      onefold new-backend my_engine --into ~/src/my-engine
    """
    from onefold.registry import FIRST_PARTY, installed
    from onefold.scaffold import check_name, write_backend

    check_name(name, {*installed().names, *installed().broken, *FIRST_PARTY})
    folder = into or Path(f"onefold-{name.replace('_', '-')}")
    written = write_backend(name, folder)
    if json:
        print_json({"name": name, "folder": folder, "files": written})
        return
    from rich.markup import escape

    place = escape(str(folder))
    lines = "\n".join(f"  {escape(str(path.relative_to(folder)))}" for path in written)
    results().print(
        f"[bold green]The backend {name} is in {place}:[/]\n\n{lines}\n\n"
        "[bold]What next[/]\n\n"
        f"  pip install -e {place} onefold-conformance\n"
        f"  onefold engines {name}           is it there, does it work, what does it offer\n"
        f"  onefold conformance run {name}   does it do what it says\n\n"
        f"Then put your engine into [bold]{place}/src/onefold_{name}/session.py[/], and declare what it can do in "
        "[bold]capabilities.py[/] beside it.\n"
        f"[bold]{place}/README.md[/] says in which order.",
        soft_wrap=True,
    )
