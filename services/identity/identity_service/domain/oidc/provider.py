"""What a provider says of itself (OpenID Connect Discovery 1.0, 3; RFC 8414)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from identity_service.domain.oidc.errors import ProviderUnsuitable
from kit.oauth.client_authentication import ClientAuthentication
from kit.oauth.pkce import S256

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""By which tokens may be signed. Neither `none` nor a shared secret is ever among them."""
MAX_CHARACTERS = 2_048
MAX_CODE_CHARACTERS = 60
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Provider:
    """Addresses are as the provider wrote them; whether they may be called, the way out says."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    algorithms: frozenset[str]
    """Those of `ALGORITHMS` that it signs with."""
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    authentications: frozenset[str] = frozenset({ClientAuthentication.BASIC})
    """How clients prove who they are at the token endpoint."""
    names_issuer: bool = False
    """Whether it says in each answer who it is (RFC 9207)."""
    says_s256: bool = False

    @classmethod
    def of(cls, document: Mapping[str, Any], issuer: str) -> "Provider":
        """`ProviderUnsuitable` where nobody could sign in with it safely."""
        if document.get("issuer") != issuer:
            raise ProviderUnsuitable(
                f"the provider calls itself {_shown(document.get('issuer'))}.",
                hint="Enter that as the issuer, if it is the provider that you mean: they must "
                "be the same in every character, also where a slash ends them.",
            )
        addresses = {name: _address(document, name) for name in _ENDPOINTS}
        if absent := [name for name, address in addresses.items() if address is None]:
            raise ProviderUnsuitable(f"its configuration has no {' and no '.join(absent)}.")
        _refuse_unless(document, "response_types_supported", "code", "the code flow")
        _refuse_unless(document, "code_challenge_methods_supported", S256, "PKCE with S256")
        return cls(
            issuer=issuer,
            authorization_endpoint=addresses["authorization_endpoint"] or "",
            token_endpoint=addresses["token_endpoint"] or "",
            jwks_uri=addresses["jwks_uri"] or "",
            algorithms=_algorithms(document),
            userinfo_endpoint=_address(document, "userinfo_endpoint"),
            end_session_endpoint=_address(document, "end_session_endpoint"),
            authentications=_texts(document, "token_endpoint_auth_methods_supported")
            or frozenset({ClientAuthentication.BASIC}),
            names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
            says_s256="code_challenge_methods_supported" in document,
        )

    @property
    def addresses(self) -> Mapping[str, str]:
        """All that are called or opened, by the names of its configuration."""
        found = {
            **{name: getattr(self, name) for name in _ENDPOINTS},
            "userinfo_endpoint": self.userinfo_endpoint,
            "end_session_endpoint": self.end_session_endpoint,
        }
        return {name: address for name, address in found.items() if address is not None}

    @property
    def authentication(self) -> ClientAuthentication:
        """How a client with a secret proves who it is: in the header where the provider does not
        say that it reads the body alone.
        """
        only_body = ClientAuthentication.BASIC not in self.authentications
        reads_body = ClientAuthentication.POST in self.authentications
        return ClientAuthentication.POST if only_body and reads_body else ClientAuthentication.BASIC


def configuration_address(issuer: str) -> str:
    """Where a provider's configuration is (Discovery 1.0, 4)."""
    return issuer.rstrip("/") + WELL_KNOWN


def _algorithms(document: Mapping[str, Any]) -> frozenset[str]:
    """Every provider must name RS256 (Discovery 1.0, 3), so one that names none has that."""
    named = _texts(document, "id_token_signing_alg_values_supported") or frozenset({"RS256"})
    usable = named & frozenset(ALGORITHMS)
    if not usable:
        raise ProviderUnsuitable(
            "it signs ID tokens by none of " + ", ".join(ALGORITHMS) + ".",
            hint="Set one of these for this application in the provider's own settings.",
        )
    return usable


def _refuse_unless(document: Mapping[str, Any], name: str, wanted: str, meaning: str) -> None:
    if name in document and wanted not in _texts(document, name):
        raise ProviderUnsuitable(
            f"it does not support {meaning} (`{name}`).",
            hint="Choose a provider, or a kind of application there, that does.",
        )


def _texts(document: Mapping[str, Any], name: str) -> frozenset[str]:
    values = document.get(name)
    if not isinstance(values, list):
        return frozenset()
    return frozenset(value for value in values if isinstance(value, str))


def _address(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= MAX_CHARACTERS else None


def _shown(issuer: object) -> str:
    return f"`{issuer[:300]}`" if isinstance(issuer, str) else "nothing at all"


def error_code(unverified: object) -> str:
    """A code of a refusal (RFC 6749, 4.1.2.1) as it can be shown; empty where it is none."""
    if not isinstance(unverified, str) or len(unverified) > MAX_CODE_CHARACTERS:
        return ""
    return unverified if unverified.replace("_", "").isalnum() and unverified.isascii() else ""
