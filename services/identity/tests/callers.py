"""What callers of tests come with, where a test does not say more of it than its id."""

from dataclasses import dataclass, field

from contracts.ids import MemberId, TokenId
from contracts.principal import Scope
from identity_service.domain.api_token import ApiToken
from kit.errors import NothingHere
from services.identity.tests.fakes import NOW, MemoryTokens

IDS = ("tok", "tok_1", "tok_caller")


@dataclass
class TokensOfCallers(MemoryTokens):
    """Theirs are read by their ids alone: they are in no list, and counted for nobody."""

    ids: set = field(default_factory=lambda: {*IDS})
    unscoped: set = field(default_factory=set)
    """Ids of those without scopes of their own."""

    async def read(self, workspace_id, token_id):
        try:
            return await super().read(workspace_id, token_id)
        except NothingHere:
            if token_id in self.unscoped:
                return _brought(workspace_id, token_id, None)
            if token_id not in self.ids:
                raise
            return _brought(workspace_id, token_id, frozenset(Scope))


def _brought(workspace_id, token_id, scopes):
    """A token that nobody lent."""
    whose = workspace_id, MemberId("mem_of_callers")
    return ApiToken(TokenId(token_id), *whose, "Caller's", token_id, "", scopes, NOW)
