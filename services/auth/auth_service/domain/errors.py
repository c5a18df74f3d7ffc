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
            hint="Use the placement `basic` or `bearer` for Authorization, or write another scheme "
            "before the key, such as `SharedAccessKey …`; else a header such as X-Api-Key.",
        )


class SchemeHasPlacement(Invalid):
    code = "auth.scheme_has_placement"

    def __init__(self, scheme: str) -> None:
        placement = scheme.lower()
        super().__init__(
            f"The scheme {scheme} of Authorization has a placement of its own.",
            hint=f"Use the placement `{placement}` and enter what follows the scheme.",
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


class OwnKeyInvalid(Invalid):
    code = "auth.own_key_invalid"

    def __init__(self, sentence: str) -> None:
        super().__init__(
            sentence,
            hint='Such as {"type": "api_key", "per_user": true, "placement": "custom", '
            '"name": "X-Api-Key"}.',
        )


class OwnKeyValues(Invalid):
    code = "auth.own_key_values"

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(
            f"A key for this action has {len(labels)} values: {', '.join(labels)}.",
            hint="Send one in `values` for each, in this order.",
        )


class NoOwnKey(Conflict):
    code = "auth.no_own_key"

    def __init__(self) -> None:
        super().__init__(
            "This action does not sign in with a key of each member.",
            hint="GET /v1/connections shows what you are signed in to; for an account, begin with "
            "POST /v1/connections/start.",
        )


class ActionNotFound(NotFound):
    """Catalog's refusal of what is unknown, foreign, or of a GPT without access."""

    code = "catalog.action_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing here.", hint="Check the id; lists show what you can see."
        )


class ClientSecretNeeded(Invalid):
    code = "auth.client_secret_needed"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The client secret is needed: {why}.",
            hint="Send `client_secret`; a public client has none and the `token_exchange_method` "
            "`none`.",
        )


class SignInDomainNotAllowed(Denied):
    code = "auth.sign_in_domain_not_allowed"

    def __init__(self, name: str, domain: str, api_domains: Sequence[str]) -> None:
        super().__init__(
            f"The {name} is at {domain}, which is neither a domain of this API "
            f"({', '.join(api_domains)}) nor a sign-in domain that is allowed.",
            hint=f"Use the provider's address at the API's own domain, or ask your operator to add "
            f"{domain} to AUTH_SIGN_IN_DOMAINS.",
        )


class SignInRequired(Denied):
    """`sign_in` is the page for that; empty where the installation does not know its address."""

    code = "auth.sign_in_required"

    def __init__(self, sign_in: str) -> None:
        super().__init__(
            "This action signs in as each member, and you have not signed in, or need to again.",
            hint=f"Sign in at {sign_in}, then repeat the call."
            if sign_in
            else "Ask your operator to set OPENACTIONS_PUBLIC_URL, the address that people open.",
        )
        self.sign_in = sign_in


class ConnectionsFull(Invalid):
    code = "auth.connections_full"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"You are signed in to {most:,} actions, which is as many as there can be.",
            hint="End one that you no longer use: DELETE /v1/connections/{connection}.",
        )


class SignInNotOauth(Conflict):
    code = "auth.sign_in_not_oauth"

    def __init__(self) -> None:
        super().__init__(
            "Members do not sign in to this action with accounts of their own.",
            hint="Call it without signing in; a key of your own is entered at "
            "PUT /v1/connections/keys/{action}, where the action takes one.",
        )


class NoSignInHere(Conflict):
    """The same on a page, which takes members' keys, too."""

    code = "auth.no_sign_in_here"

    def __init__(self) -> None:
        super().__init__(
            "Members do not sign in to this action with accounts or keys of their own.",
            hint="Close this page, and call the action without signing in.",
        )


class TicketOver(Denied):
    code = "auth.ticket_over"

    def __init__(self) -> None:
        super().__init__(
            "This address is good for one sign-in within ten minutes, which it was used for, or "
            "its time is over.",
            hint="Go back to where you came from, and ask for another one.",
        )


class AttemptOver(Denied):
    """Says no more of an attempt than that: whoever brings it may be anybody."""

    code = "auth.attempt_over"

    def __init__(self) -> None:
        super().__init__(
            "This sign-in was begun in another browser or by another member, took longer than ten "
            "minutes, or has ended already. Nothing was sent to anybody.",
            hint="Sign in again from the page that sent you there, in this browser.",
        )


class ReturnToInvalid(Invalid):
    code = "auth.return_to_invalid"

    def __init__(self, most: int) -> None:
        super().__init__(
            "The way back is no path of this installation's pages.",
            hint=f"Send a path such as /gpts/gpt_1, of {most:,} characters at most, or leave "
            "`return_to` out.",
        )


class ActionNotYours(Denied):
    code = "auth.action_not_yours"

    def __init__(self) -> None:
        super().__init__(
            "You may not use the GPT that this action is of, so you need not sign in to it.",
            hint="Ask its owner, or an owner or an admin of your workspace, to share it with you.",
        )


class SettingsChanged(Conflict):
    code = "auth.settings_changed"

    def __init__(self) -> None:
        super().__init__(
            "How this action signs in was changed while you signed in, so nothing was kept.",
            hint="Sign in to it again.",
        )


class TokensLost(Denied):
    code = "auth.connection_lost"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(
            "The provider gives no more access tokens for this account.",
            hint="Sign in to this action again.",
        )


class PublicUrlUnset(Conflict):
    code = "auth.public_url_unset"

    def __init__(self) -> None:
        super().__init__(
            "This installation does not know the address that people open, so it has no callback.",
            hint="Ask your operator to set OPENACTIONS_PUBLIC_URL.",
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
