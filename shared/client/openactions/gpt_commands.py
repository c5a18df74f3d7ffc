"""`openactions gpts`, `actions` and `versions`."""

from functools import partial
from typing import Annotated

import typer

from openactions.client import OpenActions
from openactions.options import (
    DEFAULT_URL,
    All,
    AsJson,
    BaseUrl,
    Limit,
    PartOfName,
    ServerVariables,
    Token,
    Url,
    server_choice,
)
from openactions.printing import Wanted, print_list, print_one, say

gpts = typer.Typer(no_args_is_help=True, help="GPTs: list, show, delete.")
actions = typer.Typer(no_args_is_help=True, help="Actions of a GPT's draft: show, change, delete.")
versions = typer.Typer(no_args_is_help=True, help="Versions of a GPT: list, show, restore.")
GPT_COLUMNS = ("id", "name", "published_version", "sharing", "action_count")
VERSION_COLUMNS = ("version", "published", "published_at", "sharing", "name")
Number = Annotated[int, typer.Argument(min=1, help="As `list` shows it.")]


@gpts.command("list")
def list_gpts(
    token: Token,
    q: PartOfName = None,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - typer's way to declare a flag
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List the GPTs that you may see, newest first. `--q` looks in descriptions, too.

    Into a pipe or a file: a line each, with tabs between id, name, published version, sharing, and
    number of actions.

    Example: `./openactions gpts list --q weather`
    """
    with OpenActions(url, token) as platform:
        print_list(platform.gpts, GPT_COLUMNS, Wanted(limit, every, as_json, {"q": q}))


@gpts.command("show")
def show_gpt(gpt_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Show one GPT, its draft with its actions and what is published, as JSON.

    Example: `./openactions gpts show $GPT`
    """
    with OpenActions(url, token) as platform:
        print_one(platform.gpt(gpt_id))


@gpts.command("delete")
def delete_gpt(gpt_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Delete a GPT with its actions and versions.

    Example: `./openactions gpts delete $GPT`
    """
    with OpenActions(url, token) as platform:
        platform.delete_gpt(gpt_id)
    say("Deleted.")


@actions.command("show")
def show_action(gpt_id: str, action_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Show one action of the draft, as JSON.

    Example: `./openactions actions show $GPT $ACTION`
    """
    with OpenActions(url, token) as platform:
        print_one(platform.action(gpt_id, action_id))


@actions.command("change")
def change_action(
    gpt_id: str,
    action_id: str,
    token: Token,
    base_url: BaseUrl = None,
    server_variable: ServerVariables = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Change where an action of the draft calls; the rest stays. Prints the action as JSON.

    Its credential counts for the hosts that it was set for, and no other one.

    Example: `./openactions actions change $GPT $ACTION --base-url https://api.acme.com/v1`
    """
    changes = server_choice(base_url, server_variable)
    if not changes:
        raise typer.BadParameter("Give --base-url or --server-variable.")
    with OpenActions(url, token) as platform:
        print_one(platform.change_action(gpt_id, action_id, **changes))


@actions.command("delete")
def delete_action(gpt_id: str, action_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Delete an action of the draft; published versions keep it.

    Example: `./openactions actions delete $GPT $ACTION`
    """
    with OpenActions(url, token) as platform:
        platform.delete_action(gpt_id, action_id)
    say("Deleted from the draft.")


@versions.command("list")
def list_versions(
    gpt_id: str,
    token: Token,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - as above
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List a GPT's versions, newest first.

    Into a pipe or a file: a line each, with tabs between number, whether calls use it, time,
    sharing, and name.

    Example: `./openactions versions list $GPT`
    """
    wanted = Wanted(limit, every, as_json, {})
    with OpenActions(url, token) as platform:
        print_list(partial(platform.versions, gpt_id), VERSION_COLUMNS, wanted)


@versions.command("show")
def show_version(gpt_id: str, number: Number, token: Token, url: Url = DEFAULT_URL) -> None:
    """Show what one version froze, as JSON.

    Example: `./openactions versions show $GPT 2`
    """
    with OpenActions(url, token) as platform:
        print_one(platform.version(gpt_id, number))


@versions.command("restore")
def restore_version(gpt_id: str, number: Number, token: Token, url: Url = DEFAULT_URL) -> None:
    """Make a version the draft again; calls use what is published as before.

    Example: `./openactions versions restore $GPT 2`
    """
    with OpenActions(url, token) as platform:
        platform.restore_version(gpt_id, number)
    say(f"The draft is as version {number} was. `openactions publish` puts it in use.")
