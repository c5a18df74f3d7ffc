"""What signing in with a company's account is made of: its stores, and its use cases."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import SecretStr

from egress import Egress
from identity_service import ports
from identity_service.adapters.bounded_questions import BoundedQuestions
from identity_service.adapters.egress_providers import EgressProviders
from identity_service.adapters.mongo_attempts import (
    MongoChoices,
    MongoEarlierAttempts,
    MongoEndedAttempts,
)
from identity_service.adapters.mongo_identities import MongoIdentities
from identity_service.adapters.mongo_logout_tokens import MongoLogoutTokens
from identity_service.adapters.mongo_sign_in_settings import (
    MongoConfirmedDomains,
    MongoSignInSettings,
)
from identity_service.adapters.random_secret import draw_text
from identity_service.adapters.sealed_attempts import SealedAttempts
from identity_service.ports import GroupRolesStore
from identity_service.usecases.admit_person import AdmitPerson
from identity_service.usecases.begin_company_sign_in import BeginCompanySignIn
from identity_service.usecases.check_provider import CheckProvider
from identity_service.usecases.check_signature import CheckSignature
from identity_service.usecases.choose_workspace import ChooseWorkspace
from identity_service.usecases.confirm_domains import ConfirmDomains
from identity_service.usecases.end_attempt import EndAttempt
from identity_service.usecases.end_provider_sessions import EndProviderSessions
from identity_service.usecases.end_unwanted_sessions import EndUnwantedSessions
from identity_service.usecases.find_company_sign_in import FindCompanySignIn
from identity_service.usecases.find_provider_sign_out import FindProviderSignOut
from identity_service.usecases.finish_company_sign_in import FinishCompanySignIn
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.offer_company_sign_in import OfferCompanySignIn
from identity_service.usecases.remove_sign_in import RemoveSignIn
from identity_service.usecases.set_sign_in import SetSignIn
from identity_service.usecases.sign_in import SignIn
from identity_service.usecases.verify_person import VerifyPerson
from kit.documents import Repository
from kit.key_ring import KeyRing
from kit.mongo import Database
from kit.outbox import Outbox
from kit.service_keys import ServiceKeys


class CompanyStores(NamedTuple):
    settings: MongoSignInSettings
    confirmed: MongoConfirmedDomains
    identities: MongoIdentities
    ended_attempts: MongoEndedAttempts
    earlier_attempts: MongoEarlierAttempts
    choices: MongoChoices
    logout_tokens: MongoLogoutTokens


def company_stores(database: Database, outbox: Outbox) -> CompanyStores:
    return CompanyStores(
        MongoSignInSettings(database, outbox),
        MongoConfirmedDomains(database, outbox),
        MongoIdentities(database, outbox),
        MongoEndedAttempts(database, outbox),
        MongoEarlierAttempts(database, outbox),
        MongoChoices(database, outbox),
        MongoLogoutTokens(database, outbox),
    )


class Outside(NamedTuple):
    """What lies beyond identity's own stores."""

    providers: EgressProviders
    keys: KeyRing | None
    seal: SealedAttempts
    origin: str | None
    """Of the installation's pages; None where it does not know its address."""

    sealing: ServiceKeys | None = None
    """What `keys` is a part of."""

    @classmethod
    def of(
        cls,
        egress: Egress,
        public_url: str,
        keys: SecretStr | None,
        sealing: ServiceKeys | None,
    ) -> "Outside":
        """`keys` are the service's setting, of which `sealing` is made; both or neither."""
        ring, seal = sealing.ring if sealing else None, SealedAttempts.of(keys)
        return cls(EgressProviders(egress), ring, seal, public_url or None, sealing)

    @property
    def repositories(self) -> Sequence[Repository]:
        return (self.sealing.store,) if self.sealing else ()

    async def start(self) -> None:
        if self.sealing:
            await self.sealing.start()

    async def close(self) -> None:
        if self.sealing:
            await self.sealing.close()


class Company(NamedTuple):
    stores: CompanyStores
    outside: Outside


class Inside(NamedTuple):
    """What identity has for other purposes, too."""

    workspaces: ports.WorkspaceStore
    members: ports.MemberStore
    tokens: ports.TokenStore
    sessions: ports.SessionStore
    group_roles: GroupRolesStore
    sign_in: SignIn
    keep_an_owner: KeepAnOwner
    max_members: int
    now: ports.Clock


def company_sign_in(company: Company, inside: Inside) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    kept, outside = company
    settings, providers = kept.settings, outside.providers
    check_signature = CheckSignature(providers)
    verify = VerifyPerson(providers, check_signature, outside.keys, inside.now, outside.origin)
    admit = AdmitPerson(
        inside.members,
        kept.identities,
        kept.confirmed,
        inside.group_roles,
        inside.keep_an_owner,
        inside.sign_in.enforce_sign_on.notes,
        inside.max_members,
    )
    seal = outside.seal
    end = EndAttempt(seal, kept.ended_attempts, settings, inside.now)
    finish = FinishCompanySignIn(
        end,
        kept.choices,
        settings,
        kept.identities,
        inside.members,
        inside.workspaces,
        verify,
        admit,
        inside.sign_in,
        draw_text,
        inside.now,
    )
    return {
        "begin_company_sign_in": BeginCompanySignIn(
            settings, providers, seal, draw_text, inside.now, outside.origin
        ),
        "offer_company_sign_in": OfferCompanySignIn(
            inside.workspaces, settings, inside.sessions, inside.now
        ),
        "check_signature": check_signature,
        "verify_person": verify,
        "admit_person": admit,
        "end_attempt": end,
        "finish_company_sign_in": finish,
        "choose_workspace": ChooseWorkspace(kept.choices, settings, finish, inside.now),
        **_settings(kept, outside, inside),
        **_signing_out(kept, outside, inside, check_signature),
    }


def _settings(kept: CompanyStores, outside: Outside, inside: Inside) -> dict[str, Any]:
    settings, confirmed, sign_in = kept.settings, kept.confirmed, inside.sign_in
    enforce, end_session = sign_in.enforce_sign_on, sign_in.end_session
    end_unwanted = EndUnwantedSessions(inside.sessions, settings, enforce, end_session)
    questions = BoundedQuestions()
    return {
        "sign_in_settings": settings,
        "confirmed_domains": confirmed,
        "enforce_sign_on": enforce,
        "end_unwanted_sessions": end_unwanted,
        "set_sign_in": SetSignIn(
            settings,
            confirmed,
            inside.members,
            inside.tokens,
            outside.providers,
            outside.keys,
            end_unwanted,
            inside.now,
            questions,
        ),
        "remove_sign_in": RemoveSignIn(settings, end_unwanted),
        "check_provider": CheckProvider(settings, outside.providers, questions),
        "confirm_domains": ConfirmDomains(inside.workspaces, confirmed),
        "find_company_sign_in": FindCompanySignIn(settings, confirmed),
    }


def _signing_out(
    kept: CompanyStores, outside: Outside, inside: Inside, check_signature: CheckSignature
) -> dict[str, Any]:
    providers, settings = outside.providers, kept.settings
    return {
        "find_provider_sign_out": FindProviderSignOut(settings, providers, outside.origin),
        "end_provider_sessions": EndProviderSessions(
            providers,
            check_signature,
            settings,
            inside.sessions,
            kept.logout_tokens,
            inside.sign_in.end_session,
            inside.now,
        ),
    }
