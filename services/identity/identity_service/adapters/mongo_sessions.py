from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.facts import SessionRevoked
from contracts.ids import MemberId, SessionId, TokenId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.lent import READ_AT_ONCE, Lent
from identity_service.domain.oidc.logout_token import Logout
from identity_service.domain.session import IDLE_FOR, USE_PRECISION, AtProvider, ByToken, Session
from kit.codec import Codec
from kit.documents import Collection, Stored, Unique
from kit.mongo import Database
from kit.outbox import Outbox
from kit.retention import Expires

MAX_READ = 1_000
"""Of one member: those that are live, and the few that are going to be deleted."""


@dataclass(frozen=True, slots=True)
class SessionState:
    member_id: str
    digest: str
    role: str
    browser: str
    created_at: datetime
    last_used_at: datetime
    ended: bool = False
    issuer: str | None = None
    client_id: str | None = None
    subject: str | None = None
    sid: str | None = None
    lent_by: tuple[str, ...] | None = None
    lent_at_most: str | None = None
    by_token: str | None = None
    token_expires_at: datetime | None = None


SESSIONS = Codec(SessionState, without_none=True)


class MongoSessions:
    """One document a session; digests are unique in the whole installation."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._sessions = Collection(
            database=database,
            name="sessions",
            outbox=outbox,
            codec=SESSIONS,
            kept=Expires("last_used_at", IDLE_FOR),
            unique=(Unique(("digest",), across_workspaces=True),),
            listed_by=("member_id", "subject", "sid", "lent_by", "by_token"),
            filtered_by=("ended", "issuer", "client_id"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._sessions,)

    async def add(self, session: Session) -> None:
        await self._sessions.within(session.workspace_id).add(session.id, _state_of(session))

    async def find_by_digest(self, digest: str) -> Session | None:
        stored = await self._sessions.across_workspaces.find_by("digest", digest)
        return _session_of(stored) if stored else None

    async def find(self, workspace_id: WorkspaceId, session_id: SessionId) -> Session | None:
        stored = await self._sessions.within(workspace_id).find(session_id)
        return _session_of(stored) if stored else None

    async def page(
        self, workspace_id: WorkspaceId, member_id: MemberId, limit: int, after: str | None
    ) -> list[Session]:
        within = self._sessions.within(workspace_id)
        found = await within.page(limit, after, member_id=member_id, ended=False)
        return [_session_of(stored) for stored in found]

    async def of_member(self, workspace_id: WorkspaceId, member_id: MemberId) -> list[Session]:
        within = self._sessions.within(workspace_id)
        found = await within.page(MAX_READ, None, member_id=member_id)
        return [_session_of(stored) for stored in found]

    async def of_token(self, workspace_id: WorkspaceId, token_id: TokenId) -> list[Session]:
        within = self._sessions.within(workspace_id)
        return [_session_of(each) for each in await within.page(MAX_READ, None, by_token=token_id)]

    async def lent_by(
        self, workspace_id: WorkspaceId, member_id: MemberId, after: SessionId | None = None
    ) -> list[Session]:
        within = self._sessions.within(workspace_id)
        found = await within.page(READ_AT_ONCE, after, lent_by=member_id)
        return [_session_of(stored) for stored in found[:READ_AT_ONCE]]

    async def of_workspace(self, workspace_id: WorkspaceId) -> list[Session]:
        return [_session_of(stored) async for stored in self._sessions.within(workspace_id).each()]

    async def of_provider(self, workspace_id: WorkspaceId, logout: Logout) -> list[Session]:
        by_sid = {"sid": logout.sid}
        wanted = by_sid if logout.subject is None else {"subject": logout.subject}
        client = {"issuer": logout.issuer, "client_id": logout.client_id}
        found = self._sessions.within(workspace_id).each(**wanted, **client)
        sessions = [_session_of(stored) async for stored in found]
        return [each for each in sessions if logout.ends(each.at_provider)]

    async def replace(self, seen: Session, changed: Session, fact: SessionRevoked) -> None:
        await self._sessions.within(seen.workspace_id).change(
            _stored(seen), _state_of(changed), fact
        )

    async def end(self, seen: Session, fact: SessionRevoked) -> None:
        within = self._sessions.within(seen.workspace_id)
        last = seen
        if seen.ended:
            await within.ensure_in_force(seen.id)
        else:
            last = seen.at_its_end()
            await within.change(_stored(seen), _state_of(last), fact)
        await within.remove(_stored(last))

    async def ended_lately(self, workspace_id: WorkspaceId, session_id: SessionId) -> bool:
        return await self._sessions.within(workspace_id).removed_lately(session_id)

    async def set_last_used(self, session: Session, at: datetime) -> None:
        """The condition is the database's, so that replicas need not agree on anything."""
        within = self._sessions.within(session.workspace_id)
        await within.touch(session.id, "last_used_at", at, older_by=USE_PRECISION)


def _state_of(session: Session) -> SessionState:
    provider = session.at_provider
    return SessionState(
        member_id=session.member_id,
        digest=session.digest,
        role=session.role.value,
        browser=session.browser,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        ended=session.ended,
        issuer=provider.issuer if provider else None,
        client_id=provider.client_id if provider else None,
        subject=provider.subject if provider else None,
        sid=provider.sid if provider else None,
        lent_by=session.lent.by if session.lent else None,
        lent_at_most=session.lent.at_most.value if session.lent else None,
        by_token=session.by_token.id if session.by_token else None,
        token_expires_at=session.by_token.expires_at if session.by_token else None,
    )


def _session_of(stored: Stored[SessionState]) -> Session:
    state = stored.state
    return Session(
        id=SessionId(stored.id),
        workspace_id=stored.workspace_id,
        member_id=MemberId(state.member_id),
        digest=state.digest,
        role=Role(state.role),
        browser=state.browser,
        created_at=state.created_at,
        last_used_at=state.last_used_at,
        ended=state.ended,
        revision=stored.revision,
        at_provider=_at_provider(state),
        lent=Lent.stored(state.lent_by, state.lent_at_most),
        by_token=_by_token(state),
    )


def _by_token(state: SessionState) -> ByToken | None:
    if state.by_token is None:
        return None
    return ByToken(TokenId(state.by_token), state.token_expires_at)


def _at_provider(state: SessionState) -> AtProvider | None:
    if state.issuer is None or state.client_id is None or state.subject is None:
        return None
    return AtProvider(state.issuer, state.client_id, state.subject, state.sid)


def _stored(session: Session) -> Stored[Any]:
    return Stored(session.id, session.workspace_id, session.revision, {})
