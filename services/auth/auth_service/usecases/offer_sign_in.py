from dataclasses import dataclass

from auth_service.ports import Named, Names
from auth_service.usecases.find_sign_in import FindSignIn, MemberSignIn
from contracts.ids import ActionId
from contracts.origin import host_of
from contracts.principal import Principal
from egress.server_url import canonical_origin


@dataclass(frozen=True, slots=True)
class OfferedSignIn:
    """What somebody is asked before they are sent to a provider, or enter a key."""

    found: MemberSignIn
    names: Named

    @property
    def gpt(self) -> str:
        """Its name, or its id where that is not known."""
        return self.found.hosts.gpt_name or self.found.hosts.gpt_id

    @property
    def provider(self) -> str:
        """The host that asks them to sign in; empty for keys."""
        client = self.found.client
        return host_of(canonical_origin(client.authorization_url)) if client else ""


@dataclass(frozen=True, slots=True)
class OfferSignIn:
    """Who signs in to what, for the page that asks first. Raises as `FindSignIn` does."""

    find: FindSignIn
    names: Names

    async def __call__(self, principal: Principal, action_id: ActionId) -> OfferedSignIn:
        found = await self.find(principal, action_id)
        named = await self.names.of(principal.workspace_id, principal.member_id)
        return OfferedSignIn(found, named)
