from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.oidc.attempt import callback_of
from identity_service.domain.oidc.sign_in_settings import (
    MAX_DOMAINS,
    SignInSettings,
)
from identity_service.usecases.check_provider import CheckedProvider
from identity_service.usecases.find_provider_sign_out import SIGNED_OUT
from identity_service.usecases.set_sign_in import WantedSignIn
from kit.sealing import Secret

BACK_CHANNEL_LOGOUT = "/v1/session/back-channel-logout"
Line = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Issuer = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1_000,
        pattern=r"^https?://[^?#\s]+$",
        description="Exactly as the provider's configuration writes it, such as "
        "`https://login.acme.com`.",
    ),
]
Domain = Annotated[str, Field(min_length=1, max_length=253)]


class SignInBody(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    issuer: Issuer
    client_id: Line = Field(description="What the provider calls this installation.")
    client_secret: SecretStr | None = Field(
        default=None,
        min_length=1,
        max_length=1_024,
        description="Never shown. Left out or null, the one that is set stays, while issuer and "
        "client stay the same; without any, this is a public client, which PKCE protects.",
    )
    domains: list[Domain] = Field(
        default_factory=list,
        max_length=MAX_DOMAINS,
        description="What stands behind the @ in your people's addresses. Whoever has a verified "
        "one becomes a member when they first sign in. The operator must have confirmed each.",
    )
    default_role: Role = Field(
        default=Role.USER, description="For new members to whom no group gives a role; not owner."
    )
    group_claim: Line | None = Field(
        default=None,
        description="The claim that holds a person's groups, such as `groups`. "
        "`PUT /v1/members/group-roles` says which role each gives: the highest is theirs from each "
        "sign-in on, the default role where none of them gives one, also of whoever got another "
        "role by hand. Where a sign-in lacks the claim, or it is no list of names, the role stays; "
        "a new member has the default role.",
    )
    enforced: bool = Field(
        default=False, description="Whether links and invitations let nobody in any more."
    )
    emergency_owner: MemberId | None = Field(
        default=None,
        max_length=100,
        description="The one owner who still signs in by a link, when the provider is down. "
        "Needed to enforce sign-on.",
    )

    @field_validator("default_role")
    @classmethod
    def _not_owner(cls, role: Role) -> Role:
        if role is Role.OWNER:
            raise ValueError("cannot be owner: map a group to that role instead")
        return role

    def wanted(self) -> WantedSignIn:
        secret = self.client_secret
        return WantedSignIn(
            issuer=self.issuer,
            client_id=self.client_id,
            client_secret=None if secret is None else Secret(secret.get_secret_value()),
            domains=self.domains,
            default_role=self.default_role,
            group_claim=self.group_claim,
            enforced=self.enforced,
            emergency_owner=self.emergency_owner,
        )


class AddressesView(BaseModel):
    """What to enter at the provider."""

    redirect_uri: str | None
    post_logout_redirect_uri: str | None
    backchannel_logout_uri: str | None
    sign_in_url: str | None = Field(description="Where your people begin, also from a portal.")

    @classmethod
    def of(cls, origin: str | None, workspace_id: WorkspaceId) -> "AddressesView":
        """All null where the installation does not know its own address."""
        if origin is None:
            return cls(
                redirect_uri=None,
                post_logout_redirect_uri=None,
                backchannel_logout_uri=None,
                sign_in_url=None,
            )
        return cls(
            redirect_uri=origin + callback_of(workspace_id),
            post_logout_redirect_uri=origin + SIGNED_OUT,
            backchannel_logout_uri=origin + BACK_CHANNEL_LOGOUT,
            sign_in_url=f"{origin}/v1/session/oidc?workspace={workspace_id}",
        )


class SignInView(BaseModel):
    issuer: str
    client_id: str
    has_client_secret: bool
    domains: list[str]
    unconfirmed_domains: list[str] = Field(
        description="Those of them that the operator took back: nobody becomes a member by them."
    )
    default_role: Role
    group_claim: str | None
    enforced: bool
    emergency_owner: str | None
    addresses: AddressesView

    @classmethod
    def of(
        cls, settings: SignInSettings, confirmed: Sequence[str], origin: str | None
    ) -> "SignInView":
        return cls(
            issuer=settings.issuer,
            client_id=settings.client_id,
            has_client_secret=settings.secret is not None,
            domains=list(settings.domains),
            unconfirmed_domains=sorted({*settings.domains}.difference(confirmed)),
            default_role=settings.default_role,
            group_claim=settings.group_claim,
            enforced=settings.enforced,
            emergency_owner=settings.emergency_owner,
            addresses=AddressesView.of(origin, settings.workspace_id),
        )


class IssuerBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    issuer: Issuer | None = Field(
        default=None, description="Which need not be set yet. Left out: the one that is set."
    )


class CheckedProviderView(BaseModel):
    """What the provider says of itself, now; all of it suits."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    algorithms: list[str] = Field(description="By which it may sign, of those that suit.")
    keys: int = Field(description="How many of its keys can check a signature.")
    notes: list[str] = Field(description="What works, though not as well as it might.")
    addresses: AddressesView

    @classmethod
    def of(cls, checked: CheckedProvider, addresses: AddressesView) -> "CheckedProviderView":
        provider = checked.provider
        return cls(
            issuer=provider.issuer,
            authorization_endpoint=provider.authorization_endpoint,
            token_endpoint=provider.token_endpoint,
            jwks_uri=provider.jwks_uri,
            userinfo_endpoint=provider.userinfo_endpoint,
            end_session_endpoint=provider.end_session_endpoint,
            algorithms=sorted(provider.algorithms),
            keys=checked.keys,
            notes=list(checked.notes),
            addresses=addresses,
        )


class DomainsBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    domains: list[Domain] = Field(
        max_length=MAX_DOMAINS, description="All that are this workspace's own; no others are."
    )


class DomainsView(BaseModel):
    domains: list[str]
