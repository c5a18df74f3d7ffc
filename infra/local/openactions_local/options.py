"""Options that several commands have."""

from typing import Annotated

import typer

AllowOrigin = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ORIGIN",
        help="An API of your own that may be called, such as http://127.0.0.1:9000 or"
        " http://box.lan:8123=192.168.1.20; may be repeated. Counts beside EGRESS_ALLOWED_ORIGINS.",
    ),
]
