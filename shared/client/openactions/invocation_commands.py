"""`openactions invocations list | show`: the audit trail; `invoke` makes a call."""

from typing import Annotated

import typer

from openactions.client import OpenActions
from openactions.options import DEFAULT_URL, All, AsJson, Limit, OnBehalfOf, Token, Url
from openactions.printing import Wanted, print_list, print_one

app = typer.Typer(no_args_is_help=True, help="Calls that were made: list, show.")
COLUMNS = ("id", "at", "operation", "host", "outcome", "status", "code")
Gpt = Annotated[str | None, typer.Option("--gpt", help="Only of this GPT.")]
Member = Annotated[str | None, typer.Option("--member", help="Only of this member.")]
Operation = Annotated[str | None, typer.Option(help="Only of this operation.")]
Outcome = Annotated[str | None, typer.Option(help="Such as succeeded or failed.")]
Host = Annotated[str | None, typer.Option(help="Only those to this host.")]
Since = Annotated[str | None, typer.Option(help="Only then or later: 2026-11-25T09:00:00Z.")]
Before = Annotated[str | None, typer.Option(help="Only earlier than then.")]


@app.command("list")
def list_(  # noqa: PLR0913, PLR0917 - typer: a parameter an option
    token: Token,
    gpt: Gpt = None,
    member: Member = None,
    operation: Operation = None,
    outcome: Outcome = None,
    host: Host = None,
    since: Since = None,
    before: Before = None,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - typer's way to declare a flag
    as_json: AsJson = False,  # noqa: FBT002 - as above
    on_behalf_of: OnBehalfOf = None,
    url: Url = DEFAULT_URL,
) -> None:
    """List your calls, newest first; owners and admins see the workspace's.

    Into a pipe or a file: a line each, with tabs between id, time, operation, host, outcome,
    status, and code.

    Example: `./openactions invocations list --gpt $GPT --outcome failed`
    """
    filters = {
        "gpt_id": gpt,
        "member_id": member,
        "operation": operation,
        "outcome": outcome,
        "host": host,
        "since": since,
        "before": before,
    }
    with OpenActions(url, token, on_behalf_of=on_behalf_of) as platform:
        print_list(platform.invocations, COLUMNS, Wanted(limit, every, as_json, filters))


@app.command()
def show(
    invocation_id: str, token: Token, on_behalf_of: OnBehalfOf = None, url: Url = DEFAULT_URL
) -> None:
    """Show one call's audit record, as JSON; waits up to ten seconds for a call of a moment ago.

    Example: `./openactions invocations show inv_…`
    """
    with OpenActions(url, token, on_behalf_of=on_behalf_of) as platform:
        print_one(platform.invocation(invocation_id))
