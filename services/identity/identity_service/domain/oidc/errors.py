from collections.abc import Collection, Iterator
from contextlib import contextmanager

from contracts.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from contracts.ids import WorkspaceId
from kit.errors import BadRequest

LOOK_AT_PROVIDER = (
    "Check the issuer, and whether the provider is up and can be reached from here; then try again."
)
PUBLIC_ISSUER = (
    "Use an issuer on the public internet. One in your own network works once whoever operates "
    "this installation allows its exact origin (EGRESS_ALLOWED_ORIGINS)."
)
ASK_OWNER = "An owner of the workspace looks at POST /v1/workspace/sign-in/test, which says more."


class NoCompanySignIn(NotFound):
    code = "identity.no_company_sign_in"

    def __init__(self) -> None:
        super().__init__(
            "People do not sign in with a company's account here.",
            hint="Check the e-mail address. An owner of the workspace sets it up: PUT "
            "/v1/workspace/sign-in.",
        )


class AttemptOver(Denied):
    """The same words for a state that never was, was used, is too old, or is another browser's."""

    code = "identity.attempt_over"

    def __init__(self) -> None:
        super().__init__(
            "This sign-in was not begun in this browser, or is over: each lasts ten minutes and "
            "ends once.",
            hint="Begin again, in this browser: /v1/session/sign-in.",
        )


class CompanyRefused(Denied):
    """A person came with an account that does not let them in; another one may."""

    workspace_id: WorkspaceId | None = None
    """By whose sign-in; None until that is known."""


@contextmanager
def refused_by_company_of(workspace_id: WorkspaceId) -> Iterator[None]:
    """Whatever refuses a person within came by this workspace's sign-in."""
    try:
        yield
    except CompanyRefused as refusal:
        refusal.workspace_id = workspace_id
        raise


class ProviderRefused(CompanyRefused):
    code = "identity.provider_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Your company's sign-in refused: `{reason}`.",
            hint="Try again. If this goes on, whoever manages your company's accounts looks at "
            "what its sign-in noted about this application.",
        )


class ProviderUnreachable(Unavailable):
    code = "identity.provider_unreachable"

    def __init__(self, what: str, *, hint: str = "") -> None:
        self._what, self._own_hint = what, hint
        super().__init__(
            f"Your company's sign-in did not answer as it should: {what}",
            hint=hint or "Try again in a minute. " + ASK_OWNER,
        )

    def for_owner(self) -> "ProviderUnreachable":
        """To whoever sets or tests it: nothing else says more."""
        return ProviderUnreachable(self._what, hint=self._own_hint or LOOK_AT_PROVIDER)


class ProviderUnsuitable(Invalid):
    code = "identity.provider_unsuitable"

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(
            f"Nobody can sign in with this issuer: {what}",
            hint=hint or "Enter the issuer exactly as the provider's own settings show it.",
        )


class IdTokenInvalid(Denied):
    """`why` says which check failed, for whoever looks after the company's sign-in."""

    code = "identity.id_token_invalid"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The answer of your company's sign-in was not accepted: {why}.",
            hint="Try again. If this goes on, tell an owner of the workspace what this page says.",
        )


class LogoutTokenInvalid(BadRequest):
    """400, as Back-Channel Logout 1.0, 2.8 wants it."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This logout token was not accepted: {why}.",
            hint="Send the logout token of OpenID Connect Back-Channel Logout 1.0, 2.4, once.",
        )


class NotAdmitted(CompanyRefused):
    code = "identity.not_admitted"

    def __init__(self, why: str, *, hint: str) -> None:
        super().__init__(f"You cannot sign in to this workspace: {why}.", hint=hint)


class SignOnEnforced(Denied):
    code = "identity.sign_on_enforced"

    def __init__(self, workspace_id: WorkspaceId) -> None:
        self.workspace_id = workspace_id
        super().__init__(
            "In this workspace people sign in with their company's account only.",
            hint=f"Sign in with it: GET /v1/session/oidc?workspace={workspace_id}. Links and "
            "invitations let nobody in but the one owner whom the workspace keeps for emergencies.",
        )


class LinkWouldNotSignIn(Conflict):
    code = "identity.link_would_not_sign_in"

    def __init__(self, workspace_id: WorkspaceId) -> None:
        super().__init__(
            "A link would not let this member in: in this workspace people sign in with their "
            "company's account only.",
            hint=f"Send them to /v1/session/oidc?workspace={workspace_id} of this installation. "
            "Links are for the one owner whom the workspace keeps for emergencies "
            "(`emergency_owner`).",
        )


class DomainNotVerified(Invalid):
    code = "identity.domain_not_verified"

    def __init__(self, domains: Collection[str]) -> None:
        super().__init__(
            f"Nobody has confirmed that these domains are yours: {', '.join(sorted(domains))}.",
            hint="Whoever operates this installation confirms them: PUT "
            "/v1/workspaces/{id}/domains.",
        )


class DomainUnusable(Invalid):
    code = "identity.domain_unusable"

    def __init__(self, domain: str, why: str) -> None:
        super().__init__(
            f"`{domain[:100]}` is no domain of e-mail addresses: {why}",
            hint="Write what stands behind the @, such as acme.com.",
        )


class NoKeys(Conflict):
    code = "identity.no_keys"

    def __init__(self) -> None:
        super().__init__(
            "This installation has no key to keep a client secret with.",
            hint="Whoever operates it sets IDENTITY_KEYS and restarts identity; or register this "
            "application with your provider as a public client, and leave the secret out.",
        )


class EmergencyOwnerUnfit(Invalid):
    code = "identity.emergency_owner_unfit"

    def __init__(self) -> None:
        super().__init__(
            "Sign-on can be enforced only while one owner can get in without it: "
            "`emergency_owner` must be a person who is an owner, not switched off, with a token "
            "that lives for more than a day and has the scope `tokens:write`.",
            hint="Name such an owner; POST /v1/tokens makes a token for them.",
        )
