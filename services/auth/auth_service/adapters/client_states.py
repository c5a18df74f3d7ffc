"""How the settings of an OAuth client are stored. The secret stands beside them, where a change of
keys finds it.
"""

from dataclasses import dataclass

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.oauth.profile import BodyFormat, TokenExchangeMethod
from auth_service.domain.oauth.profiles import PROFILES
from auth_service.domain.secret_reference import SecretReference, SecretStoreName
from auth_service.domain.sign_in import SignIn
from kit.key_ring import Sealed


@dataclass(frozen=True, slots=True)
class SealedState:
    key_id: str
    envelope: str


@dataclass(frozen=True, slots=True)
class ReferenceState:
    store: str
    name: str
    key: str = ""
    part: str = ""
    """Of an API key: which part of it."""


@dataclass(frozen=True, slots=True)
class ParameterState:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ClientState:
    preset: str
    client_id: str
    token_url: str
    exchange: str
    body: str
    is_raw: bool
    uses_pkce: bool
    authorization_url: str = ""
    refresh_url: str = ""
    revocation_url: str = ""
    scopes: tuple[str, ...] = ()
    scope_separator: str = " "
    authorization_parameters: tuple[ParameterState, ...] = ()
    token_parameters: tuple[ParameterState, ...] = ()
    secret_reference: ReferenceState | None = None


def is_known_client(state: ClientState) -> bool:
    """Whether this release has all that the settings name."""
    return (
        state.preset in PROFILES
        and state.exchange in frozenset(TokenExchangeMethod)
        and state.body in frozenset(BodyFormat)
        and (state.secret_reference is None or is_known_reference(state.secret_reference))
    )


def read_client(sign_in: SignIn, state: ClientState, secret: SealedState | None) -> ClientSettings:
    return ClientSettings(
        sign_in,
        state.preset,
        state.client_id,
        state.token_url,
        state.authorization_url,
        state.refresh_url,
        state.revocation_url,
        state.scopes,
        state.scope_separator,
        TokenExchangeMethod(state.exchange),
        state.is_raw,
        BodyFormat(state.body),
        state.uses_pkce,
        tuple((each.name, each.value) for each in state.authorization_parameters),
        tuple((each.name, each.value) for each in state.token_parameters),
        read_seal(secret),
        read_reference(state.secret_reference) if state.secret_reference else None,
    )


def written_client(client: ClientSettings) -> ClientState:
    reference = client.secret_reference
    return ClientState(
        client.preset,
        client.client_id,
        client.token_url,
        client.exchange.value,
        client.body.value,
        client.is_raw,
        client.uses_pkce,
        client.authorization_url,
        client.refresh_url,
        client.revocation_url,
        client.scopes,
        client.scope_separator,
        tuple(ParameterState(*each) for each in client.authorization_parameters),
        tuple(ParameterState(*each) for each in client.token_parameters),
        written_reference(reference) if reference else None,
    )


def is_known_reference(state: ReferenceState) -> bool:
    """A later release may have other stores."""
    return state.store in frozenset(SecretStoreName)


def read_reference(state: ReferenceState) -> SecretReference:
    return SecretReference(SecretStoreName(state.store), state.name, state.key)


def written_reference(reference: SecretReference, part: str = "") -> ReferenceState:
    return ReferenceState(reference.store.value, reference.name, reference.key, part)


def read_seal(state: SealedState | None) -> Sealed | None:
    return None if state is None else Sealed(state.key_id, state.envelope)


def written_seal(sealed: Sealed | None) -> SealedState | None:
    return None if sealed is None else SealedState(sealed.key_id, sealed.envelope)
