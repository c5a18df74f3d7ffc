from contracts.fact import Fact
from contracts.ids import MemberId, SessionId


class SessionRevoked(Fact, name="session.revoked", by="identity", voids=True):
    """A browser session ended, or its secret was replaced; what was verified with it is void."""

    session_id: SessionId
    session_digest: str
    """SHA-256 (hex) of the secret that is good for nothing any more."""
    member_id: MemberId
