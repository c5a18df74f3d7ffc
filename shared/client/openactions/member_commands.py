"""`openactions members` and `tokens`."""

from typing import Annotated

import typer
from rich.markup import escape

from openactions.client import OpenActions
from openactions.options import DEFAULT_URL, All, AsJson, Limit, PartOfName, Token, Url
from openactions.printing import Wanted, print_list, print_one, say

members = typer.Typer(
    no_args_is_help=True,
    help="Members of the workspace: who belongs to it, who is invited, who is switched off.",
)
tokens = typer.Typer(no_args_is_help=True, help="API tokens: list, create, revoke.")
MEMBER_COLUMNS = ("id", "role", "name", "kind", "active", "email")
TOKEN_COLUMNS = ("id", "member_id", "hint", "expires_at", "name")
INVITATION_COLUMNS = ("id", "role", "email", "expires_at")
ROLES = "owner, admin, builder or user."
OfRole = Annotated[str | None, typer.Option("--role", help=f"Only these: {ROLES}")]
NewRole = Annotated[str | None, typer.Option("--role", help=f"{ROLES} Default: as it is.")]
Role = Annotated[str, typer.Option(help=f"{ROLES} No higher than your own.")]
OfMember = Annotated[str | None, typer.Option("--member", help="Only this member's.")]
NewName = Annotated[str | None, typer.Option("--name", help="Default: as it is.")]
NewEmail = Annotated[str | None, typer.Option("--email", help="Default: as it is.")]
Email = Annotated[str | None, typer.Option(help="Their e-mail address, which nobody else has.")]
OfKind = Annotated[str | None, typer.Option("--kind", help="Only these: person or service.")]
Active = Annotated[
    bool | None, typer.Option("--active/--inactive", help="Only those who are switched on, or off.")
]
Service = Annotated[
    bool, typer.Option("--service", help="A program, which has tokens and never signs in.")
]
Scopes = Annotated[
    list[str] | None,
    typer.Option("--scope", help="It may do no more than these; may be repeated. Default: all."),
]
Days = Annotated[
    int | None, typer.Option("--days", min=1, help="It ends after so many. Default: never.")
]


@members.command("list")
def list_members(  # noqa: PLR0913, PLR0917 - typer: a parameter an option
    token: Token,
    role: OfRole = None,
    kind: OfKind = None,
    active: Active = None,
    q: PartOfName = None,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - typer's way to declare a flag
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List members, newest first.

    Into a pipe or a file: a line each, with tabs between id, role, name, kind, whether
    they are switched on (yes or no), and e-mail address (- where there is none).

    Example: `./openactions members list --role admin`
    """
    filters = {"role": role, "kind": kind, "active": active, "q": q}
    wanted = Wanted(limit, every, as_json, filters)
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
    role: Role = "user",
    email: Email = None,
    service: Service = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """Add a member; print the id. `tokens create` then makes a token for them, or for a person
    `members sign-in-link` a link.

    Example: `MEMBER=$(./openactions members add Deploys --service --role builder)`
    """
    kind = "service" if service else None
    with OpenActions(url, token) as platform:
        typer.echo(platform.add_member(name, role, kind=kind, email=email)["id"])


@members.command()
def invite(
    email: str,
    token: Token,
    role: Role = "user",
    name: Annotated[str | None, typer.Option(help="Default: the e-mail address.")] = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Invite a person; print the link that makes them a member, once, within seven days.

    No mail is sent: hand the link over yourself.

    Example: `./openactions members invite ada@example.com --role builder`
    """
    with OpenActions(url, token) as platform:
        invited = platform.invite(email, role, name=name)
    say(f"{invited['id']}, shown this once:")
    typer.echo(invited["url"])


@members.command()
def invitations(
    token: Token,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - as above
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List invitations that nobody has used yet, newest first.

    Into a pipe or a file: a line each, with tabs between id, role, address and end.

    Example: `./openactions members invitations`
    """
    with OpenActions(url, token) as platform:
        print_list(platform.invitations, INVITATION_COLUMNS, Wanted(limit, every, as_json, {}))


@members.command()
def uninvite(invitation_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Revoke an invitation: its link works no more.

    Example: `./openactions members uninvite ivt_…`
    """
    with OpenActions(url, token) as platform:
        platform.revoke_invitation(invitation_id)
    say("Revoked.")


@members.command("sign-in-link")
def create_sign_in_link(member_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Print a link that signs a person in, once, within ten minutes.

    Example: `./openactions members sign-in-link $MEMBER`
    """
    with OpenActions(url, token) as platform:
        typer.echo(platform.create_sign_in_link_of_member(member_id)["url"])


@members.command()
def deactivate(member_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Switch a member off: their sessions end, and their tokens are refused until `activate`.

    Example: `./openactions members deactivate $MEMBER`
    """
    with OpenActions(url, token) as platform:
        platform.change_member(member_id, active=False)
    say("Switched off.")


@members.command()
def activate(member_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Switch a member on again, with the tokens that they had.

    Example: `./openactions members activate $MEMBER`
    """
    with OpenActions(url, token) as platform:
        platform.change_member(member_id, active=True)
    say("Switched on.")


@members.command("change")
def change_member(
    member_id: str,
    token: Token,
    name: NewName = None,
    role: NewRole = None,
    email: NewEmail = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Give a member another role, name or e-mail address.

    Example: `./openactions members change $MEMBER --role admin`
    """
    if (name, role, email) == (None, None, None):
        raise typer.BadParameter("Give --name, --role or --email.")
    with OpenActions(url, token) as platform:
        changed = platform.change_member(member_id, name=name, role=role, email=email)
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
    scope: Scopes = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Create an API token and print it, this once.

    Example: `./openactions tokens create Laptop --member $MEMBER --days 90`
    """
    with OpenActions(url, token) as platform:
        created = platform.create_token(
            name, member_id=member, expires_in_days=days, scopes=scope or None
        )
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
