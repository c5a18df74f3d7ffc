"""The `openactions` command. Packages add commands under `openactions.commands`, and a line about
each under `openactions.summaries`; recipes of a clone are listed under `openactions.recipes`.
"""

import sys
from collections.abc import Mapping
from importlib.metadata import entry_points, version
from typing import Annotated, Any

import typer
from rich.console import Console

from openactions.errors import ProblemError, Unreachable

app = typer.Typer(
    help="OpenActions: GPT actions on your own ground.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # it joins the lines of a paragraph
)
errors = Console(stderr=True)
RECIPES = "For work on it, as ./openactions COMMAND in a clone"


def _print_version(asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if asked:
        python = ".".join(map(str, sys.version_info[:3]))
        typer.echo(f"openactions {version('openactions-client')} (Python {python})")
        raise typer.Exit


@app.callback()
def openactions(
    _: Annotated[  # noqa: FBT002 - typer's way to declare a flag
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Print it."),
    ] = False,
) -> None:
    """Options of the command itself."""


def _with_plugins() -> typer.Typer:
    """Only what is asked for: loading the whole platform to validate a file would be felt."""
    points = {point.name: point for point in entry_points(group="openactions.commands")}
    asked = [name for name in sys.argv[1:] if name in points][:1]
    if asked:
        _add(asked[0], points[asked[0]].load())
        return app
    summaries = _merged("openactions.summaries")
    for name in sorted(points):
        app.command(name, help=summaries.get(name))(_not_loaded)
    for name, summary in sorted(_merged("openactions.recipes").items()):
        app.command(name, help=summary, rich_help_panel=RECIPES)(_only_in_a_clone)
    return app


def _merged(group: str) -> Mapping[str, str]:
    return {
        name: text for point in entry_points(group=group) for name, text in point.load().items()
    }


def _add(name: str, command: Any) -> None:
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name)
    else:
        app.command(name)(command)


def _not_loaded() -> None:
    """Stands for a command in the list of all; a command that is named is loaded."""


def _only_in_a_clone() -> None:
    """The script there runs it, with what tests and gates need."""
    raise typer.BadParameter("This runs in a clone only, as `./openactions COMMAND`.")


def main() -> None:
    """Run the command line; a refusal is a sentence and a next step, never a traceback."""
    try:
        _with_plugins()()
    except ProblemError as refused:
        errors.print(f"[red]Refused[/] ({refused.code}): ", end="")
        errors.print(str(refused), markup=False, soft_wrap=True)
        for line in refused.finding_lines():
            errors.print(f"  {line}", markup=False, soft_wrap=True)
        if refused.hint:
            errors.print(refused.hint, style="dim", markup=False, soft_wrap=True)
        sys.exit(1)
    except Unreachable as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        errors.print("Start it with `./openactions up`, or name its --url.", style="dim")
        sys.exit(1)
