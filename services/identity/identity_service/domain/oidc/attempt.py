"""One attempt to sign in with a company's account, from its begin to the provider's answer.

The attempt itself is the `state` that the provider gives back, sealed by a secret which that
browser alone has, in a short-lived cookie. So beginning one stores nothing, and however many
somebody else begins, each goes on; which ones ended is remembered. The provider sees that state, a
nonce and the hash of the verifier (RFC 7636).
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.ids import WorkspaceId
from identity_service.domain.oidc.id_token import Person
from identity_service.domain.oidc.provider import Provider
from kit.oauth.endpoint import with_query
from kit.oauth.pkce import challenge_parameters

LIVES_FOR = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(minutes=1)
"""Replicas', at most."""
MAX_RETURN_TO = 1_000
"""Characters: the way back is in the state, and addresses have an end."""
RANDOM_BYTES = 32
SCOPES = "openid email profile"
EARLIER_CALLBACK = "/v1/session/oidc/callback"
"""One for all workspaces: where no attempt ends any more."""


def callback_of(workspace_id: WorkspaceId) -> str:
    """The path of a workspace's own redirect URI. An answer that a hostile issuer had sent to
    another one's is known by it (RFC 9700, 4.4.2.2), for a provider sends answers to what is
    registered with it alone.
    """
    return f"{EARLIER_CALLBACK}/{workspace_id}"


@dataclass(frozen=True, slots=True)
class Attempt:
    id: str
    workspace_id: WorkspaceId
    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    return_to: str
    chooses: bool
    """Whether the person may end in another workspace than this one: nobody named one."""
    created_at: datetime

    @property
    def expires_at(self) -> datetime:
        return self.created_at + LIVES_FOR

    def live(self, now: datetime) -> bool:
        return self.created_at - CLOCKS_DIFFER <= now < self.expires_at

    def address(self, provider: Provider, state: str, redirect_uri: str) -> str:
        """Where the browser is sent (OpenID Connect Core 1.0, 3.1.2.1)."""
        parameters = {
            "response_type": "code",
            "scope": SCOPES,
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "nonce": self.nonce,
            **challenge_parameters(self.verifier),
        }
        return with_query(provider.authorization_endpoint, parameters)


@dataclass(frozen=True, slots=True)
class Choice:
    """A person who was verified, and may work in several workspaces: which is open."""

    id: str
    digest: str
    """SHA-256 (hex) of a secret that the choice's own page has."""
    browser_digest: str
    workspaces: Sequence[WorkspaceId]
    person: Person
    client_id: str
    """With which they were verified."""
    return_to: str
    expires_at: datetime

    @property
    def issuer(self) -> str:
        return self.person.issuer

    def is_open(self, browser_digest: str, now: datetime) -> bool:
        same = hmac.compare_digest(self.browser_digest, browser_digest)
        return same and now < self.expires_at


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the browser brings back (Core 1.0, 3.1.2.5 and 3.1.2.6; RFC 9207), unchecked."""

    state: str
    came_to: WorkspaceId
    """Whose redirect URI it was sent to."""
    code: str | None = None
    issuer: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class FromBrowser:
    """Who asks, as far as a browser shows it."""

    name: str
    """Such as `Firefox on Linux`."""
    secret: str = field(repr=False)
    """In the cookie of its attempts."""
    session_digest: str | None = None
    """Of the session that it has now."""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of its secret."""
        return hashlib.sha256(self.secret.encode()).hexdigest()
