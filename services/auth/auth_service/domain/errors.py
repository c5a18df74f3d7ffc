from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from contracts.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from kit import key_ring

SHOWN_ORIGINS = 3


class HeaderNameInvalid(Invalid):
    code = "auth.header_name_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This is not a header name.",
            hint="Use letters, digits and hyphens, such as X-Api-Key (RFC 9110, 5.6.2).",
        )


class HeaderReserved(Invalid):
    code = "auth.header_reserved"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The header {name} is not for API keys.",
            hint="Use the placement `basic` or `bearer` for Authorization, else a header such as "
            "X-Api-Key.",
        )


class HeaderRepeated(Invalid):
    code = "auth.header_repeated"

    def __init__(self) -> None:
        super().__init__("Two of the headers have the same name.", hint="Name each header once.")


class ParameterNameInvalid(Invalid):
    code = "auth.parameter_name_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This is not a name for a query parameter.",
            hint="Use visible ASCII without spaces, such as api_key.",
        )


class SecretInvalid(Invalid):
    """Says what is wrong with a secret, and never what it holds."""

    code = "auth.secret_invalid"


class ActionNotFound(NotFound):
    """Catalog's refusal of what is unknown, foreign, or of a GPT without access."""

    code = "catalog.action_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing here.", hint="Check the id; lists show what you can see."
        )


class ActionHasNoOrigin(Conflict):
    code = "auth.action_has_no_origin"

    def __init__(self) -> None:
        super().__init__(
            "This action calls no host yet, so a secret has nothing to be bound to.",
            hint="Bind a schema with a server to the action first.",
        )


class CredentialBoundElsewhere(Denied):
    """`bound` are the origins of the action's keys or, where it has none, of its records."""

    code = "auth.credential_bound_elsewhere"

    def __init__(self, bound: Sequence[str], origin: str, *, signs_in: bool = True) -> None:
        more = len(bound) - SHOWN_ORIGINS
        hosts = ", ".join(bound[:SHOWN_ORIGINS]) + (f" and {more} more" if more > 0 else "")
        super().__init__(
            f"The credential was entered for {hosts} and is not sent to {origin}."
            if signs_in
            else f"This action signs in with nothing at {hosts or 'other hosts'}; how it does at "
            f"{origin} is not set.",
            hint="If the API moved, enter it again for the new host: PUT /v1/credentials/{action}.",
        )


class CredentialDeleted(Denied):
    """Nothing is sent in its place: without a credential, a call may do what nobody meant."""

    code = "auth.credential_deleted"

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"This action's credential was deleted, and how it signs in at {origin} is not set.",
            hint="Enter one, or set the type `none`: PUT /v1/credentials/{action}. That is for the "
            "hosts of the draft: where only a published version has this one, publish the draft.",
        )


class KeyUnknown(key_ring.KeyUnknown):
    code = "auth.key_unknown"

    def __init__(self) -> None:
        super().__init__(
            "The key that this credential was encrypted with is not configured.",
            hint="Your operator can add that key again; or enter the credential again.",
        )


class SignInUnknown(Unavailable):
    """A later release wrote it; nothing is sent without it, and it is not overwritten."""

    code = "auth.sign_in_unknown"

    def __init__(self) -> None:
        super().__init__(
            "This release does not know the way in which this action signs in.",
            hint="A later release set it: your operator can install that release again.",
        )


class SecretUnreadable(key_ring.SecretUnreadable):
    """The stored bytes are not what was stored for this record: altered, moved or cut."""

    code = "auth.secret_unreadable"

    def __init__(self) -> None:
        super().__init__(
            "The stored credential failed its integrity check and is not used.",
            hint="Enter it again, and tell your operator.",
        )


@contextmanager
def about_credentials() -> Iterator[None]:
    """The key ring's refusals, in the words of this service."""
    try:
        yield
    except key_ring.KeyUnknown:
        raise KeyUnknown from None
    except key_ring.SecretUnreadable:
        raise SecretUnreadable from None
