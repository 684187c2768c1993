"""``onefold conformance``: the group of commands; each imports what it needs when it runs."""

from __future__ import annotations

import typer

from onefold_conformance.command import bless, fuzz, kills, listing, matrix, run

__all__ = ["app"]

app = typer.Typer(
    name="conformance",
    help="Run the conformance suite on a backend, and show what it found.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("matrix")(matrix.matrix)
app.command("list")(listing.list_cases)
app.command("show")(listing.show)
app.command("fuzz")(fuzz.fuzz)
app.command("bless")(bless.bless)
app.command("kills")(kills.kills)
