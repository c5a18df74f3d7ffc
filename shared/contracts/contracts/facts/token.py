from contracts.fact import Fact
from contracts.ids import TokenId


class TokenRevoked(Fact, name="token.revoked", by="identity", voids=True):
    """An API token was revoked; every cached verification of it must be dropped."""

    token_id: TokenId
    token_digest: str
    """SHA-256 (hex) of the token: the key under which verifications are cached."""
