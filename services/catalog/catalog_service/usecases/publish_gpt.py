from dataclasses import dataclass

from catalog_service.domain.definition import Definition, hosts_of
from catalog_service.domain.errors import DomainsRefused, GptNotFound
from catalog_service.domain.gpt import Gpt, Publication, Sharing
from catalog_service.domain.publication import check_publishable
from catalog_service.ports import Clock, GptStore, Hosts, VersionStore
from contracts.facts import GptPublished
from contracts.ids import GptId, MemberId, WorkspaceId
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class PublishGpt:
    """Make the draft the version that calls use.

    The version in use is part of its GPT's document, so that one write commits version, pointer and
    fact. What it takes the place of is kept first; doing that twice is harmless. Publishing what is
    published succeeds, whatever revision was expected, once that is in force.
    """

    gpts: GptStore
    versions: VersionStore
    hosts: Hosts
    now: Clock

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        gpt_id: GptId,
        sharing: Sharing,
        by: MemberId,
        at_revision: int | None,
    ) -> Gpt:
        seen = await self.gpts.read(workspace_id, gpt_id)
        changed = seen.publishing(Publication(sharing, self.now(), by))
        if changed is seen:
            await self.gpts.ensure_in_force(workspace_id, gpt_id)
            return seen
        if at_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        check_publishable(seen.draft, sharing)
        await self._check_hosts(workspace_id, seen.draft)
        if seen.published:
            await self.versions.keep(workspace_id, seen.published)
        try:
            await self.gpts.change(seen, changed, _published(changed))
        except ChangedMeanwhile:
            await self._forget_what_a_removal_missed(workspace_id, gpt_id)
            raise
        return changed

    async def _forget_what_a_removal_missed(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None:
        """A GPT removed meanwhile may have had its versions forgotten before this kept one."""
        try:
            await self.gpts.read(workspace_id, gpt_id)
        except GptNotFound:
            await self.versions.forget(workspace_id, gpt_id)

    async def _check_hosts(self, workspace_id: WorkspaceId, draft: Definition) -> None:
        refusals = await self.hosts.refused(workspace_id, hosts_of(draft.actions))
        if refusals:
            raise DomainsRefused(refusals)


def _published(gpt: Gpt) -> GptPublished:
    return GptPublished(
        workspace_id=gpt.workspace_id,
        gpt_id=gpt.id,
        version=gpt.in_use.number,
        action_ids=tuple(action.id for action in gpt.offered),
    )
