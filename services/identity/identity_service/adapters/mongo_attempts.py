from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.ids import WorkspaceId
from identity_service.domain.oidc.attempt import LIVES_FOR, Attempt, Choice
from identity_service.domain.oidc.id_token import Person
from kit.codec import Codec
from kit.documents import Collection, Stored, Unique
from kit.ended_once import KEPT_FOR, MongoEndedOnce
from kit.mongo import Database
from kit.outbox import Outbox
from kit.retention import Expires


@dataclass(frozen=True, slots=True)
class AttemptState:
    state_digest: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChoiceState:
    digest: str
    browser_digest: str
    workspaces: tuple[str, ...]
    client_id: str
    issuer: str
    subject: str
    return_to: str
    expires_at: datetime
    sid: str | None = None
    email: str | None = None
    name: str = ""
    groups: tuple[str, ...] | None = None


ATTEMPTS, CHOICES = Codec(AttemptState), Codec(ChoiceState)


class MongoEarlierAttempts:
    """What a release before kept, one document an attempt: nothing is read or added, and all of it
    is gone minutes after the upgrade, or with its workspace.
    """

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._attempts = Collection(
            database=database,
            name="sign_in_attempts",
            outbox=outbox,
            codec=ATTEMPTS,
            kept=Expires("created_at", LIVES_FOR + KEPT_FOR),
            unique=(Unique(("state_digest",), across_workspaces=True),),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._attempts,)


class MongoEndedAttempts:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._ended = MongoEndedOnce(database, outbox, LIVES_FOR)

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return self._ended.collections

    async def end(self, attempt: Attempt, at: datetime) -> bool:
        return await self._ended.end(attempt.workspace_id, attempt.id, at)


class MongoChoices:
    """One document a choice, under the first of its workspaces, until somebody makes it."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._choices = Collection(
            database=database,
            name="sign_in_choices",
            outbox=outbox,
            codec=CHOICES,
            kept=Expires("expires_at", KEPT_FOR),
            unique=(Unique(("digest",), across_workspaces=True),),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._choices,)

    async def add(self, choice: Choice) -> None:
        person = choice.person
        state = ChoiceState(
            digest=choice.digest,
            browser_digest=choice.browser_digest,
            workspaces=tuple(choice.workspaces),
            client_id=choice.client_id,
            issuer=person.issuer,
            subject=person.subject,
            return_to=choice.return_to,
            expires_at=choice.expires_at,
            sid=person.sid,
            email=person.email,
            name=person.name,
            groups=None if person.groups is None else tuple(sorted(person.groups)),
        )
        await self._choices.within(choice.workspaces[0]).add(choice.id, state)

    async def find_by_digest(self, digest: str) -> Choice | None:
        found = await self._choices.across_workspaces.find_by("digest", digest)
        if found is None:
            return None
        state: ChoiceState = found.state
        groups = None if state.groups is None else frozenset(state.groups)
        return Choice(
            id=found.id,
            digest=state.digest,
            browser_digest=state.browser_digest,
            workspaces=[WorkspaceId(each) for each in state.workspaces],
            person=Person(state.issuer, state.subject, state.sid, state.email, state.name, groups),
            client_id=state.client_id,
            return_to=state.return_to,
            expires_at=state.expires_at,
        )

    async def use_up(self, choice: Choice) -> bool:
        seen: Stored[Any] = Stored(choice.id, choice.workspaces[0], 1, {})
        return await self._choices.within(choice.workspaces[0]).delete_seen(seen)
