"""Options that commands share."""

from typing import Annotated, Any

import typer

from openactions.requests import DEFAULT_URL

__all__ = [
    "DEFAULT_URL",
    "All",
    "AsJson",
    "BaseUrl",
    "Limit",
    "OnBehalfOf",
    "OperatorToken",
    "PartOfName",
    "ServerVariables",
    "Token",
    "Url",
    "server_choice",
]
Url = Annotated[str, typer.Option(envvar="OPENACTIONS_URL", help="Where the platform is.")]
Token = Annotated[str, typer.Option(envvar="OPENACTIONS_TOKEN", help="An API token.")]
OnBehalfOf = Annotated[
    str | None,
    typer.Option(
        metavar="MEMBER",
        help="Id or e-mail address of a person: act for them. Takes a token with the scope "
        "users:impersonate.",
    ),
]
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

BaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="Where operations are called whose document names no usable server."
    ),
]
ServerVariables = Annotated[
    list[str] | None,
    typer.Option(
        "--server-variable",
        metavar="NAME=VALUE",
        help="The value of a server variable of the document; may be repeated.",
    ),
]


def server_choice(base_url: str | None, variables: list[str] | None) -> dict[str, Any]:
    """What an action's binding says of its servers; only what was given."""
    choice: dict[str, Any] = {} if base_url is None else {"base_url": base_url}
    pairs = [each.partition("=") for each in variables or ()]
    if any(not name or not sign for name, sign, _ in pairs):
        raise typer.BadParameter("--server-variable takes NAME=VALUE, such as tenant=acme.")
    values = {name: value for name, _, value in pairs}
    return choice | ({"server_variables": values} if values else {})
