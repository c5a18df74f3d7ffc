from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.domain.oidc.errors import NoCompanySignIn, ProviderUnsuitable
from identity_service.domain.oidc.provider import Provider
from identity_service.ports import Providers, Questions, SignInSettingsStore


@dataclass(frozen=True, slots=True)
class CheckedProvider:
    provider: Provider
    keys: int
    """How many of its keys can check a signature here."""
    notes: Sequence[str]
    """Sentences about what works, though not as well as it might."""


@dataclass(frozen=True, slots=True)
class CheckProvider:
    """Ask an issuer what it says of itself, now: that of the settings where none is named.

    Refusals say what is wrong with it.
    """

    settings: SignInSettingsStore
    providers: Providers
    questions: Questions

    async def __call__(self, workspace_id: WorkspaceId, issuer: str | None) -> CheckedProvider:
        async with self.questions.of(workspace_id):
            return await self._checked(workspace_id, issuer)

    async def _checked(self, workspace_id: WorkspaceId, issuer: str | None) -> CheckedProvider:
        settings = await self.settings.find(workspace_id)
        if issuer is None and settings is None:
            raise NoCompanySignIn
        wanted = issuer or (settings.issuer if settings else "")
        provider = await self.providers.discover(wanted, anew=True)
        keys = await self.providers.keys(provider, anew=True)
        if not keys:
            raise ProviderUnsuitable(
                f"{provider.jwks_uri} has no key that could check a signature.",
                hint="It needs an RSA key of 2,048 to 8,192 bits, or one for P-256 or Ed25519.",
            )
        return CheckedProvider(provider, len(keys), _notes(provider))


def _notes(provider: Provider) -> list[str]:
    notes = []
    if not provider.says_s256:
        notes.append(
            "It does not say that it checks PKCE with S256 (`code_challenge_methods_supported`). "
            "It is sent all the same; look into the provider's manual."
        )
    if not provider.names_issuer:
        notes.append(
            "It does not name itself in its answers (RFC 9207). That is safe while each of your "
            "issuers has endpoints of its own."
        )
    if provider.end_session_endpoint is None:
        notes.append("It has no `end_session_endpoint`: signing out here does not sign out there.")
    return notes
