from contracts.fact import Fact
from contracts.ids import ActionId, MemberId


class ConnectionLinked(Fact, name="connection.linked", by="auth", voids=True):
    """A member signed in at the API of an action, or entered a key of their own: calls that wait
    for that go on, and copies of what they signed in with before are void.
    """

    action_id: ActionId
    member_id: MemberId
    generation: int
    """Of the access token or key, greater than those before it."""


class ConnectionLost(Fact, name="connection.lost", by="auth", voids=True):
    """The provider refuses to refresh it (RFC 6749, 5.2, `invalid_grant`), or never answered: the
    member signs in again. Copies of its last token are void.
    """

    action_id: ActionId
    member_id: MemberId
    generation: int


class ConnectionRevoked(Fact, name="connection.revoked", by="auth", voids=True):
    """The member or an admin ended it, or the member, action or workspace is gone: copies of its
    token are void.
    """

    action_id: ActionId
    member_id: MemberId
    generation: int
