"""What may go wrong between a provider and us. Texts of the provider come here cleaned
(`foreign_text`), and no sentence holds a code, a token or a secret.
"""

from contracts.errors import Denied, Invalid, Unavailable

BEGIN_AGAIN = "Sign in again from the page that sent you there."


class SettingInvalid(Invalid):
    """How an action signs in cannot be set like this."""

    code = "auth.oauth_setting_invalid"


class UrlInvalid(SettingInvalid):
    code = "auth.oauth_url_invalid"

    def __init__(self, name: str, why: str, *, hint: str = "") -> None:
        super().__init__(
            f"The {name} cannot be used: {why}",
            hint=hint
            or "Copy it from the provider's documentation, such as "
            "https://provider.example/oauth/authorize.",
        )


class ParameterReserved(SettingInvalid):
    code = "auth.oauth_parameter_reserved"

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            f"The parameter `{name}` in the {where} is one that this platform sets by itself.",
            hint="Leave it out; what the settings have for it (client id, scope) is sent.",
        )


class CallbackInvalid(Invalid):
    """The browser came back with what no provider may send (RFC 6749, 4.1.2)."""

    code = "auth.oauth_callback_invalid"

    def __init__(self, why: str) -> None:
        super().__init__(f"This is no answer to a sign-in: {why}.", hint=BEGIN_AGAIN)


class IssuerMismatch(Denied):
    """Who answered is not who was asked (RFC 9207, 2.4); nothing was sent to anybody."""

    code = "auth.oauth_issuer_mismatch"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The answer is not from the provider that was asked: {why}.",
            hint=f"{BEGIN_AGAIN} If this goes on, whoever set the sign-in up checks its issuer.",
        )


class AuthorizationRefused(Denied):
    """The provider, or the person there, said no."""

    code = "auth.oauth_authorization_refused"

    def __init__(self, error: str, description: str) -> None:
        self.error = error
        super().__init__(said(error, description), hint=f"{BEGIN_AGAIN} Allow the access there.")


class TokenRefused(Denied):
    """A refusal of the token endpoint (RFC 6749, 5.2). `ends_grant`: the code or the refresh token
    is worth nothing any more, and only a new sign-in helps.
    """

    code = "auth.oauth_token_refused"

    def __init__(self, error: str, description: str, *, ends_grant: bool) -> None:
        self.error, self.ends_grant = error, ends_grant
        super().__init__(
            f"The provider gave no token: {said(error, description)}",
            hint="Sign in again."
            if ends_grant
            else "Whoever set the sign-in up checks client id, client secret and token URL.",
        )


class ProviderUnavailable(Unavailable):
    code = "auth.oauth_provider_unavailable"

    def __init__(
        self, why: str, *, hint: str = "", retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(
            f"The provider cannot answer now: {why}.",
            hint=hint or "Try again in a minute.",
            retry_after_seconds=retry_after_seconds,
        )


class OutcomeUnknown(ProviderUnavailable):
    """A request may have reached the provider, and no answer came of it."""


class TokenAnswerUnusable(Unavailable):
    """An answer in which there is no token. Whether the provider made one is not known."""

    code = "auth.oauth_answer_unusable"

    def __init__(self, why: str, *, hint: str = "") -> None:
        super().__init__(
            f"The provider's token URL did not answer with a token: {why}.",
            hint=hint or "Check the token URL in how this action signs in; then try again.",
        )


class MetadataUnsuitable(Invalid):
    """What a provider publishes of itself (RFC 8414) is not taken over."""

    code = "auth.oauth_metadata_unsuitable"

    def __init__(self, why: str, *, hint: str = "") -> None:
        super().__init__(
            f"The provider's metadata is not used: {why}.",
            hint=hint or "Enter the authorization URL and the token URL yourself.",
        )


def said(error: str, description: str) -> str:
    """`error: description`, of which one may be empty."""
    return ": ".join(filter(None, (error, description))) or "it did not say why."
