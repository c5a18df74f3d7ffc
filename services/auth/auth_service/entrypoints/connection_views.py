from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from auth_service.domain.connection import (
    Account,
    Connection,
    ConnectionKind,
    ConnectionState,
    WhyEnded,
)
from auth_service.domain.renewal import WhyLost
from auth_service.entrypoints.body import Body, Text
from auth_service.usecases.count_connections import ActionCounts
from auth_service.usecases.read_own_key import OwnKeyForm
from contracts.origin import host_of
from kit.sealing import Secret

MAX_VALUES = 10
AGAIN = "Sign in again."
OF_ANOTHER = "The member can sign in again; nobody else can for them."
WHAT_TO_DO: Mapping[WhyLost | WhyEnded | None, str] = {
    WhyLost.REFUSED: "The provider ended it, as it does after a change of password or a withdrawal "
    "there. Sign in again.",
    WhyLost.EXPIRED: "It expired, and the provider gives nothing to renew it with. Sign in again.",
    WhyLost.GAVE_UP: "The provider did not renew it for four days. Sign in again; if that fails, "
    "tell whoever builds the GPT.",
    WhyEnded.SETTINGS_CHANGED: "How this action signs in was changed. Sign in again.",
    WhyEnded.ORIGINS_CHANGED: "The API has another address now. Sign in again if you trust it.",
    WhyEnded.BY_MEMBER: "You ended it. Sign in again to use it.",
    WhyEnded.BY_ADMIN: "An admin ended it. Ask them, or sign in again.",
}


class ConnectionView(BaseModel):
    """A member's own account or key at an API. Its tokens are never shown."""

    id: str
    action_id: str
    gpt_id: str = Field(description="Whose action it is.")
    gpt_name: str = Field(
        description="As it was called at the sign-in; empty where that is not known."
    )
    kind: ConnectionKind
    service: str = Field(description="The API's host; its first, where it has several.")
    account_label: str = Field(description="Empty where the provider does not say whose it is.")
    scopes: list[str] = Field(description="Granted, as the provider calls them.")
    scopes_asked: list[str]
    scopes_missing: list[str] = Field(
        description="Asked for and not granted, with the provider's other names for a scope known."
    )
    scopes_added: list[str] = Field(description="Granted without being asked for.")
    since: datetime
    expires_at: datetime | None = Field(
        description="Of the access token, which is renewed by itself where the provider allows it."
    )
    last_used_at: datetime | None = Field(description="To the minute.")
    state: ConnectionState
    why: str = Field(description="Why it ended; empty where it did not.")
    what_to_do: str
    sign_in: str = Field(description="The page to sign in at again; empty while it is linked.")

    @classmethod
    def of(cls, connection: Connection, sign_in: str) -> "ConnectionView":
        return cls(**_members(connection, sign_in))


class MemberConnectionView(ConnectionView):
    """The same, for an admin."""

    member_id: str

    @classmethod
    def of(cls, connection: Connection, sign_in: str) -> "MemberConnectionView":
        members = _members(connection, sign_in)
        if members["what_to_do"]:
            members["what_to_do"] = OF_ANOTHER
        return cls(**members, member_id=connection.member_id)


class ActionCountsView(BaseModel):
    """How many members are signed in to an action. Those who ended it are not counted."""

    action_id: str
    service: str
    linked: int
    sign_in_again: int
    lost: int

    @classmethod
    def of(cls, counted: ActionCounts) -> "ActionCountsView":
        return cls(
            action_id=counted.action_id,
            service=_service(counted.origins),
            **{state.value: count for state, count in counted.counts.items()},
        )


class OwnKeyFormView(BaseModel):
    """What a member enters for an action."""

    labels: list[str] = Field(description="One for each value.")
    placement: str
    service: str
    is_set: bool
    version: str = Field(
        description="Of where the key goes: send it with the key, so that one that was meant for "
        "another host is refused (`auth.settings_changed`)."
    )

    @classmethod
    def of(cls, form: OwnKeyForm) -> "OwnKeyFormView":
        return cls(
            labels=list(form.key.labels),
            placement=form.key.placement.value,
            service=_service(form.origins),
            is_set=form.is_set,
            version=form.version,
        )


class OwnKeyValuesBody(Body):
    """A key of one's own."""

    values: Annotated[list[Text], Field(min_length=1, max_length=MAX_VALUES)] = Field(
        description="One for each label of the form, in its order."
    )
    version: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="The form's; left out, the key is for whatever the form says now."
    )

    def secrets(self) -> tuple[Secret[str], ...]:
        return tuple(Secret(each.get_secret_value()) for each in self.values)


def _members(connection: Connection, sign_in: str) -> dict[str, object]:
    account, why = connection.account, connection.why
    ended = not connection.is_linked
    return {
        "id": connection.id,
        "action_id": connection.action_id,
        "gpt_id": account.gpt.id,
        "gpt_name": account.gpt.name,
        "kind": account.kind,
        "service": _service(account.api_origins),
        "account_label": account.label,
        **_scopes(account),
        "since": connection.since,
        "expires_at": None if ended else connection.expires_at,
        "last_used_at": connection.last_used_at,
        "state": connection.state,
        "why": why.value if why else "",
        "what_to_do": WHAT_TO_DO.get(why, AGAIN) if ended else "",
        "sign_in": sign_in if ended else "",
    }


def _scopes(account: Account) -> dict[str, object]:
    return {
        "scopes": list(account.scopes.granted),
        "scopes_asked": list(account.scopes_asked),
        "scopes_missing": list(account.scopes.missing),
        "scopes_added": list(account.scopes.added),
    }


def _service(origins: tuple[str, ...]) -> str:
    return host_of(origins[0]) if origins else ""
