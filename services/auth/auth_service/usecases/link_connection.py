from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from auth_service.domain.connection import Account, Connection, Whose, WhyEnded
from auth_service.domain.errors import SettingsChanged
from auth_service.domain.oauth.lifetime import expires_at
from auth_service.domain.renewal import Renewal
from auth_service.ports import Clock, Connections, CredentialStore, LinkLog, Names
from auth_service.usecases.end_connection import EndConnection
from contracts.errors import NotFound, Unavailable
from contracts.facts import ConnectionLinked
from contracts.ids import new_id
from kit.contention import repeated_on_contention
from kit.errors import SessionEnded
from kit.key_ring import KeyRing
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a sign-in came to."""

    account: Account
    secret: Secret[bytes] = field(repr=False)
    """`TokenSet.for_storage()`, or `MemberKey.for_storage()`."""
    lifetime: float | None = None
    """Seconds, `TokenAnswer.lifetime`; None: until the API refuses it."""
    renewable: bool = False
    """Whether there is a refresh token."""


@dataclass(frozen=True, slots=True)
class LinkConnection:
    """Store what a member signed in with, and say so, in place of what they had before.

    A record of the action must ask for it still (`SettingsChanged`), and the member be there
    (`SessionEnded`): also after it was stored, for whoever destroyed the action's credentials
    meanwhile, or ended the member's connections, looked for connections before.
    """

    connections: Connections
    credentials: CredentialStore
    keys: KeyRing
    clock: Clock
    log: LinkLog
    names: Names
    end: EndConnection

    async def __call__(self, whose: Whose, signed_in: SignedIn) -> Connection:
        """Raises `SettingsChanged`, `SessionEnded`, `ConnectionsFull`, `NotInForce`, and what the
        key ring does.
        """
        await self._ensure_wanted(whose, signed_in.account)
        linked = await repeated_on_contention(partial(self._link, whose, signed_in))
        try:
            await self._ensure_wanted(whose, signed_in.account)
        except SettingsChanged:
            await repeated_on_contention(partial(self._take_back, linked))
            raise
        if not await self._is_member(whose):
            await self.end.end(linked, WhyEnded.MEMBER_LEFT)
            raise SessionEnded
        self.log.linked(linked)
        return linked

    async def _link(self, whose: Whose, signed_in: SignedIn) -> Connection:
        seen = await self.connections.find(whose)
        linked = await self._linked(seen, whose, signed_in)
        fact = ConnectionLinked(
            workspace_id=whose.workspace_id,
            action_id=whose.action_id,
            member_id=whose.member_id,
            generation=linked.generation,
        )
        await self.connections.link(seen, linked, fact)
        return linked

    async def _linked(
        self, seen: Connection | None, whose: Whose, signed_in: SignedIn
    ) -> Connection:
        now = self.clock()
        at = now - timedelta(microseconds=now.microsecond % 1_000)  # as the database keeps it
        renewal = Renewal(at, expires_at(at, signed_in.lifetime), renewable=signed_in.renewable)
        blank = seen or Connection(
            new_id("con"),
            whose.workspace_id,
            whose.action_id,
            whose.member_id,
            renewal,
            None,
            signed_in.account,
            at,
        )
        sealed = await self.keys.seal(signed_in.secret, blank.place)
        if seen is None:
            return blank.with_renewal(renewal, sealed)
        return seen.linked_anew(sealed, renewal, signed_in.account)

    async def _ensure_wanted(self, whose: Whose, account: Account) -> None:
        credentials = await self.credentials.find(whose.workspace_id, whose.action_id)
        if credentials.why_outdated(account):
            raise SettingsChanged

    async def _is_member(self, whose: Whose) -> bool:
        """Also where identity does not answer: whoever left makes no calls."""
        try:
            return (await self.names.of(whose.workspace_id, whose.member_id)).active
        except NotFound:
            return False
        except Unavailable:
            return True

    async def _take_back(self, linked: Connection) -> None:
        seen = await self.connections.again(linked)
        if seen.is_linked and seen.generation == linked.generation:
            await self.connections.replace(seen, seen.sign_in_again(WhyEnded.SETTINGS_CHANGED))
