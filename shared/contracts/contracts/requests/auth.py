from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.operation import Location
from contracts.origin import origin_set_digest
from contracts.request import Reply, Request

MAX_ACTIONS = 40
"""That one question checks: its answer says up to 1.4 KiB of each."""
MAX_ORIGINS = 150
"""Of all its actions together: each up to 261 characters."""


class SealedCredential(Reply):
    """What an action signs in with, readable by one replica only.

    `sealed` is HPKE (RFC 9180; X25519, HKDF-SHA256, AES-256-GCM) over a JSON object
    `{"headers": [[name, value], …], "query": [[name, value], …]}`; its `info` binds workspace,
    action, origin and expiry. Empty where the action signs in with nothing, and where `sign_in` is
    set.
    """

    revision: int
    sealed: str = ""
    """Base64."""
    expires_at: datetime
    generation: int | None = None
    """Of the access token, where it is one (RFC 6749, 1.4): each token has a greater one than the
    token before it."""
    sign_in: str = ""
    """The address of the page at which this member signs in first: they have no connection, or one
    that is lost. Only for whoever `takes_sign_in`."""


class IssueCredential(Request[SealedCredential], name="auth.issue_credential"):
    """Release an action's credential for one origin to the replica that asks.

    The credential is the one that was entered for `origin_set`; where none was, the newest that was
    entered for a set with `origin` in it.
    """

    workspace_id: WorkspaceId
    action_id: ActionId
    member_id: MemberId
    origin: str
    recipient: str
    """The asking replica's raw X25519 public key, base64."""
    origin_set: str = ""
    """`origin_set_digest` of all that the action calls in the release that is called."""
    takes_sign_in: bool = False
    """Whether whoever asks reads `sign_in`. An execution of before does not: it is refused with
    `auth.sign_in_required` then."""
    rejected: int | None = None
    """The generation of the access token that the API has refused with 401 (RFC 6750, 3.1): where
    it is still the newest one, it is refreshed first."""


class CredentialSlot(Reply):
    """A place in the request that a credential fills, so that no argument may."""

    location: Location
    name: str


class CredentialDescription(Reply):
    """How an action signs in, without the secret."""

    type: str
    """`none`, `api_key`, `oauth` or `client_credentials`."""
    slots: tuple[CredentialSlot, ...] = ()
    per_user: bool = False
    """Whether each member signs in with a key or an account of their own."""
    revision: int
    """As issuing answers it; changes with every change of the credential."""


class DescribeCredential(Request[CredentialDescription], name="auth.describe_credential"):
    """How does an action sign in at one origin? Found, and refused, as issuing would."""

    workspace_id: WorkspaceId
    action_id: ActionId
    origin: str
    origin_set: str = ""


class ActionToCheck(BaseModel):
    """An action, and the origins that it is going to call; or some of them, if it has many."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    action_id: ActionId
    origins: tuple[str, ...]
    origin_set: str
    """`origin_set_digest` of all its origins."""


class ActionProblem(Reply):
    """Why calls of an action would be refused or go out without their credential."""

    action_id: ActionId
    code: str
    sentence: str
    hint: str


class ActionsChecked(Reply):
    """One problem an action at most; none of those whose calls can sign in."""

    problems: tuple[ActionProblem, ...]
    unset: tuple[ActionId, ...] = ()
    """Actions for which nobody ever said how they sign in: their calls go out without anything.
    Empty also from the release before.
    """


class CheckActions(Request[ActionsChecked], name="auth.check_actions"):
    """Can each of these actions sign in at its origins? One that has no settings can.

    `pages_to_check` makes as many questions as any number of actions and origins takes.
    """

    workspace_id: WorkspaceId
    actions: Annotated[tuple[ActionToCheck, ...], Field(max_length=MAX_ACTIONS)]


def pages_to_check(
    origins_of: Mapping[ActionId, Sequence[str]],
) -> Iterator[tuple[ActionToCheck, ...]]:
    """What to ask with `CheckActions`, in pages of which each fits one message.

    An action with very many origins is on several pages, and may have a problem on each.
    """
    page: list[ActionToCheck] = []
    for part in _parts(origins_of):
        origins = sum(len(action.origins) for action in page)
        if len(page) == MAX_ACTIONS or origins + len(part.origins) > MAX_ORIGINS:
            yield tuple(page)
            page = []
        page.append(part)
    if page:
        yield tuple(page)


def _parts(origins_of: Mapping[ActionId, Sequence[str]]) -> Iterator[ActionToCheck]:
    for action_id, origins in origins_of.items():
        origin_set = origin_set_digest(origins)
        for first in range(0, len(origins), MAX_ORIGINS):
            part = tuple(origins[first : first + MAX_ORIGINS])
            yield ActionToCheck(action_id=action_id, origins=part, origin_set=origin_set)
