from dataclasses import dataclass

from identity_service.domain.errors import NoPublicAddress
from identity_service.domain.oidc.attempt import Attempt, ProviderAnswer, callback_of
from identity_service.domain.oidc.client_secret import from_storage, place_of
from identity_service.domain.oidc.errors import AttemptOver, IdTokenInvalid, NoKeys, ProviderRefused
from identity_service.domain.oidc.id_token import (
    TYPES,
    Expected,
    Person,
    check_id_token,
    lacks_profile,
    person_of,
    with_profile,
)
from identity_service.domain.oidc.provider import Provider, error_code
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.domain.oidc.signed_token import SignedToken, TokenRefused
from identity_service.ports import Clock, CodeExchange, Providers, Tokens
from identity_service.usecases.check_signature import CheckSignature
from kit.key_ring import KeyRing
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class VerifyPerson:
    """Whom the provider vouches for, at the end of an attempt that nobody else can use any more.

    The code is exchanged once. `IdTokenInvalid` says which check failed.
    """

    providers: Providers
    check_signature: CheckSignature
    keys: KeyRing | None
    clock: Clock
    origin: str | None

    async def __call__(
        self, settings: SignInSettings, attempt: Attempt, answer: ProviderAnswer
    ) -> Person:
        provider = await self.providers.discover(attempt.issuer)
        _refuse_another_issuer(provider, answer)
        if answer.error is not None:
            raise ProviderRefused(error_code(answer.error) or "error")
        if not answer.code:
            raise AttemptOver
        tokens = await self._exchanged(settings, attempt, provider, answer.code)
        try:
            token = SignedToken.parse(tokens.id_token, provider.algorithms, TYPES)
            claims = await self.check_signature(provider, token)
            expected = Expected(
                issuer=attempt.issuer,
                client_id=attempt.client_id,
                nonce=attempt.nonce,
                access_token=tokens.access_token,
                algorithm=token.algorithm,
            )
            check_id_token(claims, expected, self.clock())
            person = person_of(claims, settings.group_claim)
            return await self._with_profile(settings, provider, tokens, person)
        except TokenRefused as error:
            raise IdTokenInvalid(str(error)) from None

    async def _exchanged(
        self, settings: SignInSettings, attempt: Attempt, provider: Provider, code: str
    ) -> Tokens:
        if self.origin is None:
            raise NoPublicAddress
        exchange = CodeExchange(
            code=code,
            verifier=attempt.verifier,
            redirect_uri=self.origin + callback_of(attempt.workspace_id),
            client_id=attempt.client_id,
            client_secret=await self._secret(settings),
            pool_key=_pool_key(settings),
        )
        return await self.providers.exchange(provider, exchange)

    async def _secret(self, settings: SignInSettings) -> Secret[str] | None:
        if settings.secret is None:
            return None
        if self.keys is None:
            raise NoKeys
        opened = await self.keys.open(settings.secret, place_of(settings.workspace_id))
        return from_storage(opened, settings.issuer, settings.client_id)

    async def _with_profile(
        self, settings: SignInSettings, provider: Provider, tokens: Tokens, person: Person
    ) -> Person:
        """Many providers say address and groups at another endpoint only (Core 1.0, 5.3)."""
        if not lacks_profile(person, settings.group_claim) or provider.userinfo_endpoint is None:
            return person
        claims = await self.providers.userinfo(provider, tokens.access_token, _pool_key(settings))
        return with_profile(person, claims, settings.group_claim)


def _refuse_another_issuer(provider: Provider, answer: ProviderAnswer) -> None:
    """RFC 9207, 2.4: also before an error is believed."""
    if answer.issuer is None and not provider.names_issuer:
        return
    if answer.issuer != provider.issuer:
        raise IdTokenInvalid("it came from another issuer than this attempt was sent to (`iss`)")


def _pool_key(settings: SignInSettings) -> str:
    return f"{settings.workspace_id}/sign_in"
