"""`openactions sign-in`: another link, for whoever may read the data folder."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from openactions import OpenActions
from openactions_local.commands import Data
from openactions_local.folder import DataFolder, default_folder

console = Console(highlight=False)
SHOWN = 10
"""Workspaces that a sentence lists."""
Workspace = Annotated[
    str | None, typer.Option(metavar="ID", help="Whose owner signs in, where there are several.")
]
Url = Annotated[
    str | None,
    typer.Option(help="Where the platform is; default: the one that runs on the data folder."),
]
OperatorToken = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="OPENACTIONS_OPERATOR_TOKEN",
        help="The installation's IDENTITY_OPERATOR_TOKEN; default: the data folder's.",
    ),
]


def sign_in(
    data: Data = None,
    workspace: Workspace = None,
    url: Url = None,
    token: OperatorToken = None,
) -> None:
    """Print a link that signs a browser in as owner, once.

    It works for ten minutes. Example: `./openactions sign-in`
    """
    folder = DataFolder(data.resolve() if data else default_folder(Path.cwd())[0])
    address, operator_token = url or folder.address(), token or folder.known_operator_token()
    if address is None or operator_token is None:
        console.print(
            f"No platform runs on {folder.path}. Start it with `./openactions up`, name its folder "
            "with --data, or its --url and --token.",
            style="red",
            markup=False,
        )
        raise typer.Exit(1)
    with OpenActions(address, operator_token) as platform:
        link = platform.create_sign_in_link(workspace or _the_one(platform))
    typer.echo(link["url"])


def _the_one(platform: OpenActions) -> str:
    found = platform.get("/v1/workspaces", limit=SHOWN)
    if len(found["items"]) == 1:
        return str(found["items"][0]["id"])
    listed = ", ".join(f"{each['id']} ({each['title']})" for each in found["items"])
    more = " and others" if found["next_cursor"] else ""
    raise typer.BadParameter(f"Name one of these workspaces with --workspace: {listed}{more}.")
