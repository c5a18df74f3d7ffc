"""Credentials released to this replica, opened, kept no longer than auth says."""

from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from contracts.facts import ActionRemoved, CredentialChanged
from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.requests import IssueCredential
from execution_service.domain.credential import Credential
from kit.bus import Bus
from kit.cache import WatchedCache
from kit.sealing import Recipient, SealBinding
from kit.watch import FactWatch

MAX_CREDENTIALS = 50_000
MAX_KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Key:
    workspace_id: WorkspaceId
    action_id: ActionId
    origin: str


@dataclass(frozen=True, slots=True)
class _Issued:
    credential: Credential
    expires_at: datetime


class CachedCredentials:
    """The key pair lives as long as the replica: what was sealed to it opens nowhere else."""

    def __init__(self, bus: Bus, watch: FactWatch) -> None:
        self._bus = bus
        self._recipient = Recipient.fresh()
        self._cache = WatchedCache[_Key, _Issued](
            watch, max_entries=MAX_CREDENTIALS, ttl_seconds=MAX_KEPT_SECONDS
        )
        watch.on(CredentialChanged, self._forget)
        watch.on(ActionRemoved, self._forget)

    def _forget(self, changed: CredentialChanged | ActionRemoved) -> None:
        self._cache.drop(lambda key: key.action_id == changed.action_id)

    async def issue(
        self, workspace_id: WorkspaceId, member_id: MemberId, action_id: ActionId, origin: str
    ) -> Credential:
        key = _Key(workspace_id, action_id, origin)
        issued = await self._cache.get_or_load(
            key, lambda: self._ask(key, member_id), keep=_kept_seconds
        )
        return issued.credential

    async def _ask(self, key: _Key, member_id: MemberId) -> _Issued:
        answer = await self._bus.ask(
            IssueCredential(
                workspace_id=key.workspace_id,
                action_id=key.action_id,
                member_id=member_id,
                origin=key.origin,
                recipient=self._recipient.public_key,
            )
        )
        if not answer.sealed:
            return _Issued(Credential(answer.revision), answer.expires_at)
        binding = SealBinding(key.workspace_id, key.action_id, key.origin, answer.expires_at)
        opened = orjson.loads(self._recipient.open(answer.sealed, binding))
        credential = Credential(
            answer.revision,
            headers=tuple((name, value) for name, value in opened["headers"]),
            query=tuple((name, value) for name, value in opened["query"]),
        )
        return _Issued(credential, answer.expires_at)


def _kept_seconds(issued: _Issued) -> float:
    return (issued.expires_at - datetime.now(UTC)).total_seconds()
