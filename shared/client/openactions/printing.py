"""What commands print: results to standard output, what a person reads beside them to standard
error. Text that others wrote moves no cursor and changes no colour.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openactions import json_text
from openactions.requests import Answer

errors = Console(stderr=True, highlight=False, soft_wrap=True)
Item = Mapping[str, Any]
Read = Callable[..., Iterator[Item]]
MAX_PAGE = 100
"""Of the routes."""


def say(line: str, hint: str | None = None) -> None:
    """`line` may have Rich's markup; a hint is text."""
    errors.print(line)
    if hint:
        errors.print(f"  {hint}", style="dim", markup=False)


def print_one(answer: Answer) -> None:
    """As JSON, spelled as it came."""
    typer.echo(json_text.indented(answer.text).encode())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options of a list ask for."""

    limit: int
    every: bool
    as_json: bool
    filters: Mapping[str, object]
    """None where an option is left out."""


def print_list(read: Read, columns: Sequence[str], wanted: Wanted) -> None:
    """A table for people, a line each with tabs between these columns into a pipe or a file, or
    JSON with every member. `read` is a list of `Resources`.
    """
    filters = {name: value for name, value in wanted.filters.items() if value is not None}
    page_size = MAX_PAGE if wanted.every else min(MAX_PAGE, wanted.limit + 1)
    items = read(limit=page_size, **filters)
    found = list(items if wanted.every else islice(items, wanted.limit + 1))
    shown = found if wanted.every else found[: wanted.limit]
    if wanted.as_json:
        typer.echo(json.dumps(shown, indent=2, default=str))
    elif sys.stdout.isatty():
        _print_table(shown, columns)
    else:
        for item in shown:
            typer.echo("\t".join(_cell(item, column) for column in columns))
    if len(found) > len(shown):
        say("There are more: --limit takes a larger number, --all shows all of them.")


def _print_table(items: Sequence[Item], columns: Sequence[str]) -> None:
    table = Table(box=None, padding=(0, 1))
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold", no_wrap=column == "id")
    for item in items:
        table.add_row(*(Text(_cell(item, column)) for column in columns))
    Console(highlight=False).print(table)


def _cell(item: Item, column: str) -> str:
    value = item.get(column)
    if value is None or isinstance(value, bool):
        return {None: "-", True: "yes", False: "no"}[value]
    return "".join(c if c.isprintable() else " " for c in str(value))
