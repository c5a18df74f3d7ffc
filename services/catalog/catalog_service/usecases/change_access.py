from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog_service.domain.errors import UnknownMembers
from catalog_service.domain.gpt import Gpt
from catalog_service.domain.publication import check_publishable
from catalog_service.ports import GptStore, Members
from catalog_service.usecases.open_gpt import OpenGpt, expect
from contracts.access import GptAccess, Level, Sharing, Verb
from contracts.facts import GptAccessChanged
from contracts.ids import GptId, MemberId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class AccessEdit:
    """What is None stays as it is."""

    owner: MemberId | None = None
    sharing: Sharing | None = None
    entries: Sequence[tuple[MemberId, Level]] | None = None

    def applied_to(self, access: GptAccess) -> GptAccess:
        entries = access.entries if self.entries is None else tuple(self.entries)
        return replace(
            access,
            owner=self.owner or access.owner,
            sharing=self.sharing or access.sharing,
            entries=entries,
        )

    def new_to(self, access: GptAccess) -> tuple[MemberId, ...]:
        """Whom it adds, by id. Who is on the list already is not asked about again: a member who
        was removed since must not hinder another change of it.
        """
        listed = {member_id for member_id, _ in access.entries}
        added = [member_id for member_id, _ in self.entries or () if member_id not in listed]
        if self.owner and self.owner != access.owner:
            added.append(self.owner)
        return tuple(dict.fromkeys(added))


@dataclass(frozen=True, slots=True)
class ChangeAccess:
    """Say who may use a GPT; in force before it is answered.

    The same again succeeds, whatever revision was expected, once that is in force. Whom it adds
    must be a member of the workspace.
    """

    gpts: GptStore
    members: Members

    async def __call__(
        self, principal: Principal, gpt_id: GptId, edit: AccessEdit, at_revision: int | None
    ) -> Gpt:
        seen = await OpenGpt(self.gpts)(principal, Verb.CHANGE_ACCESS, gpt_id)
        changed = seen.shared(edit.applied_to(seen.access))
        if changed is seen:
            await self.gpts.ensure_in_force(seen.workspace_id, gpt_id)
            return seen
        expect(seen, at_revision)
        if seen.published and changed.sharing is not seen.sharing:
            check_publishable(seen.published.definition, changed.sharing)
        unknown = await self.members.unknown(seen.workspace_id, edit.new_to(seen.access))
        if unknown:
            raise UnknownMembers(unknown)
        fact = GptAccessChanged(
            workspace_id=seen.workspace_id, gpt_id=gpt_id, revision=changed.revision
        )
        await self.gpts.change(seen, changed, fact)
        return changed
