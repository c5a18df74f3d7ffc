"""`openactions dead-letters list | show | replay`."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.fact import FACTS
from kit.dead_letters import (
    VERSIONED,
    DeadLetter,
    DeadLetters,
    Wanted,
    names_of,
)
from kit.operators_broker import OperatorFailed, connected
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
from openactions_local.owners import OWNED_SEGMENTS
from openactions_local.wording import counted, printable

app = typer.Typer(no_args_is_help=True, help="Facts that a service could not process: see, replay.")


def _known(allowed: Iterable[str], what: str) -> Callable[[str | None], str | None]:
    names = sorted(set(allowed))

    def check(name: str | None) -> str | None:
        if name is not None and name not in names:
            shown = ", ".join(each for each in names if not VERSIONED.search(each))
            raise typer.BadParameter(f"There is no {what} {name!r}. Known: {shown}.")
        return name

    return check


Service = Annotated[
    str | None,
    typer.Option(
        help="Only those that this service could not process.",
        callback=_known(OWNED_SEGMENTS, "service"),
    ),
]
Fact = Annotated[
    str | None,
    typer.Option(
        help="Only this fact, such as action.removed, or as `list` shows it.",
        callback=_known([each for fact in FACTS.values() for each in names_of(fact)], "fact"),
    ),
]
Reason = Annotated[
    str | None,
    typer.Option(
        help="Only those whose reason, or the part of it before the colon, is exactly this."
    ),
]
Since = Annotated[
    datetime | None, typer.Option(help="Only those since then (UTC where no zone is given).")
]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]
After = Annotated[int, typer.Option(min=0, help="Go on behind this sequence number.")]
Sequence = Annotated[int, typer.Argument(min=1, help="As `list` shows it.")]
Sequences = Annotated[list[int] | None, typer.Argument(help="As `list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="Every dead letter that matches the filters.")]


@app.command("list")
def list_(  # noqa: PLR0913, PLR0917 - typer: a parameter an option
    data: Data,
    nats_url: NatsUrl = None,
    service: Service = None,
    fact: Fact = None,
    reason: Reason = None,
    since: Since = None,
    limit: Limit = 50,
    after: After = 0,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way to declare a flag
) -> None:
    """Show dead letters, oldest first, a page at a time.

    Into a pipe or a file: a line each, with tabs between sequence, time, service, fact, reason,
    deliveries and workspace.

    Example: `./openactions dead-letters list --service execution`
    """
    wanted = Wanted(service, fact, reason, _aware(since))

    async def page(letters: DeadLetters) -> list[DeadLetter]:
        found = []
        async for letter in letters.each(wanted, after):
            found.append(letter)
            if len(found) > limit:
                break
        return found

    found = _run(nats_url, data, page)
    shown, more = found[:limit], len(found) > limit
    next_after = shown[-1].sequence if more else None
    if as_json:
        print_json({"items": [each.summary() for each in shown], "next_after": next_after})
        return
    _list(shown, filtered=bool(after) or wanted != Wanted())
    if more:
        errors.print(f"There are more: --after {next_after}")


@app.command()
def show(
    sequence: Sequence,
    data: Data,
    nats_url: NatsUrl = None,
    as_json: AsJson = False,  # noqa: FBT002 - as above
) -> None:
    """Show one dead letter with its headers and its data.

    Example: `./openactions dead-letters show 12`
    """
    letter = _run(nats_url, data, lambda letters: letters.read(sequence))
    text = letter.data.decode(errors="backslashreplace")
    if as_json:
        details = {"cut_from": letter.cut_from, "headers": letter.headers, "data": text}
        print_json(letter.summary() | details)
        return
    for name, value in (letter.summary() | letter.headers).items():
        console.print(f"{name:<24} {printable(str(value))}", markup=False)
    console.print(f"\n{printable(text)}", markup=False)


@app.command()
def replay(  # noqa: PLR0913, PLR0917 - as above
    data: Data,
    sequences: Sequences = None,
    nats_url: NatsUrl = None,
    every: All = False,  # noqa: FBT002 - as above
    service: Service = None,
    fact: Fact = None,
    reason: Reason = None,
    since: Since = None,
    yes: Yes = False,  # noqa: FBT002 - as above
    as_json: AsJson = False,  # noqa: FBT002 - as above
) -> None:
    """Publish dead letters once more, and remove each once the broker has it.

    Exits with 1 if any is left, or none matches the filters; with 2 if it was asked wrongly, 3 if
    no broker answers, 4 if it refuses.

    Example: `./openactions dead-letters replay 12 13`
    """
    if bool(sequences) == every:
        raise typer.BadParameter("Name sequence numbers, or --all with filters; not both.")
    wanted = Wanted(service, fact, reason, _aware(since))
    found = _meant(nats_url, data, sequences, wanted)
    if every and found and not yes:
        _ask(len(found))
    ended = _Replay(found)
    try:
        _run(nats_url, data, ended.run)
    finally:
        ended.say(as_json=as_json)
    filtered = wanted != Wanted()
    if not found:
        errors.print(_none(filtered=filtered))
    if ended.failed or (filtered and not found):
        raise typer.Exit(1)


def _meant(
    nats_url: str | None, data: Path, sequences: list[int] | None, wanted: Wanted
) -> list[DeadLetter]:
    async def read(letters: DeadLetters) -> list[DeadLetter]:
        if sequences:
            return [await letters.read(sequence) for sequence in sequences]
        return [letter async for letter in letters.each(wanted)]

    found: list[DeadLetter] = _run(nats_url, data, read)
    return found


@dataclass
class _Replay:
    """Which were replayed, and why others were not: also after a broker that went away between."""

    found: list[DeadLetter]
    replayed: list[int] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)

    async def run(self, letters: DeadLetters) -> None:
        for letter in self.found:
            try:
                await letters.replay(letter)
            except OperatorFailed as error:
                self.failed.append((letter.sequence, str(error)))
            else:
                self.replayed.append(letter.sequence)

    def say(self, *, as_json: bool) -> None:
        if as_json:
            failed = [{"sequence": sequence, "error": why} for sequence, why in self.failed]
            print_json({"replayed": self.replayed, "failed": failed})
            return
        for _, why in self.failed:
            errors.print(why, style="red", markup=False)
        if not self.found:
            return
        left = len(self.found) - len(self.replayed)
        console.print(f"{len(self.replayed)} replayed, {left} left.")
        if self.replayed:
            console.print("`openactions dead-letters list` shows those that fail again.")


def _ask(count: int) -> None:
    if not sys.stdin.isatty():
        errors.print(f"This would replay {counted(count, 'dead letter')}. Add --yes to do it.")
        raise typer.Exit(2)
    typer.confirm(f"Replay {counted(count, 'dead letter')}?", abort=True)


def _run(nats_url: str | None, data: Path, work: Any) -> Any:
    """What `work` returns, given the dead letters; a failure is a sentence and an exit code."""

    async def connect_and_work() -> Any:
        async with connected(broker_url(nats_url, data)) as broker:
            return await work(DeadLetters(broker.jetstream))

    return ended_well(connect_and_work())


def _list(shown: list[DeadLetter], *, filtered: bool) -> None:
    if not sys.stdout.isatty():
        for letter in shown:
            typer.echo(_for_programs(letter))
        return
    for letter in shown:
        console.print(_for_people(letter), markup=False)
    if not shown:
        console.print(_none(filtered=filtered))


def _none(*, filtered: bool) -> str:
    if not filtered:
        return "There are no dead letters."
    return "No dead letter matches these filters. `openactions dead-letters list` shows all."


def _row(letter: DeadLetter) -> list[str]:
    time = letter.time.strftime("%Y-%m-%dT%H:%M:%SZ") if letter.time else ""
    fact = letter.fact.removeprefix("fact.")
    workspace = letter.headers.get("ce-subject", "")
    row = (letter.sequence, time, letter.service, fact, letter.reason, letter.deliveries, workspace)
    return [printable(str(each)) for each in row]


def _for_programs(letter: DeadLetter) -> str:
    """Sequence, time, service, fact, reason, deliveries and workspace, with tabs between."""
    return "\t".join(" ".join(each.split()) for each in _row(letter))


def _for_people(letter: DeadLetter) -> str:
    """Two lines that fit a narrow screen."""
    sequence, time, service, fact, reason, _, workspace = _row(letter)
    first = f"{sequence:>6}  {time}  {service}  {fact}"
    times = counted(letter.deliveries, "delivery", "deliveries")
    return f"{first}\n        {reason} ({times})  {workspace}"


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
