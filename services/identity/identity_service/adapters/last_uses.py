import asyncio
from datetime import datetime

from contracts.errors import PlatformError
from identity_service.domain.api_token import ApiToken
from identity_service.domain.session import Session
from identity_service.ports import SessionStore, TokenStore
from kit import logs

log = logs.logger("identity.last_uses")
MAX_NOTED = 10_000


class LastUses:
    """`UseNotes` in memory, written after the response; a crash loses up to a minute."""

    def __init__(self, tokens: TokenStore, sessions: SessionStore) -> None:
        self._tokens = tokens
        self._sessions = sessions
        self._noted: dict[str, tuple[ApiToken | Session, datetime]] = {}
        self._wanted = asyncio.Event()

    def note(self, used: ApiToken | Session, at: datetime) -> None:
        if len(self._noted) < MAX_NOTED:
            self._noted[used.id] = (used, at)
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
            for used, at in noted.values():
                if isinstance(used, Session):
                    await self._sessions.set_last_used(used, at)
                else:
                    await self._tokens.set_last_used(used, at)
        except PlatformError as error:
            log.warning("uses_not_written", uses=len(noted), code=error.code)
