"""Credentials released to this replica, kept no longer than auth says; and where they go."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from contracts.facts import ActionRemoved, CredentialChanged
from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.requests import DescribeCredential, IssueCredential
from contracts.secret_values import secrets_of
from execution_service.domain.admission import ReservedNames
from execution_service.domain.call import CallableOperation
from execution_service.domain.credential import Credential, CredentialDescription
from execution_service.domain.invocation import WantedCall
from execution_service.domain.release import Tool
from execution_service.domain.voidable import Voidable
from kit.bus import Bus
from kit.cache import Limits, WatchedCache
from kit.live_secrets import LIVE_SECRETS
from kit.sealing import Recipient, SealBinding
from kit.watch import FactWatch

CREDENTIAL_BYTES = 1_500
"""The key and the credential without its names and values."""
SLOT_BYTES = 300


class _Key(NamedTuple):
    gpt_workspace_id: WorkspaceId
    """Whose credential it is."""
    workspace_id: WorkspaceId
    """Whose call it is."""
    action_id: ActionId
    origin: str
    origin_set: str


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
        self._credentials = WatchedCache[_Key, Credential](
            watch, "credentials", limits, tags_of=_tags, size_of=_size
        )
        self._descriptions = WatchedCache[_Key, CredentialDescription](
            watch, "credential_descriptions", limits, tags_of=_tags, size_of=_size_described
        )
        watch.on(CredentialChanged, self._forget)
        watch.on(ActionRemoved, self._forget)

    def _forget(self, changed: CredentialChanged | ActionRemoved) -> None:
        self._credentials.drop(changed.action_id)
        self._descriptions.drop(changed.action_id)

    async def describe(
        self, wanted: WantedCall, operation: CallableOperation
    ) -> CredentialDescription:
        return await self._description(_key(wanted, operation))

    async def places(
        self, gpt_workspace_id: WorkspaceId, workspace_id: WorkspaceId, tool: Tool, origin: str
    ) -> ReservedNames:
        key = _Key(gpt_workspace_id, workspace_id, tool.action_id, origin, tool.origin_set)
        return (await self._description(key)).reserved

    async def _description(self, key: _Key) -> CredentialDescription:
        kept = self._descriptions.find(key) or await self._descriptions.hold(
            key, lambda: self._described(key)
        )
        return kept.value

    async def _described(self, key: _Key) -> CredentialDescription:
        answer = await self._bus.ask(
            DescribeCredential(
                workspace_id=key.gpt_workspace_id,
                action_id=key.action_id,
                origin=key.origin,
                origin_set=key.origin_set,
            )
        )
        reserved = frozenset((slot.location, slot.name) for slot in answer.slots)
        return CredentialDescription(answer.revision, reserved)

    async def issue(self, wanted: WantedCall, operation: CallableOperation) -> Voidable[Credential]:
        key, member_id = _key(wanted, operation), wanted.principal.member_id
        return self._credentials.find(key) or await self._credentials.hold(
            key, lambda: self._issued(key, member_id), keep=self._kept_seconds
        )

    async def _issued(self, key: _Key, member_id: MemberId) -> Credential:
        answer = await self._bus.ask(
            IssueCredential(
                workspace_id=key.gpt_workspace_id,
                action_id=key.action_id,
                member_id=member_id,
                origin=key.origin,
                origin_set=key.origin_set,
                recipient=self._recipient.public_key,
            )
        )
        binding = SealBinding(key.gpt_workspace_id, key.action_id, key.origin, answer.expires_at)
        if not answer.sealed:
            return Credential(answer.revision, expires_at=answer.expires_at)
        opened = orjson.loads(self._recipient.open(answer.sealed, binding, self._clock()))
        for secret in secrets_of(opened["headers"], opened["query"]):
            LIVE_SECRETS.add(secret)
        return Credential.masked(
            answer.revision,
            headers=tuple((name, value) for name, value in opened["headers"]),
            query=tuple((name, value) for name, value in opened["query"]),
            expires_at=answer.expires_at,
        )

    def _kept_seconds(self, credential: Credential) -> float | None:
        if credential.expires_at is None:
            return None
        return (credential.expires_at - self._clock()).total_seconds()


def _key(wanted: WantedCall, operation: CallableOperation) -> _Key:
    return _Key(
        wanted.gpt_workspace_id,
        wanted.principal.workspace_id,
        operation.tool.action_id,
        operation.target.origin,
        operation.tool.origin_set,
    )


def _tags(key: _Key) -> tuple[str]:
    return (key.action_id,)


def _size(_: _Key, credential: Credential) -> int:
    pairs = (*credential.headers, *credential.query)
    sizes = (200 + len(name) + len(value) for name, value in pairs)
    return CREDENTIAL_BYTES + sum(sizes) + credential.mask.size


def _size_described(_: _Key, described: CredentialDescription) -> int:
    return CREDENTIAL_BYTES + SLOT_BYTES * len(described.reserved)
