"""What `up` and `demo` run once folder and port are theirs: settings, then the platform."""

import asyncio
import os
import socket  # noqa: TID251 - the port that was taken before
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console

from kit import logs
from kit.public_address import OpenActionsSettings
from openactions.launch import STARTED
from openactions_local import demo_origin, lifetime
from openactions_local.allowed import settings_for_services
from openactions_local.folder import DataFolder
from openactions_local.load_settings import load_settings
from openactions_local.own_settings import Servers
from openactions_local.owners import SERVICES
from openactions_local.platform import Options, running
from openactions_local.services import unknown_settings
from openactions_local.table import show

if TYPE_CHECKING:
    from openactions import OpenActions


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for; the folder and the port are taken."""

    folder: DataFolder
    listener: socket.socket
    separate: bool = False
    replicas: int = 1
    new_owner_token: bool = False
    demo_port: int = demo_origin.PORT


def stay_up(asked: Asked, origins: Sequence[str], console: Console) -> None:
    """Until Ctrl-C or SIGTERM."""
    logs.configure("console")
    servers = load_settings(Servers)
    environment = os.environ  # noqa: TID251 - names, and only passed on
    settings, lines = settings_for_services(environment, origins)
    lines += [f"{it} is set, but no setting has that name." for it in unknown_settings(environment)]
    for line in lines:
        console.print(line, style="yellow", markup=False)
    options = Options(
        folder=asked.folder,
        listener=asked.listener,
        separate=asked.separate,
        replicas=asked.replicas,
        new_owner_token=asked.new_owner_token,
        demo_port=asked.demo_port,
        settings=settings,
        public_url=load_settings(OpenActionsSettings).public_url,
        mongodb_url=servers.mongodb_url,
        nats_url=servers.nats_url,
        watchdog_seconds=servers.openactions_watchdog_seconds,
        asked_at=STARTED,
    )

    async def work(stop_asked: asyncio.Event) -> None:
        async with running(options, console.print) as platform:
            if not stop_asked.is_set():
                show(platform, console)
            await stop_asked.wait()

    lifetime.run(work, console)


def tour(asked: Asked, walk: "Callable[[OpenActions, int], None]", console: Console) -> None:
    """On a platform that ends with it."""
    from openactions import OpenActions  # noqa: PLC0415 - an HTTP client, which `up` does not need
    from openactions_local.demo import demo_server  # noqa: PLC0415 - as above

    environment = os.environ  # noqa: TID251 - names, and only passed on
    forget_settings_of_services(environment)
    settings, lines = settings_for_services(environment, [])
    for line in lines:
        console.print(line, style="yellow", markup=False)
    options = Options(
        folder=asked.folder,
        listener=asked.listener,
        separate=asked.separate,
        demo_port=asked.demo_port,
        settings=settings,
        asked_at=STARTED,
    )

    async def work(stop_asked: asyncio.Event) -> None:
        with demo_server(asked.demo_port):
            async with running(options, console.print) as up:
                if stop_asked.is_set():
                    return
                console.print(f"A platform for this tour is up at {up.url} ({up.seconds:.1f} s).\n")
                with OpenActions(up.url, up.owner_token) as platform:
                    await asyncio.to_thread(walk, platform, asked.demo_port)

    lifetime.run(work, console)


def forget_settings_of_services(environment: MutableMapping[str, str]) -> None:
    """All but those of egress. A tour's own platform must not use what is another's: it would sweep
    the operator's store for blobs, and overwrite the owner's token.
    """
    owned = {*SERVICES, "blobs", "streams"}
    for name in list(environment):
        if name.partition("_")[0].lower() in owned:
            del environment[name]
