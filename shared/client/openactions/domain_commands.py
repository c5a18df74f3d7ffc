"""`openactions domains list | remove`; `allow-domain` adds one."""

import typer
from rich.markup import escape

from openactions.client import OpenActions
from openactions.options import DEFAULT_URL, All, AsJson, Limit, PartOfName, Token, Url
from openactions.printing import Wanted, print_list, say

app = typer.Typer(no_args_is_help=True, help="Domains that actions may call: list, remove.")


@app.command("list")
def list_(
    token: Token,
    q: PartOfName = None,
    limit: Limit = 50,
    every: All = False,  # noqa: FBT002 - typer's way to declare a flag
    as_json: AsJson = False,  # noqa: FBT002 - as above
    url: Url = DEFAULT_URL,
) -> None:
    """List the domains that are allowed, a line each.

    Example: `./openactions domains list --q example`
    """
    with OpenActions(url, token) as platform:
        print_list(platform.domains, ("domain",), Wanted(limit, every, as_json, {"q": q}))


@app.command()
def remove(domain: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Allow a domain no longer; calls to it are refused within a second.

    Example: `./openactions domains remove api.example.com`
    """
    with OpenActions(url, token) as platform:
        platform.disallow_domain(domain)
    say(f"Not allowed any more: {escape(domain)}")
