"""`openactions members` and `tokens`."""

from typing import Annotated

import typer
from rich.markup import escape

from openactions.client import OpenActions
from openactions.options import DEFAULT_URL, All, AsJson, Limit, PartOfName, Token, Url
from openactions.printing import Wanted, print_list, print_one, say

members = typer.Typer(
    no_args_is_help=True, help="Members of the workspace: list, show, add, change, remove."
)
tokens = typer.Typer(no_args_is_help=True, help="API tokens: list, create, revoke.")
MEMBER_COLUMNS = ("id", "role", "name")
TOKEN_COLUMNS = ("id", "member_id", "hint", "expires_at", "name")
ROLES = "owner, admin, builder or user."
OfRole = Annotated[str | None, typer.Option("--role", help=f"Only these: {ROLES}")]
NewRole = Annotated[str | None, typer.Option("--role", help=f"{ROLES} Default: as it is.")]
OfMember = Annotated[str | None, typer.Option("--member", help="Only this member's.")]
Days = Annotated[
    int | None, typer.Option("--days", min=1, help="It ends after so many. Default: never.")
]


@members.command("list")
def list_members(  # noqa: PLR0913, PLR0917 - typer: a parameter an option
    token: Token,
    role: OfRole = None,
    q: PartOfName = None,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - typer's way to declare a flag
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List members, newest first.

    Into a pipe or a file: a line each, with tabs between id, role and name.

    Example: `./openactions members list --role admin`
    """
    wanted = Wanted(limit, every, as_json, {"role": role, "q": q})
    with OpenActions(url, token) as platform:
        print_list(platform.members, MEMBER_COLUMNS, wanted)


@members.command("show")
def show_member(member_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Show one member, as JSON.

    Example: `./openactions members show $MEMBER`
    """
    with OpenActions(url, token) as platform:
        print_one(platform.member(member_id))


@members.command("add")
def add_member(
    name: str,
    token: Token,
    role: Annotated[str, typer.Option(help=f"{ROLES} No higher than your own.")] = "user",
    url: Url = DEFAULT_URL,
) -> None:
    """Add a member; print the id. `tokens create` then makes a token for them.

    Example: `MEMBER=$(./openactions members add Ada --role builder)`
    """
    with OpenActions(url, token) as platform:
        typer.echo(platform.add_member(name, role)["id"])


@members.command("change")
def change_member(
    member_id: str,
    token: Token,
    name: Annotated[str | None, typer.Option(help="Default: as it is.")] = None,
    role: NewRole = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Give a member another role or name.

    Example: `./openactions members change $MEMBER --role admin`
    """
    if name is None and role is None:
        raise typer.BadParameter("Give --name, --role or both.")
    with OpenActions(url, token) as platform:
        changed = platform.change_member(member_id, name=name, role=role)
    say(f"{escape(changed['name'])} is {changed['role']}.")


@members.command("remove")
def remove_member(member_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Remove a member; their tokens end within a second.

    Example: `./openactions members remove $MEMBER`
    """
    with OpenActions(url, token) as platform:
        platform.remove_member(member_id)
    say("Removed.")


@tokens.command("list")
def list_tokens(  # noqa: PLR0913, PLR0917 - as above
    token: Token,
    member: OfMember = None,
    q: PartOfName = None,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - as above
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List API tokens, newest first; not the tokens themselves, which are not kept.

    Into a pipe or a file: a line each, with tabs between id, member, the four characters after
    `oat_`, end, and name.

    Example: `./openactions tokens list --member $MEMBER`
    """
    wanted = Wanted(limit, every, as_json, {"member_id": member, "q": q})
    with OpenActions(url, token) as platform:
        print_list(platform.tokens, TOKEN_COLUMNS, wanted)


@tokens.command("create")
def create_token(
    name: str,
    token: Token,
    member: Annotated[str | None, typer.Option(help="For whom. Default: you.")] = None,
    days: Days = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Create an API token and print it, this once.

    Example: `./openactions tokens create Laptop --member $MEMBER --days 90`
    """
    with OpenActions(url, token) as platform:
        created = platform.create_token(name, member_id=member, expires_in_days=days)
    say(f"{created['id']}, shown this once:")
    typer.echo(created["token"])


@tokens.command("revoke")
def revoke_token(token_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Revoke an API token; it ends within a second.

    Example: `./openactions tokens revoke tok_…`
    """
    with OpenActions(url, token) as platform:
        platform.revoke_token(token_id)
    say("Revoked.")
