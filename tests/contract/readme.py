"""`shared/contracts/README.md`: every fact and every request, who sends it and who receives it."""

from collections.abc import Iterable, Sequence
from typing import Any

from contracts.fact import FACTS, Fact
from contracts.principal import GRANTED_SCOPES, SCOPES_OF_ROLE, Role, Scope
from contracts.request import REQUESTS, Request
from infra.nats.permissions import BUS_USERS
from tests.contract.survey import Service

PAGE = """\
<!-- Written by `./openactions contracts` from the code; do not edit. -->
# Contracts

What services send to each other, and nothing else. A **fact** is something its publisher already
committed: past tense, durable (JetStream), delivered at least once, for as many services as want
to know. A **request** is one small question that one owner answers at once. Classes in
`contracts/facts` and `contracts/requests` are the only place where a subject is spelt.

- **Adding one**: write the class with a docstring that promises what it means; publisher or owner
  is part of it, and a second one is refused. Then run `./openactions contracts`.
- **Changing one**: a new optional field, then `./openactions contracts`. Anything else is a new
  class with `version=2`, published beside the old one until nobody is left in its row below.
  `golden/` holds the frozen schemas; a test compares.
- **Never in one**: a secret in the clear, a body above 64 KiB, a storage document.

## Facts

*Live*: every replica receives it as it happens and drops what it had cached. *Durable*: the service
takes each one, once among its replicas, again after a crash or an outage. *Voids*: what was cached
is wrong after it, so its change is answered once JetStream has the fact; until then the answer is
503 `platform.not_in_force`, and repeating the same request publishes what is pending.

| fact | meaning | published by | received live by | taken durably by | voids |
|---|---|---|---|---|---|
{facts}

## Requests

| request | asks | reply | answered by | asked by |
|---|---|---|---|---|
{requests}

Facts travel as CloudEvents 1.0, binary mode: `ce-id` (also `Nats-Msg-Id`), `ce-type`, `ce-source`,
`ce-time`, `ce-subject` (the workspace) and `traceparent` are NATS headers, the data is JSON. Each
service's own view is in `services/<name>/asyncapi.json`.

## Roles

What each role may do; each has what the ones above it in this table have, too. A route demands one
scope, and a session has all scopes of its member's role. A token has as many of them as its
`scopes` name, all where it names none.

| role | scopes, beside those above |
|---|---|
{roles}
| no role | {granted} |
"""


def readme(services: Sequence[Service]) -> str:
    facts = (_fact_row(FACTS[subject], services) for subject in sorted(FACTS))
    requests = (_request_row(REQUESTS[subject], services) for subject in sorted(REQUESTS))
    return PAGE.format(
        facts="\n".join(facts), requests="\n".join(requests), roles=_roles(), granted=_granted()
    )


def _roles() -> str:
    rows, below = [], frozenset[str]()
    for role in reversed(Role):
        scopes = SCOPES_OF_ROLE[role]
        rows.append(_row(f"`{role}`", _scopes(scopes - below)))
        below = scopes
    return "\n".join(rows)


def _granted() -> str:
    """Scopes that a token has where its `scopes` name them alone."""
    who = {Role.OWNER: "an owner", Role.ADMIN: "an owner or an admin"}
    return "; ".join(
        f"`{scope}`: {who[least]} gives it to a token" for scope, least in GRANTED_SCOPES.items()
    )


def _scopes(scopes: Iterable[str]) -> str:
    return " ".join(f"`{each}`" for each in Scope if each in scopes)


def _fact_row(fact: type[Fact], services: Sequence[Service]) -> str:
    live = _named(service.name for service in services if fact in service.subscriptions.live)
    durable = _named(service.name for service in services if fact in service.subscriptions.durable)
    voids = "yes" if fact.voids else "-"
    return _row(f"`{fact.subject}`", _sentence(fact), fact.publisher, live, durable, voids)


def _request_row(request: type[Request[Any]], services: Sequence[Service]) -> str:
    owners = _named(service.name for service in services if request in service.answers)
    askers = [service.name for service in services if request in service.asks]
    before = [name for name, talk in BUS_USERS.items() if request in talk.asked]
    asked = _named([*askers, *(f"{name} of the release before" for name in before)])
    reply = f"`{request.reply.__name__}`"
    return _row(f"`{request.subject}`", _sentence(request), reply, owners, asked)


def _sentence(contract: type[Any]) -> str:
    """The first paragraph of its docstring."""
    return " ".join((contract.__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "-"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
