from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.domain.email_address import known_email
from identity_service.domain.oidc.email_domain import domain_of
from identity_service.domain.oidc.errors import NoCompanySignIn
from identity_service.ports import ConfirmedDomainStore, SignInSettingsStore


@dataclass(frozen=True, slots=True)
class FindCompanySignIn:
    """The workspace by whose sign-in people with an address of this domain come in.

    Only the domain is looked at, so nobody learns whether there is such a person.
    """

    settings: SignInSettingsStore
    confirmed: ConfirmedDomainStore

    async def __call__(self, email: str) -> WorkspaceId:
        address = known_email(email)
        if address is None:
            raise NoCompanySignIn
        domain = domain_of(address)
        for settings in await self.settings.of_domain(domain):
            confirmed = await self.confirmed.find(settings.workspace_id)
            if domain in confirmed.domains:
                return settings.workspace_id
        raise NoCompanySignIn
