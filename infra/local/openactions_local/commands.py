"""`openactions up` and `openactions demo`."""

import asyncio
import logging
import os
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from pydantic import Field
from pydantic_settings import BaseSettings
from rich.console import Console

from kit import logs
from openactions import OpenActions
from openactions_local import demo_api
from openactions_local.child import ChildFailed
from openactions_local.demo import Tour, TourFailed, demo_server
from openactions_local.dispatch import ServiceFailed
from openactions_local.folder import FolderRefused
from openactions_local.load_settings import load_settings
from openactions_local.owners import OWNED_SEGMENTS
from openactions_local.platform import (
    PortTaken,
    StreamsNotReady,
    Wishes,
    running,
    until_told_to_stop,
)
from openactions_local.services import unknown_settings
from openactions_local.table import show

console = Console(highlight=False)
DEFAULT_DATA = Path(".openactions")
EXPECTED = (ChildFailed, FolderRefused, PortTaken, ServiceFailed, StreamsNotReady, TourFailed)

Data = Annotated[Path, typer.Option(help="Where the broker and the database keep their data.")]
LAST_PORT = 65_535
Port = Annotated[
    int | None,
    typer.Option(min=0, max=LAST_PORT, help="Default: 8080, or another if that is taken."),
]
Separate = Annotated[bool, typer.Option(help="A process a service, nginx in front.")]
Replicas = Annotated[int, typer.Option(min=1, max=9, help="Processes a service, if separate.")]
NewToken = Annotated[
    bool, typer.Option("--new-owner-token", help="Issue a new owner token; the old ones end.")
]
DemoPort = Annotated[
    int, typer.Option(min=1, max=LAST_PORT, help="Where the demo API may be called on loopback.")
]


class Servers(BaseSettings):
    """Real servers instead of the embedded ones: MONGODB_URL, NATS_URL; and when a blocked event
    loop ends the platform: OPENACTIONS_WATCHDOG_SECONDS, 0 for never.
    """

    mongodb_url: str | None = None
    nats_url: str | None = None
    openactions_watchdog_seconds: float = Field(default=10, ge=0)


def up(
    data: Data = DEFAULT_DATA,
    port: Port = None,
    separate: Separate = False,  # noqa: FBT002 - typer's way to declare a flag
    replicas: Replicas = 1,
    new_owner_token: NewToken = False,  # noqa: FBT002 - as above
    demo_port: DemoPort = demo_api.PORT,
) -> None:
    """Start the whole platform here: broker, database and every service. Ctrl-C stops it."""
    if replicas > 1 and not separate:
        raise typer.BadParameter("Replicas are processes of their own: add --separate.")
    logs.configure("console")
    servers = load_settings(Servers)
    for name in unknown_settings(os.environ):  # noqa: TID251 - only names
        console.print(f"{name} is set, but no setting has that name.", style="yellow")
    wishes = Wishes(
        data=data.resolve(),
        port=port,
        separate=separate,
        replicas=replicas,
        new_owner_token=new_owner_token,
        demo_port=demo_port,
        settings=_settings_of_services(),
        mongodb_url=servers.mongodb_url,
        nats_url=servers.nats_url,
        watchdog_seconds=servers.openactions_watchdog_seconds,
    )

    async def stay_up() -> None:
        async with running(wishes, console.print) as platform:
            show(platform, console)
            await until_told_to_stop()
            console.print("\nStopping…")
        console.print("Stopped.")

    _run(stay_up)


def _settings_of_services() -> dict[str, str]:
    """As they are: each service reads its own, and says what is wrong with them."""
    environment = os.environ  # noqa: TID251 - only passed on
    return {
        name: value
        for name, value in environment.items()
        if name.partition("_")[0].lower() in {*OWNED_SEGMENTS, "blobs", "egress"}
    }


def demo(
    url: Annotated[str | None, typer.Option(envvar="OPENACTIONS_URL")] = None,
    token: Annotated[str | None, typer.Option(envvar="OPENACTIONS_TOKEN")] = None,
    separate: Separate = False,  # noqa: FBT002 - as above
    demo_port: DemoPort = demo_api.PORT,
) -> None:
    """Walk one real call through everything. Without --url, on a platform of its own."""
    if url and token:
        with demo_server(demo_port), OpenActions(url, token) as platform:
            _walk(platform, demo_port)
        return
    if url or token:
        raise typer.BadParameter("Give both --url and --token, or neither.")
    logs.configure("console")
    logging.getLogger().setLevel(logging.WARNING)

    async def walk_on_a_platform_of_its_own() -> None:
        with tempfile.TemporaryDirectory(prefix="openactions-demo-") as folder:
            wishes = Wishes(data=Path(folder), port=0, separate=separate, demo_port=demo_port)
            async with running(wishes, console.print) as up:
                console.print(f"A platform for this tour is up at {up.url} ({up.seconds:.1f} s).\n")
                with demo_server(demo_port), OpenActions(up.url, up.owner_token) as platform:
                    await asyncio.to_thread(_walk, platform, demo_port)

    _run(walk_on_a_platform_of_its_own)


def _walk(platform: OpenActions, demo_port: int) -> None:
    def tell(title: str, said: str) -> None:
        console.print(f"[green]✓[/] [bold]{title:<24}[/] {said}", soft_wrap=True)

    try:
        Tour(platform, tell, demo_port).walk()
    except TourFailed as failed:
        console.print(f"[red]✗ {failed}[/]")
        raise typer.Exit(1) from None


def _run(work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Expected failures of a start end in a sentence."""
    try:
        uvloop.run(work())
    except EXPECTED as failed:
        console.print(str(failed), style="red", markup=False)
        raise typer.Exit(1) from None
