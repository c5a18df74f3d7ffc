import asyncio
from datetime import datetime

from contracts.errors import PlatformError
from contracts.ids import TokenId
from identity_service.domain.api_token import ApiToken
from identity_service.ports import TokenStore
from kit import logs

log = logs.logger("identity.token_uses")
MAX_NOTED = 10_000


class TokenUses:
    """`UseNotes` in memory, written after the response; a crash loses up to a minute."""

    def __init__(self, tokens: TokenStore) -> None:
        self._tokens = tokens
        self._noted: dict[TokenId, tuple[ApiToken, datetime]] = {}
        self._wanted = asyncio.Event()

    def note(self, token: ApiToken, at: datetime) -> None:
        if len(self._noted) < MAX_NOTED:
            self._noted[token.id] = (token, at)
            self._wanted.set()

    async def write_for_ever(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self.write()

    async def write(self) -> None:
        """Write what was noted until now. A database that is away costs only these notes."""
        noted, self._noted = self._noted, {}
        try:
            for token, at in noted.values():
                await self._tokens.set_last_used(token, at)
        except PlatformError as error:
            log.warning("uses_not_written", uses=len(noted), code=error.code)
