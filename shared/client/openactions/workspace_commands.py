"""`openactions workspaces list | show | create | close | restore`, for the operator."""

from typing import Annotated

import typer

from openactions.client import OpenActions
from openactions.options import DEFAULT_URL, All, AsJson, Limit, OperatorToken, PartOfName, Url
from openactions.printing import Wanted, print_list, print_one, say

app = typer.Typer(
    no_args_is_help=True,
    help="Workspaces, for the operator: list, show, create, close, restore.",
)
COLUMNS = ("id", "closing_until", "title")
Title = Annotated[str, typer.Option(help="The workspace's, exactly: so that it is the one meant.")]


@app.command("list")
def list_(
    token: OperatorToken,
    q: PartOfName = None,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - typer's way to declare a flag
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List the installation's workspaces, newest first. `--q` looks in titles.

    Into a pipe or a file: a line each, with tabs between id, when it is going to be removed, and
    title.

    Example: `./openactions workspaces list --all`
    """
    with OpenActions(url, token) as platform:
        print_list(platform.workspaces, COLUMNS, Wanted(limit, every, as_json, {"q": q}))


@app.command()
def show(workspace_id: str, token: OperatorToken, url: Url = DEFAULT_URL) -> None:
    """Show one workspace, as JSON.

    Example: `./openactions workspaces show $WORKSPACE`
    """
    with OpenActions(url, token) as platform:
        print_one(platform.workspace(workspace_id))


@app.command()
def create(title: str, token: OperatorToken, url: Url = DEFAULT_URL) -> None:
    """Create a workspace; print its owner's token, this once.

    Example: `./openactions workspaces create Veterinary`
    """
    with OpenActions(url, token) as platform:
        created = platform.create_workspace(title)
    say(f"{created['id']}. Its owner's token, shown this once:")
    typer.echo(created["owner_token"])


@app.command()
def close(workspace_id: str, title: Title, token: OperatorToken, url: Url = DEFAULT_URL) -> None:
    """Close a workspace at once, and remove it with all that is in it 30 days later.

    Example: `./openactions workspaces close $WORKSPACE --title Veterinary`
    """
    with OpenActions(url, token) as platform:
        closed = platform.close_workspace(workspace_id, title)
    say(f"Closed. It is removed on {closed['closing_until']}; `restore` prevents that.")


@app.command()
def restore(workspace_id: str, token: OperatorToken, url: Url = DEFAULT_URL) -> None:
    """Open a closed workspace again, before it is removed.

    Example: `./openactions workspaces restore $WORKSPACE`
    """
    with OpenActions(url, token) as platform:
        platform.restore_workspace(workspace_id)
    say("Open again.")
