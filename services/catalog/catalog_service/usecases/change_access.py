from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog_service.domain.access_warnings import AccessWarning, access_warnings
from catalog_service.domain.errors import OwnerBuildsNothing, UnknownMembers
from catalog_service.domain.gpt import Gpt
from catalog_service.domain.publication import check_publishable
from catalog_service.ports import GptStore, Members
from catalog_service.usecases.open_gpt import OpenGpt, expect
from contracts.access import GptAccess, Level, Sharing, Verb
from contracts.facts import GptAccessChanged
from contracts.ids import GptId, MemberId
from contracts.principal import Principal
from kit.contention import repeats_on_contention


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

    def raised_over(self, access: GptAccess) -> tuple[MemberId, ...]:
        """Whom it gives more, by id. Others on the list are not asked about again: a member who was
        removed since must not prevent another change of it.
        """
        order, listed = [*Level], dict(access.entries)
        added = [
            member_id
            for member_id, level in self.entries or ()
            if member_id not in listed or order.index(level) > order.index(listed[member_id])
        ]
        if self.owner and self.owner != access.owner:
            added.append(self.owner)
        return tuple(dict.fromkeys(added))


@dataclass(frozen=True, slots=True)
class ChangedAccess:
    gpt: Gpt
    warnings: tuple[AccessWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeAccess:
    """Say who may use a GPT; in force everywhere within a second.

    The same again succeeds, whatever revision was expected, once that is in force. Whom it adds
    must be a member of the workspace.
    """

    gpts: GptStore
    members: Members

    @repeats_on_contention
    async def __call__(
        self, principal: Principal, gpt_id: GptId, edit: AccessEdit, at_revision: int | None
    ) -> ChangedAccess:
        seen = await OpenGpt(self.gpts)(principal, Verb.CHANGE_ACCESS, gpt_id)
        changed = seen.shared(edit.applied_to(seen.access))
        if changed is seen:
            await self.gpts.ensure_in_force(seen.workspace_id, gpt_id)
            return ChangedAccess(seen)
        expect(seen, at_revision)
        if seen.published and changed.sharing is not seen.sharing:
            check_publishable(seen.published.definition, changed.sharing)
        raised = edit.raised_over(seen.access)
        checked = await self.members.check(seen.workspace_id, raised)
        if checked.unknown:
            raise UnknownMembers(checked.unknown)
        if changed.owner != seen.owner and changed.owner in checked.users:
            raise OwnerBuildsNothing
        fact = GptAccessChanged(
            workspace_id=seen.workspace_id, gpt_id=gpt_id, revision=changed.revision
        )
        await self.gpts.change(seen, changed, fact)
        return ChangedAccess(changed, access_warnings(principal, seen, changed, checked.users))
