"""Who may publish and subscribe to what on NATS: one user a service, everything else is denied.

What a service publishes and answers follows from `contracts`; whom it asks and what it listens to
is declared here, so that a wider permission is a line in a review. Run this file to write
`permissions.conf` beside it; a test keeps the two, and the services' code, in agreement.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.fact import EVERY_FACT, FACTS, FACTS_STREAM, INVOCATIONS_STREAM, Fact
from contracts.facts import (
    ActionRemoved,
    ConnectionLinked,
    CredentialChanged,
    GptRemoved,
    MemberChanged,
    SchemaStored,
    WorkspaceRemoved,
)
from contracts.request import REQUESTS, Request
from contracts.requests import (
    Authenticate,
    CheckActions,
    CheckHosts,
    CheckMembers,
    Decide,
    DecideCall,
    DescribeCredential,
    FindSchemaUses,
    Gate,
    IssueCredential,
    NameMember,
    ReadAccess,
    ReadAction,
    ReadGpt,
    ReadOldestOwner,
    ReadOperations,
    ReadRelease,
    ReadSchema,
    ReadSettings,
)
from kit.consume import consumer_of
from kit.streams import DEAD_LETTERS_STREAM, LIVE_PREFIX, RATE_PREFIX, RATES_STREAM, RECORDER
from kit.wake_ups import PREFIX as WAKE_PREFIX

OUTPUT = Path(__file__).with_name("permissions.conf")


@dataclass(frozen=True)
class BusUser:
    """What a service says beyond its own facts. The live watch of facts needs no line."""

    asks: tuple[type[Request[Any]], ...] = ()
    listens: tuple[type[Fact], ...] = ()
    """Facts that it takes one by one (`kit.consume`)."""
    batches: tuple[tuple[str, str], ...] = ()
    """Stream and name of its consumers that take facts in batches (`kit.batches`)."""
    asked: tuple[type[Request[Any]], ...] = ()
    """What replicas of the release before ask, beside `asks`: both run during an upgrade."""
    wakes: bool = False
    """Whether its replicas wake each other (`kit.wake_ups`)."""
    counts: bool = False
    """Whether its replicas share counters (`kit.counters`)."""

    @property
    def questions(self) -> tuple[type[Request[Any]], ...]:
        return (*self.asks, *self.asked)


BUS_USERS = {
    "auth": BusUser(
        asks=(Authenticate, NameMember, ReadAction),
        listens=(ActionRemoved, CredentialChanged, MemberChanged, WorkspaceRemoved),
    ),
    "catalog": BusUser(
        asks=(
            *(Authenticate, CheckActions, CheckHosts, CheckMembers),
            *(ReadOldestOwner, ReadSchema, ReadSettings),
        ),
        listens=(GptRemoved, WorkspaceRemoved),
    ),
    "execution": BusUser(
        asks=(
            *(Authenticate, DecideCall, DescribeCredential, Gate, IssueCredential),
            *(ReadAccess, ReadOperations, ReadRelease, ReadSettings),
        ),
        asked=(Decide, ReadGpt),
        listens=(ConnectionLinked, MemberChanged, WorkspaceRemoved),
        batches=((INVOCATIONS_STREAM, "recorder"),),
        wakes=True,
        counts=True,
    ),
    "identity": BusUser(listens=(MemberChanged, WorkspaceRemoved)),
    "policy": BusUser(asks=(Authenticate,), listens=(WorkspaceRemoved,)),
    "schema": BusUser(
        asks=(Authenticate, CheckHosts, FindSchemaUses), listens=(SchemaStored, WorkspaceRemoved)
    ),
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
    }}
  }}
"""
"""No `allow_responses`: it would let a service publish to whatever subject an asker names as its
reply, such as a fact's."""


def publishes(service: str, may: BusUser) -> Iterable[str]:
    """The subjects that a service may publish to, JetStream's API among them."""
    mine = [fact for fact in FACTS.values() if fact.publisher == service]
    yield from (fact.subject for fact in mine)
    yield from (request.subject for request in may.questions)
    yield from (f"_INBOX_{asker}.>" for asker in askers_of(service))
    yield f"dead.{service}.>"
    yield from _wake_ups(service, may)
    if may.counts:
        yield f"{RATE_PREFIX}{service}.>"
        yield from (f"$JS.API.STREAM.{verb}.{RATES_STREAM}" for verb in ("INFO", "CREATE"))
    for stream in (FACTS_STREAM, INVOCATIONS_STREAM, DEAD_LETTERS_STREAM):
        yield from (f"$JS.API.STREAM.{verb}.{stream}" for verb in ("INFO", "CREATE"))
    yield f"$JS.API.STREAM.MSG.GET.{FACTS_STREAM}"  # the live watch catches up with it
    for fact in may.listens:
        durable = consumer_of(fact, service).durable_name
        yield f"$JS.API.CONSUMER.CREATE.{fact.stream}.{durable}.{fact.subject}"
        yield from _taking(fact.stream, durable)
    for stream, name in may.batches:
        yield f"$JS.API.CONSUMER.CREATE.{stream}.{service}_{name}"
        yield from _taking(stream, f"{service}_{name}")
        yield f"$JS.API.CONSUMER.LIST.{stream}"  # to trim what every consumer took (`kit.trim`)
        yield f"$JS.API.STREAM.PURGE.{stream}"


