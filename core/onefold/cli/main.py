"""The ``onefold`` command itself: its commands, ``--version``, and what becomes of errors.

Exit codes: 0 when all went well, 1 for an error (its message is printed, the traceback only with ``--debug``), 2 when
the command was used wrongly, 130 when it was stopped with Ctrl-C.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from onefold.cli import (
    demo,
    docs,
    engines,
    errors,
    explain,
    functions,
    init,
    new_backend,
    publish,
    training_set,
    validate,
)
from onefold.cli.added import added_command, added_commands
from onefold.cli.options import DEBUG, Debug
from onefold.cli.output import messages
from onefold.errors import Cancelled, OnefoldError

__all__ = ["app", "main"]


class _Commands(TyperGroup):
    """The commands, those of other distributions among them; an error of onefold's own becomes its message and a code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands, those of other distributions last."""
        own = super().list_commands(ctx)
        return [*own, *(name for name in added_commands() if name not in own)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command."""
        return super().get_command(ctx, cmd_name) or added_command(cmd_name)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except OnefoldError as error:
            console = messages()
            if ctx.meta.get(DEBUG):
                console.print_exception()
            kind = "Stopped" if isinstance(error, Cancelled) else "Error"
            console.print(f"[bold red]{kind}:[/] ", end="")
            console.print(str(error), markup=False, soft_wrap=not console.is_terminal)
            if not isinstance(error, Cancelled):
                console.print(f"[dim]{error.error_code}: onefold errors {error.error_code}[/]")
            raise typer.Exit(130 if isinstance(error, Cancelled) else 1) from error


app = typer.Typer(
    cls=_Commands,
    name="onefold",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with [bold]onefold demo[/]: a year of flights, 60 features, one training set. "
    "Exit codes: 0 done, 1 error, 2 wrong use, 130 stopped with Ctrl-C.",
)
app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("validate")(validate.validate)
app.command("docs")(docs.docs)
app.command("training-set")(training_set.training_set)
app.command("publish")(publish.publish)
app.command("explain")(explain.explain)
app.command("engines")(engines.engines)
app.command("functions")(functions.functions)
app.command("errors")(errors.errors)
app.command("new-backend")(new_backend.new_backend)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"onefold {version('onefold')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
    debug: Debug = False,
) -> None:
    """One feature definition, every engine, the same values.

    Write a feature view once, in Python, and get training sets in which every feature of every row is what was known
    at that row's time, computed by the engine of your choice.
    """


def main() -> None:
    """Run the command with the arguments of this process."""
    app()
