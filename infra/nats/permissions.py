"""Who may say and hear what on NATS: one user a service, everything else is denied.

What a service states and answers follows from `contracts`; whom it asks and what it listens to is
declared here, so that a wider permission is a line that somebody reviews. Run this file to write
`permissions.conf` beside it; a test keeps the two, and the services' code, in agreement.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.fact import FACTS, Fact
from contracts.facts import ActionRemoved, GptRemoved, SchemaStored
from contracts.request import REQUESTS, Request
from contracts.requests import (
    Authenticate,
    CheckHosts,
    Decide,
    IssueCredential,
    ReadAction,
    ReadGpt,
    ReadOperations,
    ReadSchema,
)
from kit.bus import DEAD_LETTERS_STREAM, FACTS_STREAM
from kit.consume import consumer_of

OUTPUT = Path(__file__).with_name("permissions.conf")


@dataclass(frozen=True)
class Talk:
    """What a service says beyond its own facts. The live watch of facts needs no line."""

    asks: tuple[type[Request[Any]], ...] = ()
    listens: tuple[type[Fact], ...] = ()
    """Facts that it takes one by one (`kit.consume`)."""
    batches: tuple[str, ...] = ()
    """Names of its consumers that take facts in batches (`kit.batches`)."""


TALKS = {
    "auth": Talk(asks=(Authenticate, ReadAction), listens=(ActionRemoved,)),
    "catalog": Talk(asks=(Authenticate, CheckHosts, ReadSchema), listens=(GptRemoved,)),
    "execution": Talk(
        asks=(Authenticate, Decide, IssueCredential, ReadGpt, ReadOperations), batches=("recorder",)
    ),
    "identity": Talk(),
    "policy": Talk(asks=(Authenticate,)),
    "schema": Talk(asks=(Authenticate,), listens=(SchemaStored,)),
}

HEADER = "# Written by infra/nats/permissions.py; change that and run `./openactions contracts`.\n"
USER = """\
  {{
    user: {name}, password: $NATS_{upper}_PASSWORD
    permissions: {{
      publish: {{ allow: [
{publish}
      ] }}
      subscribe: {{ allow: [
{subscribe}
      ] }}
      allow_responses: {{ max: 1, expires: "1m" }}
    }}
  }}
"""


def publishes(service: str, talk: Talk) -> Iterable[str]:
    """The subjects that a service may publish to, JetStream's API among them."""
    yield from (fact.subject for fact in FACTS.values() if fact.publisher == service)
    yield from (request.subject for request in talk.asks)
    yield f"dead.{service}.>"
    for stream in (FACTS_STREAM, DEAD_LETTERS_STREAM):
        yield from (f"$JS.API.STREAM.{verb}.{stream}" for verb in ("INFO", "CREATE"))
    yield f"$JS.API.CONSUMER.CREATE.{FACTS_STREAM}"  # the live watch: ephemeral and unnamed
    for fact in talk.listens:
        durable = consumer_of(fact, service).durable_name
        yield f"$JS.API.CONSUMER.CREATE.{FACTS_STREAM}.{durable}.{fact.subject}"
        yield from _taking(durable)
    for name in talk.batches:
        yield from _taking(f"{service}_{name}")


def _taking(durable: str | None) -> Iterable[str]:
    """What it takes to make a durable consumer, fetch from it and acknowledge."""
    for verb in ("DURABLE.CREATE", "INFO", "MSG.NEXT"):
        yield f"$JS.API.CONSUMER.{verb}.{FACTS_STREAM}.{durable}"
    yield f"$JS.ACK.{FACTS_STREAM}.{durable}.>"


def subscribes(service: str) -> Iterable[str]:
    """The subjects that a service may hear: questions to it, and answers to its own."""
    yield from (request.subject for request in REQUESTS.values() if request.owner == service)
    yield f"_INBOX_{service}.>"


def user(service: str, talk: Talk) -> str:
    return USER.format(
        name=service,
        upper=service.upper(),
        publish=_listed(publishes(service, talk)),
        subscribe=_listed(subscribes(service)),
    )


def _listed(subjects: Iterable[str]) -> str:
    return "\n".join(f'        "{subject}"' for subject in sorted(subjects))


def permissions() -> str:
    """The `users` of the services' account, as NATS configuration."""
    return f"{HEADER}users: [\n{''.join(user(*talk) for talk in sorted(TALKS.items()))}]\n"


if __name__ == "__main__":
    OUTPUT.write_text(permissions())
