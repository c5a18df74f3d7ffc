"""Options that commands share."""

from typing import Annotated

import typer

from openactions.requests import DEFAULT_URL

__all__ = ["DEFAULT_URL", "All", "AsJson", "Limit", "OperatorToken", "PartOfName", "Token", "Url"]
Url = Annotated[str, typer.Option(envvar="OPENACTIONS_URL", help="Where the platform is.")]
Token = Annotated[str, typer.Option(envvar="OPENACTIONS_TOKEN", help="An API token.")]
OperatorToken = Annotated[
    str,
    typer.Option(
        "--token",
        envvar="OPENACTIONS_OPERATOR_TOKEN",
        help="The installation's IDENTITY_OPERATOR_TOKEN.",
    ),
]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]
All = Annotated[bool, typer.Option("--all", help="All of them, whatever --limit says.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, with every member.")]
PartOfName = Annotated[
    str | None, typer.Option("--q", help="Only those with this part in the name, in either case.")
]
