"""Credentials released to this replica, opened, kept no longer than auth says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from contracts.facts import ActionRemoved, CredentialChanged
from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.requests import IssueCredential
from execution_service.domain.credential import Credential
from execution_service.domain.voidable import Voidable
from kit.bus import Bus
from kit.cache import Limits, WatchedCache
from kit.sealing import Recipient, SealBinding
from kit.watch import FactWatch

CREDENTIAL_BYTES = 1_500
"""The key and the credential without its names and values."""


class _Key(NamedTuple):
    workspace_id: WorkspaceId
    action_id: ActionId
    origin: str


class CachedCredentials:
    """The key pair lives as long as the replica: what was sealed to it opens nowhere else."""

    def __init__(
        self,
        bus: Bus,
        watch: FactWatch,
        limits: Limits,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._recipient = Recipient.fresh()
        self._cache = WatchedCache[_Key, Credential](
            watch, "credentials", limits, tags_of=lambda key: (key.action_id,), size_of=_size
        )
        watch.on(CredentialChanged, self._forget)
        watch.on(ActionRemoved, self._forget)

    def _forget(self, changed: CredentialChanged | ActionRemoved) -> None:
        self._cache.drop(changed.action_id)

    async def issue(
        self, workspace_id: WorkspaceId, member_id: MemberId, action_id: ActionId, origin: str
    ) -> Voidable[Credential]:
        key = _Key(workspace_id, action_id, origin)
        return self._cache.find(key) or await self._cache.hold(
            key, lambda: self._ask(key, member_id), keep=self._kept_seconds
        )

    async def _ask(self, key: _Key, member_id: MemberId) -> Credential:
        answer = await self._bus.ask(
            IssueCredential(
                workspace_id=key.workspace_id,
                action_id=key.action_id,
                member_id=member_id,
                origin=key.origin,
                recipient=self._recipient.public_key,
            )
        )
        binding = SealBinding(key.workspace_id, key.action_id, key.origin, answer.expires_at)
        if not answer.sealed:
            return Credential(answer.revision, expires_at=answer.expires_at)
        opened = orjson.loads(self._recipient.open(answer.sealed, binding, self._clock()))
        return Credential(
            answer.revision,
            headers=tuple((name, value) for name, value in opened["headers"]),
            query=tuple((name, value) for name, value in opened["query"]),
            expires_at=answer.expires_at,
        )

    def _kept_seconds(self, credential: Credential) -> float | None:
        if credential.expires_at is None:
            return None
        return (credential.expires_at - self._clock()).total_seconds()


def _size(_: _Key, credential: Credential) -> int:
    pairs = (*credential.headers, *credential.query)
    return CREDENTIAL_BYTES + sum(200 + len(name) + len(value) for name, value in pairs)
