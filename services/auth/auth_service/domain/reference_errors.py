"""Why a secret by reference is refused."""

from collections.abc import Sequence

from contracts.errors import Denied, Invalid, PlatformError, Unavailable

AGAIN_SECONDS = 5.0


class SecretReferenceInvalid(Invalid):
    code = "auth.secret_reference_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This is no name of a secret that can be referred to.",
            hint="Write the path as it is in the store, without a slash at an end and without `.`, "
            "`..` or percent-encoding in it, such as secret/data/team/api-key.",
        )


class SecretReferencesOff(Invalid):
    code = "auth.secret_references_off"

    def __init__(self, store: str) -> None:
        super().__init__(
            f"This installation reads no secrets from {store}.",
            hint="Enter the secret itself, or ask your operator to say in AUTH_SECRET_REFERENCES "
            "which secrets a workspace may refer to.",
        )


class SecretNameNotAllowed(Denied):
    code = "auth.secret_name_not_allowed"

    def __init__(self, store: str, allowed: Sequence[str]) -> None:
        super().__init__(
            f"This workspace may not refer to that secret in {store}.",
            hint=f"It may refer to {', '.join(allowed)}. Other names are for your operator to "
            "allow: AUTH_SECRET_REFERENCES.",
        )


class SecretNotFound(Denied):
    """The same of a secret that is not there, was deleted, or has no text under the key."""

    code = "auth.secret_not_found"

    def __init__(self, store: str, key: str) -> None:
        what = f"no text under the key {key!r} of the secret" if key else "no text in the secret"
        super().__init__(
            f"There is {what} that this action refers to in {store}.",
            hint="Whoever builds the GPT compares the reference with what is in the store: GET "
            "/v1/credentials/{action} shows it.",
        )


class ReferredSecretUnusable(Denied):
    """What was read cannot be sent; `why` says no part of it."""

    code = "auth.secret_invalid"

    def __init__(self, why: PlatformError) -> None:
        super().__init__(
            f"The secret that this action refers to cannot be used. {why.sentence}",
            hint=f"In the store: {why.hint}",
        )


class SecretStoreUnavailable(Unavailable):
    code = "auth.secret_store_unavailable"

    def __init__(self, store: str) -> None:
        super().__init__(
            f"{store} gave no secret for this action at the moment, so nothing was sent.",
            hint="Try again in a moment; the log of auth tells your operator why.",
            retry_after_seconds=AGAIN_SECONDS,
        )
