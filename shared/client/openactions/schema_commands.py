"""`openactions schemas list | show | delete`."""

import typer

from openactions.client import OpenActions
from openactions.options import DEFAULT_URL, All, AsJson, Limit, PartOfName, Token, Url
from openactions.printing import Wanted, print_list, print_one, say

app = typer.Typer(no_args_is_help=True, help="Stored OpenAPI documents: list, show, delete.")
COLUMNS = ("id", "title", "version", "valid", "created_at")


@app.command("list")
def list_(
    token: Token,
    q: PartOfName = None,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - typer's way to declare a flag
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List schemas, newest first. `--q` looks in titles.

    Into a pipe or a file: a line each, with tabs between id, title, version, whether it is valid,
    and time.

    Example: `./openactions schemas list --q weather`
    """
    with OpenActions(url, token) as platform:
        print_list(platform.schemas, COLUMNS, Wanted(limit, every, as_json, {"q": q}))


@app.command()
def show(schema_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Show one schema with its findings, operations and versions, as JSON.

    Example: `./openactions schemas show $SCHEMA`
    """
    with OpenActions(url, token) as platform:
        print_one(platform.schema(schema_id))


@app.command()
def delete(schema_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Delete a schema that no action uses, of a draft or of a version.

    Example: `./openactions schemas delete $SCHEMA`
    """
    with OpenActions(url, token) as platform:
        platform.delete_schema(schema_id)
    say("Deleted.")