def askers_of(service: str) -> list[str]:
    """Whose questions a service answers, at their inboxes."""
    return sorted(
        asker
        for asker, may in BUS_USERS.items()
        if any(request.owner == service for request in may.questions)
    )


def _taking(stream: str, durable: str | None) -> Iterable[str]:
    """What it takes to fetch from a consumer of its own and to acknowledge."""
    for verb in ("INFO", "MSG.NEXT"):
        yield f"$JS.API.CONSUMER.{verb}.{stream}.{durable}"
    yield f"$JS.ACK.{stream}.{durable}.>"


def _wake_ups(service: str, may: BusUser) -> Iterable[str]:
    if may.wakes:
        yield f"{WAKE_PREFIX}.{service}.*"


def subscribes(service: str, may: BusUser) -> Iterable[str]:
    """The subjects that a service may subscribe to: questions to it, answers, and live facts."""
    yield from (request.subject for request in REQUESTS.values() if request.owner == service)
    yield f"_INBOX_{service}.>"
    yield f"{LIVE_PREFIX}{EVERY_FACT}"
    yield from _wake_ups(service, may)


def user(service: str, may: BusUser) -> str:
    return USER.format(
        name=service,
        upper=service.upper(),
        publish=_listed(publishes(service, may)),
        subscribe=_listed(subscribes(service, may)),
    )


OPERATOR = """\
  {{
    user: {name}, password: $NATS_{upper}_PASSWORD
    permissions: {{
      publish: {{ allow: [
{publish}
      ] }}
      subscribe: {{ allow: [ "_INBOX_{name}.>" ] }}
    }}
  }}
"""
MANAGED_STREAMS = (FACTS_STREAM, INVOCATIONS_STREAM, DEAD_LETTERS_STREAM, RATES_STREAM)


def operator() -> str:
    """The user of `openactions dead-letters` and `streams`: it manages the streams, no more.

    It publishes any fact, to replay what was dead-lettered; it asks and answers nothing. FACTS may
    be purged and its recorder removed: that is how an earlier layout is migrated. INVOCATIONS and
    RATES may be deleted: that is how the earlier layout is put back. It reads consumers, for their
    lag.
    """
    verbs = ("CREATE", "INFO", "MSG.DELETE", "MSG.GET", "UPDATE")
    api = (f"$JS.API.STREAM.{verb}.{stream}" for stream in MANAGED_STREAMS for verb in verbs)
    consumers = (f"$JS.API.CONSUMER.LIST.{stream}" for stream in MANAGED_STREAMS)
    moved = (FACTS_STREAM, INVOCATIONS_STREAM)
    recorders = (f"$JS.API.CONSUMER.INFO.{stream}.{RECORDER}" for stream in moved)
    ends = (
        f"$JS.API.CONSUMER.DELETE.{FACTS_STREAM}.{RECORDER}",
        f"$JS.API.STREAM.PURGE.{FACTS_STREAM}",
        f"$JS.API.STREAM.DELETE.{INVOCATIONS_STREAM}",
        f"$JS.API.STREAM.DELETE.{RATES_STREAM}",
    )
    return _of_operator("operator", [EVERY_FACT, *api, *consumers, *recorders, *ends])


def dead_letters() -> str:
    """The user of `/v1/operator/dead-letters`, which identity connects as beside its own: it reads
    dead letters, publishes their facts once more, and removes them. It manages no stream.
    """
    verbs = ("INFO", "MSG.DELETE", "MSG.GET")
    api = (f"$JS.API.STREAM.{verb}.{DEAD_LETTERS_STREAM}" for verb in verbs)
    return _of_operator("dead_letters", [EVERY_FACT, *api])


def _of_operator(name: str, subjects: Iterable[str]) -> str:
    return OPERATOR.format(name=name, upper=name.upper(), publish=_listed(subjects))


def _listed(subjects: Iterable[str]) -> str:
    return "\n".join(f'        "{subject}"' for subject in sorted(subjects))


def permissions() -> str:
    """The `users` of the services' account, as NATS configuration."""
    services = "".join(user(*may) for may in sorted(BUS_USERS.items()))
    return f"{HEADER}users: [\n{services}{operator()}{dead_letters()}]\n"


if __name__ == "__main__":
    OUTPUT.write_text(permissions())
