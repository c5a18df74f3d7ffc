"""Options that several commands have."""

from collections.abc import Sequence
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


def check_origins(origins: Sequence[str]) -> None:
    """Raises `BadParameter` for one that is none, before anything else is loaded or made."""
    from openactions_local.allowed import origin_of_option  # noqa: PLC0415 - Pydantic

    for text in origins:
        origin_of_option(text)
