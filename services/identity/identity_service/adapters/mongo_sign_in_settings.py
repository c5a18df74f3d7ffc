from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.oidc.client_secret import FIELD
from identity_service.domain.oidc.sign_in_settings import (
    ConfirmedDomains,
    SignInSettings,
)
from kit.codec import Codec
from kit.documents import Collection, Overtaken, Stored
from kit.key_ring import Sealed
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever
from kit.sealed_records import SealedMember, SealedRecords

MAX_FOUND = 1_000
"""Workspaces of one issuer or of one domain."""
SECRET = FIELD


@dataclass(frozen=True, slots=True)
class SignInState:
    issuer: str
    client_id: str
    domains: tuple[str, ...] = ()
    default_role: Role = Role.USER
    group_claim: str | None = None
    enforced: bool = False
    emergency_owner: str | None = None
    secret: Sealed | None = None
    begun: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmedState:
    domains: tuple[str, ...] = field(default=())


SETTINGS = Codec(SignInState, as_json=True, without_none=True, replaced=(SECRET,))
CONFIRMED = Codec(ConfirmedState)


class MongoSignInSettings:
    """One document a workspace, under the workspace's own id. Secrets come here sealed already."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._settings = Collection(
            database=database,
            name="sign_in_settings",
            outbox=outbox,
            codec=SETTINGS,
            kept=Forever("at most one a workspace"),
            found_by=("issuer", "domains"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._settings,)

    @property
    def sealed(self) -> Sequence[SealedRecords]:
        """All that is encrypted here, for changing keys."""
        return (SealedMember(self._settings, SECRET),)

    async def find(self, workspace_id: WorkspaceId) -> SignInSettings | None:
        stored = await self._settings.within(workspace_id).find(workspace_id)
        return _settings_of(stored) if stored else None

    async def of_issuer(self, issuer: str) -> list[SignInSettings]:
        found = await self._settings.across_workspaces.all_by(MAX_FOUND, issuer=issuer)
        return [_settings_of(stored) for stored in found]

    async def of_domain(self, domain: str) -> list[SignInSettings]:
        found = await self._settings.across_workspaces.all_by(MAX_FOUND, domains=domain)
        return [_settings_of(stored) for stored in found]

    async def save(self, seen: SignInSettings | None, changed: SignInSettings) -> None:
        within = self._settings.within(changed.workspace_id)
        if seen is not None:
            await within.change(_version(seen), _state_of(changed), where=_kept(seen, changed))
            return
        try:
            await within.add(changed.workspace_id, _state_of(changed))
        except Taken:
            raise Overtaken from None

    async def remove(self, seen: SignInSettings) -> bool:
        return await self._settings.within(seen.workspace_id).delete_seen(_version(seen))


class MongoConfirmedDomains:
    """One document a workspace, under the workspace's own id."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._confirmed = Collection(
            database=database,
            name="confirmed_domains",
            outbox=outbox,
            codec=CONFIRMED,
            kept=Forever("at most one a workspace"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._confirmed,)

    async def find(self, workspace_id: WorkspaceId) -> ConfirmedDomains:
        stored = await self._confirmed.within(workspace_id).find(workspace_id)
        return ConfirmedDomains(workspace_id, stored.state.domains if stored else ())

    async def put(self, confirmed: ConfirmedDomains) -> None:
        within = self._confirmed.within(confirmed.workspace_id)
        await within.put(confirmed.workspace_id, ConfirmedState(confirmed.domains))


def _state_of(settings: SignInSettings) -> SignInState:
    return SignInState(
        issuer=settings.issuer,
        client_id=settings.client_id,
        domains=settings.domains,
        default_role=settings.default_role,
        group_claim=settings.group_claim,
        enforced=settings.enforced,
        emergency_owner=settings.emergency_owner,
        secret=settings.secret,
        begun=settings.begun,
    )


def _settings_of(stored: Stored[SignInState]) -> SignInSettings:
    state = stored.state
    owner = state.emergency_owner
    return SignInSettings(
        workspace_id=stored.workspace_id,
        issuer=state.issuer,
        client_id=state.client_id,
        domains=state.domains,
        default_role=state.default_role,
        group_claim=state.group_claim,
        enforced=state.enforced,
        emergency_owner=None if owner is None else MemberId(owner),
        secret=state.secret,
        begun=state.begun,
        revision=stored.revision,
    )


def _kept(seen: SignInSettings, changed: SignInSettings) -> dict[str, Any]:
    """A secret that stays must not have been sealed anew meanwhile (`kit.rewrap`)."""
    stays = seen.secret is not None and seen.secret == changed.secret
    return {f"{SECRET}.envelope": seen.secret.envelope} if stays and seen.secret else {}


def _version(seen: SignInSettings) -> Stored[Any]:
    return Stored(seen.workspace_id, seen.workspace_id, seen.revision, {})
