from dataclasses import dataclass

from catalog_service.domain.binding import BindingWarning, Wanted, bind, warnings_about
from catalog_service.domain.definition import Action, Limits, hosts_of
from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore, Hosts, Schemas
from catalog_service.usecases.open_gpt import OpenGpt
from catalog_service.usecases.pin_tools import PinTools
from contracts.access import Verb
from contracts.facts import GptChanged
from contracts.ids import ActionId, GptId, new_id
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class Bound:
    """The action as it was stored, and what will stand in its way later."""

    gpt: Gpt
    action: Action
    warnings: tuple[BindingWarning, ...]


@dataclass(frozen=True, slots=True)
class BindAction:
    """Give a GPT a new action, or an action that it has (`action_id`) another schema version.

    A domain that is refused, or called by another action too, is a warning here: the builder's work
    is kept while an admin decides.
    """

    gpts: GptStore
    pin_tools: PinTools
    schemas: Schemas
    hosts: Hosts
    limits: Limits

    async def __call__(
        self,
        principal: Principal,
        gpt_id: GptId,
        action_id: ActionId | None,
        wanted: Wanted,
        at_revision: int | None,
    ) -> Bound:
        seen = await OpenGpt(self.gpts)(principal, Verb.EDIT, gpt_id, at_revision)
        known = seen.draft.action(action_id).id if action_id else ActionId(new_id("act"))
        seen = await self.pin_tools(seen)
        action = await self._bind(seen, known, wanted)
        changed = seen.redrafted(seen.draft.holding(action, self.limits))
        refusals = await self.hosts.refused(seen.workspace_id, hosts_of([action]))
        shared = changed.draft.hosts_shared_by(action)
        if shared and not await self.hosts.must_be_unique(seen.workspace_id):
            shared = ()
        if changed is not seen:
            fact = GptChanged(
                workspace_id=seen.workspace_id, gpt_id=gpt_id, revision=changed.revision
            )
            await self.gpts.change(seen, changed, fact)
        return Bound(changed, action, warnings_about(action, refusals, shared))

    async def _bind(self, seen: Gpt, action_id: ActionId, wanted: Wanted) -> Action:
        names = wanted.operations or ()
        self.limits.check_operations(len(names))
        brief = await self.schemas.read(seen.workspace_id, wanted.schema_id, names)
        return bind(action_id, wanted, brief, seen.draft, self.limits)
