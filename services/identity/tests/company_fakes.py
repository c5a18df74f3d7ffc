"""What signing in with a company's account needs of the world, in memory."""

from dataclasses import dataclass, field

from identity_service.domain.oidc.sign_in_settings import ConfirmedDomains
from kit.documents import Overtaken


@dataclass
class MemorySignInSettings:
    _settings: dict = field(default_factory=dict)

    async def find(self, workspace_id):
        return self._settings.get(workspace_id)

    async def of_issuer(self, issuer):
        return [each for each in self._all() if each.issuer == issuer]

    async def of_domain(self, domain):
        return [each for each in self._all() if domain in each.domains]

    async def save(self, seen, changed):
        if self._settings.get(changed.workspace_id) != seen:
            raise Overtaken
        self._settings[changed.workspace_id] = changed

    async def remove(self, seen):
        if self._settings.get(seen.workspace_id) != seen:
            return False
        del self._settings[seen.workspace_id]
        return True

    def _all(self):
        return [self._settings[each] for each in sorted(self._settings)]


@dataclass
class MemoryConfirmedDomains:
    _confirmed: dict = field(default_factory=dict)

    async def find(self, workspace_id):
        return self._confirmed.get(workspace_id, ConfirmedDomains(workspace_id))

    async def put(self, confirmed):
        self._confirmed[confirmed.workspace_id] = confirmed


@dataclass
class MemoryIdentities:
    _identities: dict = field(default_factory=dict)

    async def find(self, workspace_id, issuer, subject):
        return self._identities.get((workspace_id, issuer, subject))

    async def of_member(self, workspace_id, member_id):
        whose = (workspace_id, member_id)
        found = self._identities.values()
        return [each for each in found if (each.workspace_id, each.member_id) == whose]

    async def everywhere(self, issuer, subject):
        found = sorted(self._identities.values(), key=lambda each: each.id)
        return [each for each in found if (each.issuer, each.subject) == (issuer, subject)]

    async def add(self, identity):
        key = (identity.workspace_id, identity.issuer, identity.subject)
        bound = await self.of_member(identity.workspace_id, identity.member_id)
        if any(each.issuer == identity.issuer for each in bound):
            return False
        return self._identities.setdefault(key, identity) is identity

    async def remove(self, identity):
        key = (identity.workspace_id, identity.issuer, identity.subject)
        self._identities.pop(key, None)


@dataclass
class MemoryEndedAttempts:
    _ended: set = field(default_factory=set)

    async def end(self, attempt, at):
        is_first = attempt.id not in self._ended
        self._ended.add(attempt.id)
        return is_first


@dataclass
class MemoryChoices:
    _choices: dict = field(default_factory=dict)

    async def add(self, choice):
        self._choices[choice.id] = choice

    async def find_by_digest(self, digest):
        return next((each for each in self._choices.values() if each.digest == digest), None)

    async def use_up(self, choice):
        return self._choices.pop(choice.id, None) is not None


@dataclass
class MemoryLogoutTokens:
    _known: set = field(default_factory=set)

    async def is_known(self, workspace_id, logout):
        return (workspace_id, logout) in self._known

    async def note(self, workspace_id, logout, at):
        is_first = (workspace_id, logout) not in self._known
        self._known.add((workspace_id, logout))
        return is_first


@dataclass
class MemoryNotes:
    emergencies: list = field(default_factory=list)
    admissions: list = field(default_factory=list)

    def emergency(self, member):
        self.emergencies.append(member.id)

    def admitted(self, member, how):
        self.admissions.append((member.id, how))
