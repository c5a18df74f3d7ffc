"""The `openactions` command. Other packages add commands under `openactions.commands`, and a line
about each under `openactions.summaries`.
"""

import sys
from importlib.metadata import entry_points
from typing import Annotated, Any

import typer
from rich.console import Console

from openactions import json_text
from openactions.client import DEFAULT_URL, OpenActions, checked_json
from openactions.errors import ProblemError, Unreachable

app = typer.Typer(
    help="OpenActions: GPT actions on your own ground.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # it joins the lines of a paragraph
)
errors = Console(stderr=True)

Url = Annotated[str, typer.Option(envvar="OPENACTIONS_URL", help="Where the platform is.")]
Token = Annotated[str, typer.Option(envvar="OPENACTIONS_TOKEN", help="An API token.")]


@app.command()
def invoke(
    gpt_id: str,
    operation: str,
    token: Token,
    arguments: Annotated[str, typer.Option(help="A JSON object.")] = "{}",
    url: Url = DEFAULT_URL,
) -> None:
    """Call one operation of a published GPT and print how it ended."""
    try:
        checked_json(arguments)
    except ValueError as error:
        raise typer.BadParameter(f"not JSON: {error}", param_hint="--arguments") from None
    with OpenActions(url, token) as platform:
        answer = platform.invoke(gpt_id, operation, arguments)
    typer.echo(json_text.indented(answer.text).encode())
    if answer["outcome"] != "succeeded":
        raise typer.Exit(1)


def _with_plugins() -> typer.Typer:
    """Only what is asked for: loading the whole platform to validate a file would be felt."""
    points = {point.name: point for point in entry_points(group="openactions.commands")}
    asked = [name for name in sys.argv[1:] if name in points][:1]
    summaries: dict[str, str] = {}
    for point in () if asked else entry_points(group="openactions.summaries"):
        summaries |= point.load()
    for name in asked or sorted(points):
        if name in summaries:
            app.command(name, help=summaries[name])(_not_loaded)
        else:
            _add(name, points[name].load())
    return app


def _add(name: str, command: Any) -> None:
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name)
    else:
        app.command(name)(command)


def _not_loaded() -> None:
    """Stands for a command in the list of all: whoever asks for one by its name gets that one."""


def main() -> None:
    """Run the command line; a refusal is a sentence and a next step, never a traceback."""
    try:
        _with_plugins()()
    except ProblemError as refused:
        errors.print(f"[red]Refused[/] ({refused.code}): {refused}")
        for finding in refused.findings:
            errors.print(f"  {finding.get('pointer', '')}  {finding.get('message', '')}")
        if refused.hint:
            errors.print(f"[dim]{refused.hint}[/]")
        sys.exit(1)
    except Unreachable as error:
        errors.print(f"[red]{error}[/]")
        errors.print("[dim]Start it with `./openactions up`, or name its --url.[/]")
        sys.exit(1)


if __name__ == "__main__":
    main()
