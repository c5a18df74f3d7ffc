"""Credentials released to this replica, kept no longer than auth says; and where they go."""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import orjson

from contracts.facts import (
    ActionRemoved,
    ConnectionLinked,
    ConnectionLost,
    ConnectionRevoked,
    CredentialChanged,
)
from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.requests import DescribeCredential, IssueCredential, SealedCredential
from contracts.secret_values import secrets_of
from execution_service.domain.admission import ReservedNames
from execution_service.domain.call import CallableOperation
from execution_service.domain.credential import Credential, CredentialDescription
from execution_service.domain.errors import SignInRequired
from execution_service.domain.invocation import WantedCall
from execution_service.domain.release import Tool
from execution_service.domain.voidable import Voidable
from kit.bus import Bus
from kit.cache import Entry, Limits, WatchedCache
from kit.live_secrets import LIVE_SECRETS
from kit.sealing import Recipient, SealBinding
from kit.watch import FactWatch

CREDENTIAL_BYTES = 1_800
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
    member_id: MemberId | None = None
    """Whose alone it is; None: every member of the workspace calls with it."""
    rejected: int | None = None
    """The generation of the token that this one is newer than."""


class CachedCredentials:
    """The key pair lives as long as the replica: what was sealed to it opens nowhere else.

    A credential that is a member's own is kept under a key that has the member. A token that an API
    refused is not dropped, which would void it in the hands of calls under way: the newer one is
    kept beside it, and found by its generation.
    """

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
        watch.on(ConnectionLinked, self._forget_members)
        watch.on(ConnectionLost, self._forget_members)
        watch.on(ConnectionRevoked, self._forget_members)

    def _forget(self, changed: CredentialChanged | ActionRemoved) -> None:
        self._credentials.drop(changed.action_id)
        self._descriptions.drop(changed.action_id)

    def _forget_members(
        self, changed: ConnectionLinked | ConnectionLost | ConnectionRevoked
    ) -> None:
        self._credentials.drop((changed.action_id, changed.member_id))

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
        return CredentialDescription(answer.revision, reserved, answer.per_user)

    async def issue(
        self, wanted: WantedCall, operation: CallableOperation, described: CredentialDescription
    ) -> Voidable[Credential]:
        """Where a credential of another revision than the one that was described is released, that
        one may be per user: it is asked for again, for this member alone, and not kept.
        """
        member_id = wanted.principal.member_id
        key = _key(wanted, operation, member_id if described.per_user else None)
        kept = self._newest(key)
        if kept is None:
            load = partial(self._issued, key, wanted, operation)
            keep = partial(self._kept_seconds, key, described.revision)
            kept = await self._credentials.hold(key, load, keep=keep)
        if key.member_id is not None or kept.value.revision == described.revision:
            return kept
        own = key._replace(member_id=member_id)
        load = partial(self._issued, own, wanted, operation)
        return await self._credentials.hold(own, load, keep=lambda _: 0)

    def _newest(self, key: _Key) -> Entry[_Key, Credential] | None:
        """What is kept, or in place of a token that was refused, what is kept as newer."""
        newest = self._credentials.find(key)
        while newest is not None and (generation := newest.value.generation) is not None:
            newer = self._credentials.find(key._replace(rejected=generation))
            if newer is None or not newer.value.is_newer_than(generation):
                break
            newest = newer
        return newest

    async def renew(
        self, wanted: WantedCall, operation: CallableOperation, rejected: Credential
    ) -> Voidable[Credential]:
        generation = rejected.generation
        assert generation is not None  # noqa: S101 - only a token is refused as one
        key = _key(wanted, operation, rejected.member_id)
        newest = self._newest(key)
        if newest is not None and newest.value.is_newer_than(generation):
            return newest
        newer = key._replace(rejected=generation)
        load = partial(self._issued, newer, wanted, operation)
        keep = partial(self._kept_seconds, newer, rejected.revision)
        return await self._credentials.hold(newer, load, keep=keep)

    async def is_signed_in(self, wanted: WantedCall, operation: CallableOperation) -> bool:
        answer = await self._ask(_key(wanted, operation), wanted.principal.member_id)
        return not answer.sign_in

    async def _issued(
        self, key: _Key, wanted: WantedCall, operation: CallableOperation
    ) -> Credential:
        answer = await self._ask(key, wanted.principal.member_id)
        if answer.sign_in:
            raise SignInRequired(operation.target.host, answer.sign_in)
        released = Credential(
            answer.revision,
            expires_at=answer.expires_at,
            generation=answer.generation,
            member_id=key.member_id,
        )
        if not answer.sealed:
            return released
        binding = SealBinding(key.gpt_workspace_id, key.action_id, key.origin, answer.expires_at)
        opened = orjson.loads(self._recipient.open(answer.sealed, binding, self._clock()))
        for secret in secrets_of(opened["headers"], opened["query"]):
            LIVE_SECRETS.add(secret)
        return released.signing(
            headers=tuple((name, value) for name, value in opened["headers"]),
            query=tuple((name, value) for name, value in opened["query"]),
        )

    async def _ask(self, key: _Key, member_id: MemberId) -> SealedCredential:
        return await self._bus.ask(
            IssueCredential(
                workspace_id=key.gpt_workspace_id,
                action_id=key.action_id,
                member_id=member_id,
                origin=key.origin,
                origin_set=key.origin_set,
                recipient=self._recipient.public_key,
                takes_sign_in=True,
                rejected=key.rejected,
            )
        )

    def _kept_seconds(self, key: _Key, revision: int, credential: Credential) -> float | None:
        if key.member_id is None and credential.revision != revision:
            return 0
        if key.rejected is not None and not credential.is_newer_than(key.rejected):
            return 0
        if credential.expires_at is None:
            return None
        return (credential.expires_at - self._clock()).total_seconds()


def _key(
    wanted: WantedCall, operation: CallableOperation, member_id: MemberId | None = None
) -> _Key:
    return _Key(
        wanted.gpt_workspace_id,
        wanted.principal.workspace_id,
        operation.tool.action_id,
        operation.target.origin,
        operation.tool.origin_set,
        member_id,
    )


def _tags(key: _Key) -> tuple[Hashable, ...]:
    if key.member_id is None:
        return (key.action_id,)
    return (key.action_id, (key.action_id, key.member_id))


def _size(_: _Key, credential: Credential) -> int:
    pairs = (*credential.headers, *credential.query)
    sizes = (200 + len(name) + len(value) for name, value in pairs)
    return CREDENTIAL_BYTES + sum(sizes) + credential.mask.size


def _size_described(_: _Key, described: CredentialDescription) -> int:
    return CREDENTIAL_BYTES + SLOT_BYTES * len(described.reserved)
