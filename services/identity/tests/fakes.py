"""Identity's stores in memory; the contract suite runs against them and against MongoDB."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from identity_service.domain.api_token import PREFIX, USE_PRECISION, DrawnToken
from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.lent import READ_AT_ONCE
from identity_service.domain.member import EVERY_MEMBER
from identity_service.domain.member_errors import EmailTaken
from identity_service.domain.session import PREFIX as SESSION_PREFIX
from kit.caller import digest_of
from kit.documents import Overtaken
from kit.errors import NothingHere, NotInForce
from kit.testing import RecordedFacts
from services.identity.tests.directory_fakes import MemoryPeople
from services.identity.tests.invitation_fakes import MemoryInvitations

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class MemoryBootstraps:
    _bootstrap: object = None

    async def begin(self, proposed):
        self._bootstrap = self._bootstrap or proposed
        return self._bootstrap

    async def read(self):
        return self._bootstrap

    async def replace(self, seen, changed):
        if self._bootstrap != seen:
            raise Overtaken
        self._bootstrap = changed

    async def forget(self, workspace_id):
        if self._bootstrap and self._bootstrap.workspace_id == workspace_id:
            self._bootstrap = None


@dataclass
class MemoryWorkspaces:
    facts: RecordedFacts = field(default_factory=RecordedFacts)
    late: bool = False
    """Whether a fact could not be published yet."""
    _workspaces: dict = field(default_factory=dict)

    async def add(self, workspace, fact):
        if workspace.id not in self._workspaces:
            self._workspaces[workspace.id] = workspace
            await self.facts.publish(fact)

    async def find(self, workspace_id):
        return self._workspaces.get(workspace_id)

    async def read(self, workspace_id):
        if workspace_id not in self._workspaces:
            raise NothingHere
        return self._workspaces[workspace_id]

    async def replace(self, seen, changed, fact=None):
        self._demand(seen)
        self._workspaces[seen.id] = changed
        if fact:
            await self.facts.publish(fact)

    async def ensure_in_force(self, workspace_id):
        if self.late:
            raise NotInForce

    async def page(self, limit, after, text=""):
        return _page(_containing(text, self._workspaces.values(), "title"), limit, after)

    async def due(self, now, limit):
        closed = [each for each in self._workspaces.values() if each.closing_until]
        return [each for each in closed if each.closing_until < now][:limit]

    async def remove(self, seen, fact):
        self._demand(seen)
        del self._workspaces[seen.id]
        await self.facts.publish(fact)

    def _demand(self, seen):
        if self._workspaces.get(seen.id) != seen:
            raise Overtaken


@dataclass
class MemoryMembers(MemoryPeople):
    facts: RecordedFacts = field(default_factory=RecordedFacts)
    late: bool = False
    """Whether a fact could not be published yet."""
    _members: dict = field(default_factory=dict)
    _removed: set = field(default_factory=set)
    invitations: MemoryInvitations = field(default_factory=MemoryInvitations)

    async def add(self, member):
        if member.id not in self._members:
            self._demand_address(member)
            self._members[member.id] = member
        await self.invitations.revoke_to(member.workspace_id, member.known_addresses)

    async def find(self, workspace_id, member_id):
        member = self._members.get(member_id)
        return member if member and member.workspace_id == workspace_id else None

    async def known(self, workspace_id, member_ids, role=None):
        members = (each for each in self._within(workspace_id) if role in (None, each.role))
        return frozenset({member.id for member in members} & {*member_ids})

    async def all_active(self, workspace_id, member_ids):
        return {*member_ids} <= {each.id for each in self._within(workspace_id) if each.active}

    async def find_by_email(self, workspace_id, email):
        found = (each for each in self._within(workspace_id) if each.email == email)
        return next(found, None) if email else None

    def _demand_address(self, member):
        others = (each for each in self._within(member.workspace_id) if each.id != member.id)
        if member.email and any(each.email == member.email for each in others):
            raise EmailTaken

    async def replace(self, seen, changed, *facts):
        self._demand(seen)
        self._demand_key(changed)
        self._demand_address(changed)
        given_up = seen.known_addresses - changed.known_addresses
        await self.invitations.revoke_to(seen.workspace_id, given_up)
        self._members[seen.id] = changed
        added = changed.known_addresses - seen.known_addresses
        await self.invitations.revoke_to(seen.workspace_id, added)
        for fact in facts:
            await self.facts.publish(fact)

    async def renew(self, seen):
        self._demand(seen)
        self._members[seen.id] = replace(seen, revision=seen.revision + 1)

    async def remove(self, seen, fact):
        self._demand(seen)
        del self._members[seen.id]
        self._removed.add((seen.workspace_id, seen.id))
        await self.invitations.close_to(seen.workspace_id, seen.known_addresses, NOW)
        await self.facts.publish(fact)

    async def ensure_in_force(self, workspace_id, member_id):
        if self.late:
            raise NotInForce

    async def ensure_all_in_force(self, workspace_id):
        if self.late:
            raise NotInForce

    async def removed_lately(self, workspace_id, member_id):
        return (workspace_id, member_id) in self._removed

    def _demand(self, seen):
        if self._members.get(seen.id) != seen:
            raise Overtaken

    async def page(self, workspace_id, limit, after, wanted=EVERY_MEMBER):
        found = [each for each in self._within(workspace_id) if _is_wanted(each, wanted)]
        return _page(found, limit, after)

    async def with_role(self, workspace_id, role):
        found = [member for member in self._within(workspace_id) if member.role is role]
        return sorted(found, key=lambda member: member.id)

    async def count(self, workspace_id):
        return len(self._within(workspace_id))

    def _within(self, workspace_id):
        return [found for found in self._members.values() if found.workspace_id == workspace_id]


@dataclass
class MemoryTokens:
    facts: RecordedFacts = field(default_factory=RecordedFacts)
    _tokens: dict = field(default_factory=dict)
    _revoked: set = field(default_factory=set)
    _relied: int = 0

    async def add(self, token):
        self._tokens[token.id] = token

    async def find_by_digest(self, digest):
        return next((token for token in self._tokens.values() if token.digest == digest), None)

    async def read(self, workspace_id, token_id):
        found = self._tokens.get(token_id)
        if found is None or found.workspace_id != workspace_id:
            raise NothingHere
        return found

    async def page(self, workspace_id, limit, after, member_id=None, text=""):
        mine = [each for each in self._within(workspace_id) if member_id in (None, each.member_id)]
        return _page(_containing(text, mine, "name"), limit, after)

    async def of_member(self, workspace_id, member_id):
        return [token for token in self._within(workspace_id) if token.member_id == member_id]

    async def lent_by(self, workspace_id, member_id, after=None):
        found = self._within(workspace_id)
        lent = [each for each in found if each.lent and member_id in each.lent.by]
        return _page(lent, READ_AT_ONCE, after)[:READ_AT_ONCE]

    async def revoke(self, token, fact):
        if self._tokens.pop(token.id, None) is None:
            raise Overtaken
        self._revoked.add((token.workspace_id, token.id))
        await self.facts.publish(fact)

    async def rely_on(self, token):
        if token.id not in self._tokens:
            raise Overtaken
        self._relied += 1
        self._tokens[token.id] = replace(self._tokens[token.id], relied_on=f"rely_{self._relied}")

    async def revoke_as_seen(self, seen, fact):
        kept = self._tokens.get(seen.id)
        if kept is None or kept.relied_on != seen.relied_on:
            raise Overtaken
        await self.revoke(kept, fact)

    async def revoked_lately(self, workspace_id, token_id):
        return (workspace_id, token_id) in self._revoked

    async def set_last_used(self, token, at):
        kept = self._tokens.get(token.id)
        if kept and (kept.last_used_at is None or at - kept.last_used_at >= USE_PRECISION):
            self._tokens[token.id] = replace(kept, last_used_at=at)

    def _within(self, workspace_id):
        return [found for found in self._tokens.values() if found.workspace_id == workspace_id]


@dataclass
class MemorySessions:
    facts: RecordedFacts = field(default_factory=RecordedFacts)
    late: bool = False
    """Whether facts cannot be published."""
    _sessions: dict = field(default_factory=dict)
    _deleted: set = field(default_factory=set)

    async def add(self, session):
        self._sessions[session.id] = session

    async def find_by_digest(self, digest):
        return next((each for each in self._sessions.values() if each.digest == digest), None)

    async def find(self, workspace_id, session_id):
        found = self._sessions.get(session_id)
        return found if found and found.workspace_id == workspace_id else None

    async def page(self, workspace_id, member_id, limit, after):
        mine = await self.of_member(workspace_id, member_id)
        return _page([each for each in mine if not each.ended], limit, after)

    async def of_member(self, workspace_id, member_id):
        whose = (workspace_id, member_id)
        found = self._sessions.values()
        mine = [each for each in found if (each.workspace_id, each.member_id) == whose]
        return sorted(mine, key=lambda each: each.id, reverse=True)

    async def of_token(self, workspace_id, token_id):
        found = await self.of_workspace(workspace_id)
        return [each for each in found if each.by_token and each.by_token.id == token_id]

    async def lent_by(self, workspace_id, member_id, after=None):
        found = await self.of_workspace(workspace_id)
        lent = [each for each in found if each.lent and member_id in each.lent.by]
        return _page(lent, READ_AT_ONCE, after)[:READ_AT_ONCE]

    async def of_workspace(self, workspace_id):
        return [each for each in self._sessions.values() if each.workspace_id == workspace_id]

    async def of_provider(self, workspace_id, logout):
        found = await self.of_workspace(workspace_id)
        return [each for each in found if logout.ends(each.at_provider)]

    async def replace(self, seen, changed, fact):
        self._demand(seen)
        self._sessions[seen.id] = changed
        await self._publish(fact)

    async def end(self, seen, fact):
        if not seen.ended:
            self._demand(seen)
            self._sessions[seen.id] = seen.at_its_end()
        await self._publish(fact)
        del self._sessions[seen.id]
        self._deleted.add((seen.workspace_id, seen.id))

    async def ended_lately(self, workspace_id, session_id):
        return (workspace_id, session_id) in self._deleted

    async def set_last_used(self, session, at):
        kept = self._sessions.get(session.id)
        if kept and at - kept.last_used_at >= USE_PRECISION:
            self._sessions[session.id] = replace(kept, last_used_at=at)

    async def _publish(self, fact):
        if self.late:
            raise NotInForce
        await self.facts.publish(fact)

    def _demand(self, seen):
        kept = self._sessions.get(seen.id)
        if kept is None or kept.revision != seen.revision:
            raise Overtaken


@dataclass
class MemorySignInLinks:
    _links: dict = field(default_factory=dict)

    async def add(self, link):
        self._links[link.id] = link

    async def find_by_digest(self, digest):
        return next((each for each in self._links.values() if each.digest == digest), None)

    async def keep_newest(self, own, most):
        whose = (own.workspace_id, own.member_id)
        found = self._links.values()
        mine = [each.id for each in found if (each.workspace_id, each.member_id) == whose]
        mine.sort(key=lambda id_: (id_ == own.id, id_))
        for older in mine[:-most]:
            del self._links[older]

    async def use_up(self, link):
        return self._links.pop(link.id, None) is not None


def _is_wanted(member, wanted):
    texts = (member.name, member.email)
    return (
        wanted.role in (None, member.role)
        and wanted.kind in (None, member.kind)
        and wanted.active in (None, member.active)
        and any(wanted.text.casefold() in text.casefold() for text in texts)
    )


def _containing(text, found, member):
    return [each for each in found if text.casefold() in getattr(each, member).casefold()]


def _page(found, limit, after):
    newest_first = sorted(found, key=lambda each: each.id, reverse=True)
    return [each for each in newest_first if after is None or each.id < after][: limit + 1]


@dataclass
class CountedTokens:
    """Draws `oat_0000…`, `oat_0001…` and so on."""

    drawn: int = 0

    def __call__(self):
        text = f"{PREFIX}{self.drawn:043}"
        self.drawn += 1
        return DrawnToken(text, digest_of(text))


@dataclass
class CountedSecrets:
    """Draws `oas_0000…`, `oas_0001…` and so on; with another prefix, links."""

    prefix: str = SESSION_PREFIX
    drawn: int = 0

    def __call__(self):
        text = f"{self.prefix}{self.drawn:043}"
        self.drawn += 1
        return DrawnSecret(text, digest_of(text))


@dataclass
class MemoryUses:
    noted: list = field(default_factory=list)

    def note(self, used, at):
        self.noted.append((used.id, at))
