"""`openactions up` and `openactions demo`. What refuses needs nothing loaded that takes a second;
what starts is imported once it is known that it can.
"""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from openactions_local import demo_origin
from openactions_local.edge import check_nginx
from openactions_local.errors import StartFailed
from openactions_local.folder import DataFolder, default_folder
from openactions_local.listening import check_demo_port, listen
from openactions_local.loading import loading
from openactions_local.options import AllowOrigin, check_origins
from openactions_local.servers import free_port, port_is_free

if TYPE_CHECKING:
    from openactions import OpenActions

console = Console(highlight=False)
Walk = Callable[["OpenActions", int], None]
"""It is given the platform and the demo API's port."""


def folder_named(text: str) -> Path:
    if not text.strip():
        raise typer.BadParameter("The name of the folder is empty.")
    return Path(text)


Data = Annotated[
    Path | None,
    typer.Option(
        parser=folder_named,
        metavar="FOLDER",
        envvar="OPENACTIONS_DATA",
        help="Where broker and database keep their data. Default: .openactions in the clone.",
    ),
]
LAST_PORT = 65_535
Port = Annotated[
    int | None,
    typer.Option(min=0, max=LAST_PORT, help="Default: 8080, or another if that is taken."),
]
Separate = Annotated[bool, typer.Option(help="A process a service, behind nginx.")]
Replicas = Annotated[int, typer.Option(min=1, max=9, help="Processes a service, if separate.")]
NewToken = Annotated[
    bool, typer.Option("--new-owner-token", help="Issue a new owner token; the old ones end.")
]
DemoPort = Annotated[
    int, typer.Option(min=1, max=LAST_PORT, help="Where the demo API may be called on loopback.")
]


def up(  # noqa: PLR0913, PLR0917 - typer: a parameter an option
    data: Data = None,
    port: Port = None,
    separate: Separate = False,  # noqa: FBT002 - typer's way to declare a flag
    replicas: Replicas = 1,
    new_owner_token: NewToken = False,  # noqa: FBT002 - as above
    demo_port: DemoPort = demo_origin.PORT,
    allow_origin: AllowOrigin = None,
) -> None:
    """Start the whole platform here: broker, database and every service. Ctrl-C stops it.

    Example: `./openactions up --allow-origin http://127.0.0.1:9000`
    """
    if replicas > 1 and not separate:
        raise typer.BadParameter("Replicas are processes of their own: add --separate.")
    if allow_origin:
        check_origins(allow_origin)
    path, line = (data.resolve(), "") if data else default_folder(Path.cwd())
    if line:
        console.print(line, style="yellow", markup=False)
    try:
        if separate:
            check_nginx()
        folder = DataFolder(path)
        folder.take()
        listener = listen(port)
    except StartFailed as refused:
        raise _ended(refused) from None

    with loading():
        from openactions_local.starting import Asked, stay_up  # noqa: PLC0415 - half a second

    asked = Asked(folder, listener, separate, replicas, new_owner_token, demo_port)
    stay_up(asked, allow_origin or [], console)


def demo(
    url: Annotated[
        str | None, typer.Option(help="A platform that is up; else the tour has one of its own.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="OPENACTIONS_TOKEN", help="With --url: an owner's or admin's token."),
    ] = None,
    separate: Separate = False,  # noqa: FBT002 - as above
    demo_port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=LAST_PORT,
            help="Where the demo API listens. With --url, the one that the platform shows.",
        ),
    ] = None,
) -> None:
    """Walk one real call through everything. Without --url, on a platform of its own.

    It removes what it made. Example: `./openactions demo`
    """
    if url is not None and not (url and token):
        raise typer.BadParameter("--url needs an address, and --token or OPENACTIONS_TOKEN.")
    try:
        if url and token:
            port = demo_port or demo_origin.PORT
            check_demo_port(port)
            _walk_on(url, token, port)
            return
        if separate:
            check_nginx()
        port = demo_port or (demo_origin.PORT if port_is_free(demo_origin.PORT) else free_port())
        check_demo_port(port)
    except StartFailed as refused:
        raise _ended(refused) from None
    walk_on_its_own(port, walk, separate=separate)


def _walk_on(url: str, token: str, port: int) -> None:
    from openactions import OpenActions  # noqa: PLC0415 - as above
    from openactions_local.demo import demo_server  # noqa: PLC0415 - as above

    with demo_server(port), OpenActions(url, token) as platform:
        walk(platform, port)


def walk_on_its_own(port: int, walk: Walk, *, separate: bool = False) -> None:
    """Start a platform in a temporary folder, and walk there."""
    from kit import logs  # noqa: PLC0415 - as above
    from openactions_local.starting import Asked, tour  # noqa: PLC0415 - as above

    logs.configure("console")
    logging.getLogger().setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="openactions-demo-") as path:
        folder = DataFolder(Path(path))
        folder.take()
        asked = Asked(folder, listen(0), separate=separate, demo_port=port)
        tour(asked, walk, console)


def walk(platform: "OpenActions", demo_port: int) -> None:
    """The tour, a line a step; raises `StartFailed` where a step fails."""
    from openactions_local.demo import Tour  # noqa: PLC0415 - as above

    def print_step(title: str, text: str) -> None:
        console.print(f"[green]✓[/] [bold]{title:<24}[/] {text}", soft_wrap=True)

    Tour(platform, print_step, demo_port).walk()


def _ended(refused: StartFailed) -> typer.Exit:
    console.print(str(refused), style="red", markup=False)
    return typer.Exit(1)
