"""Invitations in memory; the contract suite runs against them and against MongoDB."""

from dataclasses import dataclass, field


@dataclass
class MemoryInvitations:
    _invitations: dict = field(default_factory=dict)
    _closed: dict = field(default_factory=dict)

    async def add(self, invitation):
        self._invitations[invitation.id] = invitation

    async def find_by_digest(self, digest):
        found = self._invitations.values()
        return next((each for each in found if each.digest == digest), None)

    async def page(self, workspace_id, limit, after):
        newest_first = sorted(self._within(workspace_id), key=lambda each: each.id, reverse=True)
        return [each for each in newest_first if after is None or each.id < after][: limit + 1]

    async def count(self, workspace_id):
        return len(self._within(workspace_id))

    async def count_beside(self, workspace_id, email):
        return len([each for each in self._within(workspace_id) if each.email != email])

    async def revoke_to(self, workspace_id, emails):
        for each in self._within(workspace_id):
            if each.email in emails:
                del self._invitations[each.id]

    async def open_to(self, workspace_id, email):
        return {each.id for each in self._within(workspace_id) if each.email == email}

    async def close_to(self, workspace_id, emails, at):
        self._closed |= {(workspace_id, email): at for email in emails}
        await self.revoke_to(workspace_id, emails)

    async def closed_at(self, workspace_id, email):
        return self._closed.get((workspace_id, email))

    async def use_up(self, workspace_id, invitation_id):
        mine = {each.id for each in self._within(workspace_id)}
        return invitation_id in mine and self._invitations.pop(invitation_id, None) is not None

    def _within(self, workspace_id):
        return [each for each in self._invitations.values() if each.workspace_id == workspace_id]
