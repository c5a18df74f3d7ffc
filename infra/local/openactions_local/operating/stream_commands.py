"""`openactions streams show | apply`."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import BadRequestError, NotFoundError

from kit import streams
from openactions_local.operating.broker import OperatorFailed, broker_url, connected
from openactions_local.operating.command_line import (
    DEFAULT_DATA,
    AsJson,
    Data,
    NatsUrl,
    Yes,
    console,
    ended_well,
    errors,
    print_json,
)
from openactions_local.services import embedded_streams

app = typer.Typer(no_args_is_help=True, help="What the broker keeps: see, bring up to date.")

Replicas = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=5,
        envvar="OPENACTIONS_STREAM_REPLICAS",
        help="On how many nodes each stream is kept. Default: 3, and 1 for an embedded platform.",
    ),
]


@app.command()
def show(
    nats_url: NatsUrl = None,
    data: Data = DEFAULT_DATA,
    replicas: Replicas = None,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way to declare a flag
) -> None:
    """Show each stream: how much it keeps, and what `apply` would change.

    The limits are declared by STREAMS_… as for the services.
    """
    seen = _run(nats_url, data, lambda jetstream: _seen(jetstream, _declared(nats_url, replicas)))
    if as_json:
        print_json({"streams": seen})
        return
    for stream in seen:
        console.print(_line(stream), markup=False)
        for name, (current, wanted) in stream["differences"].items():
            console.print(f"  {name}: {current} -> {wanted}", markup=False)
    if any(stream["differences"] or not stream["exists"] for stream in seen):
        console.print("`openactions streams apply` changes that.")


@app.command()
def apply(
    nats_url: NatsUrl = None,
    data: Data = DEFAULT_DATA,
    replicas: Replicas = None,
    yes: Yes = False,  # noqa: FBT002 - as above
) -> None:
    """Create and change the streams until they are as declared; safe to interrupt and repeat."""
    wanted = _declared(nats_url, replicas)
    if not yes:
        _ask(_run(nats_url, data, lambda jetstream: _seen(jetstream, wanted)))

    async def bring_up_to_date(jetstream: JetStreamContext) -> int:
        steps = 0
        try:
            async for step in streams.apply(jetstream, wanted):
                console.print(step, markup=False)
                steps += 1
        except BadRequestError as error:
            raise OperatorFailed(f"The broker refused the change: {error.description}.") from error
        return steps

    if not _run(nats_url, data, bring_up_to_date):
        console.print("The streams are as declared.")


def _declared(nats_url: str | None, replicas: int | None) -> Sequence[StreamConfig]:
    """An embedded platform has limits of its own; a named broker those of the environment."""
    if nats_url is None:
        return streams.declared(embedded_streams(), replicas or 1)
    return streams.declared(streams.StreamSettings(), replicas or 3)


async def _seen(
    jetstream: JetStreamContext, wanted: Sequence[StreamConfig]
) -> list[dict[str, Any]]:
    seen = []
    for config in wanted:
        name = str(config.name)
        try:
            info = await jetstream.stream_info(name)
        except NotFoundError:
            seen.append({"name": name, "exists": False, "differences": {}})
            continue
        differences = streams.differences(info.config, config)
        seen.append(
            {
                "name": name,
                "exists": True,
                "messages": info.state.messages,
                "bytes": info.state.bytes,
                "max_bytes": info.config.max_bytes,
                "max_age_seconds": info.config.max_age,
                "replicas": info.config.num_replicas,
                "differences": {name: list(pair) for name, pair in differences.items()},
            }
        )
    return seen


def _line(stream: dict[str, Any]) -> str:
    if not stream["exists"]:
        return f"{stream['name']}: does not exist"
    limit = stream["max_bytes"] or -1
    used = f"{stream['bytes'] / limit:.1%} of {limit:,} bytes" if limit > 0 else "no limit of bytes"
    return f"{stream['name']}: {stream['messages']:,} messages, {stream['bytes']:,} bytes, {used}"


def _ask(seen: list[dict[str, Any]]) -> None:
    changed = [each["name"] for each in seen if each["differences"] or not each["exists"]]
    if not changed:
        return
    if not sys.stdin.isatty():
        errors.print(f"This would change {', '.join(changed)}. Add --yes to do it.")
        raise typer.Exit(2)
    typer.confirm(f"Change {', '.join(changed)}?", abort=True)


def _run(
    nats_url: str | None, data: Path, work: Callable[[JetStreamContext], Awaitable[Any]]
) -> Any:
    async def connect_and_work() -> Any:
        async with connected(broker_url(nats_url, data)) as broker:
            return await work(broker.jetstream)

    return ended_well(connect_and_work())
