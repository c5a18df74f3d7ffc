from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from contracts.ids import MemberId, WorkspaceId
from contracts.principal import Principal
from contracts.requests import Role
from identity_service.domain.api_token import LASTS_FOR
from identity_service.domain.member import MemberKind
from identity_service.domain.oidc.client import is_same_client
from identity_service.domain.oidc.client_secret import for_storage, place_of
from identity_service.domain.oidc.email_domain import email_domain
from identity_service.domain.oidc.errors import DomainNotVerified, EmergencyOwnerUnfit, NoKeys
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.domain.whole_role import demand_whole_role
from identity_service.ports import (
    Clock,
    ConfirmedDomainStore,
    MemberStore,
    Providers,
    Questions,
    SignInSettingsStore,
    TokenStore,
)
from identity_service.usecases.end_unwanted_sessions import EndUnwantedSessions
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile
from kit.key_ring import KeyRing, Sealed
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class WantedSignIn:
    issuer: str
    client_id: str
    client_secret: Secret[str] | None = field(default=None, repr=False)
    """None keeps the secret that is there for this very issuer and client."""
    domains: Sequence[str] = ()
    default_role: Role = Role.USER
    group_claim: str | None = None
    enforced: bool = False
    emergency_owner: MemberId | None = None


@dataclass(frozen=True, slots=True)
class SetSignIn:
    """Say how a workspace's people sign in. An issuer that is new here must answer, and suit.

    Sessions that could not begin so any more are ended; it succeeds once that is in force. Whom the
    issuer vouches for signs in, owners too, so the caller's own token must allow what owners may.
    """

    settings: SignInSettingsStore
    confirmed: ConfirmedDomainStore
    members: MemberStore
    tokens: TokenStore
    providers: Providers
    keys: KeyRing | None
    end_unwanted_sessions: EndUnwantedSessions
    clock: Clock
    questions: Questions

    async def __call__(
        self, caller: Principal, wanted: WantedSignIn, expected_revision: int | None
    ) -> SignInSettings:
        demand_whole_role(caller, Role.OWNER)
        await self._ask(caller.workspace_id, wanted, expected_revision)
        changed = await self._set(caller.workspace_id, wanted, expected_revision)
        await self.end_unwanted_sessions(caller.workspace_id)
        return changed

    async def _ask(
        self, workspace_id: WorkspaceId, wanted: WantedSignIn, expected_revision: int | None
    ) -> None:
        """Once, however often the settings are written after: an issuer may take its time. What is
        refused anyway is so before.
        """
        seen = await self.settings.find(workspace_id)
        changed = await self._follows(seen, workspace_id, wanted, expected_revision)
        if seen is None or seen.issuer != changed.issuer:
            async with self.questions.of(workspace_id):
                await self.providers.discover(changed.issuer, anew=True)

    @repeats_on_contention
    async def _set(
        self, workspace_id: WorkspaceId, wanted: WantedSignIn, expected_revision: int | None
    ) -> SignInSettings:
        seen = await self.settings.find(workspace_id)
        changed = await self._follows(seen, workspace_id, wanted, expected_revision)
        changed = replace(changed, secret=await self._secret(seen, changed, wanted.client_secret))
        await self.settings.save(seen, changed)
        return changed

    async def _follows(
        self,
        seen: SignInSettings | None,
        workspace_id: WorkspaceId,
        wanted: WantedSignIn,
        expected_revision: int | None,
    ) -> SignInSettings:
        """Without the secret."""
        if expected_revision not in (None, seen and seen.version):
            raise ChangedMeanwhile
        domains = await self._confirmed_ones(workspace_id, wanted.domains)
        if wanted.enforced:
            await self._demand_a_way_in(workspace_id, wanted.emergency_owner)
        return SignInSettings(
            workspace_id=workspace_id,
            issuer=wanted.issuer,
            client_id=wanted.client_id,
            domains=domains,
            default_role=wanted.default_role,
            group_claim=wanted.group_claim,
            enforced=wanted.enforced,
            emergency_owner=wanted.emergency_owner,
        ).follows(seen, self.clock())

    async def _confirmed_ones(
        self, workspace_id: WorkspaceId, wanted: Sequence[str]
    ) -> tuple[str, ...]:
        domains = {email_domain(each) for each in wanted}
        confirmed = await self.confirmed.find(workspace_id)
        if foreign := domains.difference(confirmed.domains):
            raise DomainNotVerified(foreign)
        return tuple(sorted(domains))

    async def _demand_a_way_in(self, workspace_id: WorkspaceId, named: MemberId | None) -> None:
        member = await self.members.find(workspace_id, named) if named else None
        if member is None or member.kind is not MemberKind.PERSON or not member.active:
            raise EmergencyOwnerUnfit
        lasts = self.clock() + LASTS_FOR
        tokens = await self.tokens.of_member(workspace_id, member.id)
        lets_in = any(each.lets_owner_in(lasts) for each in tokens)
        if member.role is not Role.OWNER or not lets_in:
            raise EmergencyOwnerUnfit

    async def _secret(
        self, seen: SignInSettings | None, changed: SignInSettings, entered: Secret[str] | None
    ) -> Sealed | None:
        if entered is None:
            return seen.secret if seen is not None and is_same_client(seen, changed) else None
        if self.keys is None:
            raise NoKeys
        stored = for_storage(entered.reveal(), changed.issuer, changed.client_id)
        place = place_of(changed.workspace_id)
        return await self.keys.seal(stored, place)
