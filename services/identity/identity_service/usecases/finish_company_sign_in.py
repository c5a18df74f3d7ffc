from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import WorkspaceId, new_id
from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.member import Member
from identity_service.domain.oidc.attempt import (
    LIVES_FOR,
    Attempt,
    Choice,
    FromBrowser,
    ProviderAnswer,
)
from identity_service.domain.oidc.client import is_same_client
from identity_service.domain.oidc.errors import AttemptOver, refused_by_company_of
from identity_service.domain.oidc.id_token import Person
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.domain.session import AtProvider
from identity_service.domain.workspace import Workspace
from identity_service.ports import (
    ChoiceStore,
    Clock,
    DrawText,
    IdentityStore,
    MemberStore,
    SignInSettingsStore,
    WorkspaceStore,
)
from identity_service.usecases.admit_person import AdmitPerson
from identity_service.usecases.end_attempt import EndAttempt
from identity_service.usecases.sign_in import SignIn
from identity_service.usecases.verify_person import VerifyPerson
from kit.caller import digest_of


@dataclass(frozen=True, slots=True)
class Offered:
    """One of several workspaces that a person may choose."""

    workspace: Workspace
    member: Member


@dataclass(frozen=True, slots=True)
class Finished:
    """Either a session's secret, or a choice between workspaces and the secret of its page."""

    return_to: str
    session: DrawnSecret | None = None
    choice: str = ""
    offers: Sequence[Offered] = ()


@dataclass(frozen=True, slots=True)
class FinishCompanySignIn:
    """End an attempt with the provider's answer: sign the person in, or let them choose where.

    `AttemptOver` unless it is this browser's, and nobody ended it before.
    """

    end_attempt: EndAttempt
    choices: ChoiceStore
    settings: SignInSettingsStore
    identities: IdentityStore
    members: MemberStore
    workspaces: WorkspaceStore
    verify_person: VerifyPerson
    admit_person: AdmitPerson
    sign_in: SignIn
    draw: DrawText
    clock: Clock

    async def __call__(self, answer: ProviderAnswer, browser: FromBrowser) -> Finished:
        attempt = await self.end_attempt(answer, browser)
        settings = await self.end_attempt.settings_of(attempt)
        with refused_by_company_of(attempt.workspace_id):
            person = await self.verify_person(settings, attempt, answer)
        if attempt.chooses:
            offers = await self._offers(settings, person)
            if len(offers) > 1:
                return await self._let_choose(attempt, person, offers, browser)
            if offers:
                settings = await self._settings(offers[0].workspace.id, settings)
        return Finished(attempt.return_to, await self.signed_in(settings, person, browser))

    async def signed_in(
        self, settings: SignInSettings, person: Person, browser: FromBrowser
    ) -> DrawnSecret:
        with refused_by_company_of(settings.workspace_id):
            member = await self.admit_person(settings, person)
        began = AtProvider(person.issuer, settings.client_id, person.subject, person.sid)
        _, drawn = await self.sign_in(member, browser.name, browser.session_digest, began)
        return drawn

    async def _settings(self, workspace_id: WorkspaceId, client: SignInSettings) -> SignInSettings:
        settings = await self.settings.find(workspace_id)
        if settings is None or not is_same_client(settings, client):
            raise AttemptOver
        return settings

    async def _offers(self, client: SignInSettings, person: Person) -> list[Offered]:
        """Where this account is bound to a member, of workspaces that have the same application at
        the same provider: for others nobody vouched.
        """
        offers = []
        for identity in await self.identities.everywhere(person.issuer, person.subject):
            settings = await self.settings.find(identity.workspace_id)
            if settings is None or not is_same_client(settings, client):
                continue
            workspace = await self.workspaces.find(identity.workspace_id)
            member = await self.members.find(identity.workspace_id, identity.member_id)
            if workspace is not None and member is not None and member.active:
                offers.append(Offered(workspace, member))
        return offers

    async def _let_choose(
        self, attempt: Attempt, person: Person, offers: Sequence[Offered], browser: FromBrowser
    ) -> Finished:
        secret = self.draw()
        choice = Choice(
            id=new_id("cho"),
            digest=digest_of(secret),
            browser_digest=browser.digest,
            workspaces=[each.workspace.id for each in offers],
            person=person,
            client_id=attempt.client_id,
            return_to=attempt.return_to,
            expires_at=self.clock() + LIVES_FOR,
        )
        await self.choices.add(choice)
        return Finished(attempt.return_to, choice=secret, offers=offers)
