"""`openactions streams show | apply`."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import APIError, NotFoundError

from kit import streams
from kit.operators_broker import OperatorFailed, connected
from openactions_local.embedded_streams import embedded_streams
from openactions_local.load_settings import load_settings
from openactions_local.operating.broker import broker_url
from openactions_local.operating.command_line import (
    AsJson,
    Data,
    NatsUrl,
    Yes,
    console,
    ended_well,
    errors,
    print_json,
)
from openactions_local.operating.streams_seen import lines, seen

app = typer.Typer(no_args_is_help=True, help="What the broker keeps: see, bring up to date.")

TOO_FEW_NODES = {10005, 10074}
"""nats-server's error codes where a stream wants more nodes than there are."""


class Layout(StrEnum):
    """Which release's streams."""

    CURRENT = "current"
    PREVIOUS = "previous"


WhichLayout = Annotated[
    Layout, typer.Option("--layout", help="`previous`: as the release before this one has them.")
]
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
    data: Data,
    nats_url: NatsUrl = None,
    replicas: Replicas = None,
    layout: WhichLayout = Layout.CURRENT,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way to declare a flag
) -> None:
    """Show each stream: what it keeps, for whom it waits, and what `apply` would change.

    The limits are declared by STREAMS_… as for the services.

    Example: `./openactions streams show --json`
    """
    wanted = _wanted(nats_url, replicas, layout)
    found = _run(nats_url, data, lambda jetstream: seen(jetstream, wanted))
    if as_json:
        print_json({"streams": found})
        return
    for stream in found:
        for line in lines(stream):
            console.print(line, markup=False)
    if _changed(found):
        option = "" if layout is Layout.CURRENT else f" --layout {layout}"
        console.print(f"`openactions streams apply{option}` changes that.")


@app.command()
def apply(
    data: Data,
    nats_url: NatsUrl = None,
    replicas: Replicas = None,
    layout: WhichLayout = Layout.CURRENT,
    yes: Yes = False,  # noqa: FBT002 - as above
) -> None:
    """Create and change the streams until they are as declared; safe to interrupt and repeat.

    With `--layout previous` before an installation goes back a release: nothing is lost, and what
    is not on record yet is recorded by that release.

    Example: `./openactions streams apply`
    """
    wanted = _wanted(nats_url, replicas, layout)
    change = streams.apply if layout is Layout.CURRENT else streams.apply_previous
    if not yes:
        _ask(_changed(_run(nats_url, data, lambda jetstream: seen(jetstream, wanted))))

    async def bring_to_layout(jetstream: JetStreamContext) -> int:
        steps = 0
        try:
            async for step in change(jetstream, wanted):
                console.print(step, markup=False)
                steps += 1
        except NotFoundError:
            raise
        except APIError as error:
            raise _refused(error, wanted) from error
        return steps

    if not _run(nats_url, data, bring_to_layout):
        console.print("The streams are as declared.")


def _wanted(nats_url: str | None, replicas: int | None, layout: Layout) -> Sequence[StreamConfig]:
    """An embedded platform has limits of its own; a named broker those of the environment."""
    nodes = replicas or (1 if nats_url is None else 3)
    if layout is Layout.PREVIOUS:
        return streams.previous(nodes)
    limits = embedded_streams() if nats_url is None else load_settings(streams.StreamSettings)
    return streams.managed(limits, nodes)


def _refused(error: APIError, wanted: Sequence[StreamConfig]) -> OperatorFailed:
    if error.err_code in TOO_FEW_NODES:
        return OperatorFailed(
            f"The broker finds too few nodes to keep each stream on {wanted[0].num_replicas}: "
            f"{error.description}. Name how many it has with --replicas N or "
            "OPENACTIONS_STREAM_REPLICAS, and the same for each service (…_STREAM_REPLICAS); where "
            "nodes lack room or are away for the moment, run this again later."
        )
    return OperatorFailed(f"The broker refused the change: {error.description}.")


def _changed(found: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in found if each["differences"] or not each["exists"]]


def _ask(changed: list[str]) -> None:
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
