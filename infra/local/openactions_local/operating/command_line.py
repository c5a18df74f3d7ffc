"""What the operators' commands share: options, output, and how a failure ends."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer
from rich.console import Console

from kit.operators_broker import OperatorFailed
from openactions_local.folder import default_folder

T = TypeVar("T")
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

NatsUrl = Annotated[
    str | None,
    typer.Option("--nats-url", envvar="OPENACTIONS_NATS_URL", help="The broker, with user."),
]
Data = Annotated[
    Path,
    typer.Option(
        envvar="OPENACTIONS_DATA",
        default_factory=lambda: default_folder(Path.cwd())[0],
        help="The embedded platform's folder, without --nats-url.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def ended_well(work: Coroutine[Any, Any, T]) -> T:
    """Its result; where it failed, say why and exit: 1 failed, 3 no broker, 4 not permitted."""
    try:
        return asyncio.run(work)
    except OperatorFailed as failed:
        errors.print(str(failed), style="red", markup=False)
        raise typer.Exit(failed.exit_code) from None


def print_json(value: Any) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
