"""Commands from the document of an API to a call of it. Ids are printed alone, so that a shell can
keep them; what a person reads goes to standard error.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from openactions.client import OpenActions, checked_json
from openactions.options import (
    DEFAULT_URL,
    BaseUrl,
    OnBehalfOf,
    ServerVariables,
    Token,
    Url,
    server_choice,
)
from openactions.printing import print_one, say

COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def import_document(
    source: Annotated[str, typer.Argument(help="A file, or the URL of a document.")],
    token: Token,
    url: Url = DEFAULT_URL,
) -> None:
    """Store an OpenAPI document, from a file or a URL; print its id.

    What is wrong with it, and the operations that were found, go to standard error. The URL of an
    API on a private network needs its host on the workspace's list first: `allow-domain`.

    Example: `./openactions import http://127.0.0.1:9000/openapi.json`
    """
    with OpenActions(url, token) as platform:
        if "://" in source:
            schema = platform.post("/v1/schemas", {"url": source})
        else:
            schema = platform.post_document("/v1/schemas", _text(source), "application/yaml")
    for line, hint in finding_lines(source, schema["findings"]):
        say(line, hint)
    for operation in schema["operations"]:
        found = f"{operation['name']}  {operation['method']} {operation['path']}"
        say(f"{escape(found)}  ({operation['verdict']})")
    typer.echo(schema["id"])


def finding_lines(
    source: str, findings: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str | None]]:
    """`file:line:column: severity message` with Rich's markup, and the hint that says more."""
    for finding in findings:
        parts = (source, finding.get("line"), finding.get("column"))
        place = escape(":".join(str(part) for part in parts if part))
        colour = COLOURS.get(finding["severity"], "red")
        message, hint = finding["message"], finding.get("hint") or ""
        line = f"{place}: [{colour}]{finding['severity']}[/] {escape(message)}"
        yield line, None if not hint or hint in message else hint


def create_gpt(name: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Make a GPT; print its id.

    Example: `GPT=$(./openactions create-gpt Greetings)`
    """
    with OpenActions(url, token) as platform:
        typer.echo(platform.post("/v1/gpts", {"name": name})["id"])


def bind(
    gpt_id: str,
    schema_id: str,
    token: Token,
    base_url: BaseUrl = None,
    server_variable: ServerVariables = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Make an API's operations a GPT's action; print the action's id.

    Example: `ACTION=$(./openactions bind $GPT $SCHEMA)`
    """
    body = {"schema_id": schema_id, **server_choice(base_url, server_variable)}
    with OpenActions(url, token) as platform:
        action = platform.post(f"/v1/gpts/{gpt_id}/actions", body)
    _warn(action.get("warnings", ()))
    typer.echo(action["id"])


def set_key(
    action_id: str,
    token: Token,
    key: Annotated[str, typer.Option(prompt=True, hide_input=True, help="Asked for if left out.")],
    header: Annotated[
        str | None, typer.Option(help="The header it is sent in. Default: as a bearer token.")
    ] = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Set the API key that an action signs in with.

    Example: `./openactions set-key $ACTION --header X-API-Key`
    """
    body = {"type": "api_key", "placement": "bearer", "token": key}
    if header is not None:
        body = {"type": "api_key", "placement": "custom", "name": header, "value": key}
    with OpenActions(url, token) as platform:
        stored = platform.put(f"/v1/credentials/{action_id}", body)
    _warn(stored.get("warnings", ()))
    say("Key set. It is stored encrypted; no route returns it.")


def allow_domain(domain: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Let this workspace's actions call a domain and its subdomains.

    The host of an origin that `up --allow-origin` names may be given as well.

    Example: `./openactions allow-domain api.example.com`
    """
    with OpenActions(url, token) as platform:
        rules = platform.post("/v1/domains", {"domain": domain})
    say(f"Allowed: {escape(', '.join(rules['domains']))}")


def publish(
    gpt_id: str,
    token: Token,
    sharing: Annotated[
        str | None,
        typer.Option(
            help="private, workspace, link or public. Default: as it is, at first private."
        ),
    ] = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Publish a GPT's draft; print its version.

    Example: `./openactions publish $GPT --sharing workspace`
    """
    with OpenActions(url, token) as platform:
        body = {} if sharing is None else {"sharing": sharing}
        published = platform.post(f"/v1/gpts/{gpt_id}/publish", body)
    _warn(published.get("warnings", ()))
    typer.echo(published["version"])


def unpublish(gpt_id: str, token: Token, url: Url = DEFAULT_URL) -> None:
    """Publish a GPT no longer; its draft and versions stay.

    Calls of it are refused within a second.

    Example: `./openactions unpublish $GPT`
    """
    with OpenActions(url, token) as platform:
        platform.unpublish(gpt_id)
    say("Not published any more. `openactions publish` publishes the draft.")


def invoke(  # noqa: PLR0913, PLR0917 - typer: a parameter an option
    gpt_id: str,
    operation: str,
    token: Token,
    arguments: Annotated[str, typer.Option(help="A JSON object.")] = "{}",
    content_type: Annotated[
        str | None,
        typer.Option(help="Send the body so, where the API takes several, such as text/csv."),
    ] = None,
    accept: Annotated[
        str | None,
        typer.Option(help="Ask for an answer of this media type, one that the document names."),
    ] = None,
    on_behalf_of: OnBehalfOf = None,
    url: Url = DEFAULT_URL,
) -> None:
    """Call one operation of a published GPT and print how it ended.

    Exits with 1 unless it succeeded.

    Example: `./openactions invoke $GPT getWeather --arguments '{"city": "Zürich"}'`
    """
    text = _checked(arguments)
    with OpenActions(url, token, on_behalf_of=on_behalf_of) as platform:
        answer = platform.invoke(gpt_id, operation, text, content_type=content_type, accept=accept)
    print_one(answer)
    if answer["outcome"] != "succeeded":
        raise typer.Exit(1)


def _checked(arguments: str) -> str:
    """JSON text of an object, as it is: numbers keep their digits."""
    option = "--arguments"
    try:
        arguments.encode()
        is_object = checked_json(arguments).lstrip().startswith("{")
    except UnicodeEncodeError:
        raise typer.BadParameter("is not UTF-8 text.", param_hint=option) from None
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"is not JSON: {error}.", param_hint=option) from None
    if not is_object:
        raise typer.BadParameter(
            'is not a JSON object, such as {"city": "Zürich"}.', param_hint=option
        )
    return arguments


def _text(source: str) -> str:
    try:
        return Path(source).read_bytes().decode()
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{source} is not UTF-8 text, from byte {error.start}.") from None
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{source}: {getattr(error, 'strerror', None) or error}") from None


def _warn(warnings: Iterable[Mapping[str, Any]]) -> None:
    for warning in warnings:
        say(f"[yellow]warning[/] {escape(warning['detail'])}", warning.get("hint"))
