from contextlib import suppress
from dataclasses import dataclass

from catalog_service.domain.binding import (
    ActionEdit,
    BindingWarning,
    Wanted,
    bind,
    called_elsewhere,
    unknown_variables,
    warnings_about,
)
from catalog_service.domain.definition import Action, Limits, hosts_of
from catalog_service.domain.errors import SchemaGone
from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore, Hosts, Schemas
from catalog_service.usecases.open_gpt import OpenGpt
from catalog_service.usecases.pin_tools import PinTools
from contracts.access import Verb
from contracts.errors import NotFound, PlatformError
from contracts.facts import GptChanged
from contracts.ids import ActionId, GptId, new_id
from contracts.principal import Principal
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


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
    is kept while an admin decides. Once it is stored, schema is asked again whether the document is
    still there: whoever deletes one marks it first and asks for its uses then, so one of the two
    sees the other (decision 32).
    """

    gpts: GptStore
    pin_tools: PinTools
    schemas: Schemas
    hosts: Hosts
    limits: Limits

    @repeats_on_contention
    async def __call__(
        self,
        principal: Principal,
        gpt_id: GptId,
        action_id: ActionId | None,
        wanted: Wanted | ActionEdit,
        at_revision: int | None,
    ) -> Bound:
        seen = await OpenGpt(self.gpts)(principal, Verb.EDIT, gpt_id, at_revision)
        before = seen.draft.action(action_id) if action_id else None
        if isinstance(wanted, ActionEdit):
            wanted = wanted.applied_to(seen.draft.action(action_id or ActionId("")))
        seen = await self.pin_tools(seen)
        id_ = before.id if before else ActionId(new_id("act"))
        action, unused = await self._bind(seen, id_, wanted)
        changed = seen.redrafted(seen.draft.holding(action, self.limits))
        refusals = await self.hosts.refused(seen.workspace_id, hosts_of([action]))
        shared = changed.draft.hosts_shared_by(action)
        if shared and not (await self.hosts.switches(seen.workspace_id)).unique_hosts:
            shared = ()
        if changed is not seen:
            await self.gpts.change(seen, changed, _fact_of(changed))
            await self._keep_if_there(seen, changed, action)
        removed = bool(before and before.privacy_policy_url and not action.privacy_policy_url)
        unplaced = bool(before and before.server_values and not action.server_values)
        warnings = warnings_about(
            action,
            refusals,
            shared,
            policy_removed=removed and not wanted.names_policy,
            server_values_removed=unplaced and not wanted.names_server,
            unused_variables=unused,
        )
        return Bound(changed, action, (*warnings, *called_elsewhere(before, action)))

    async def _keep_if_there(self, seen: Gpt, changed: Gpt, action: Action) -> None:
        """Take the binding back where its schema was deleted meanwhile, or where that is unknown
        because schema does not answer.
        """
        try:
            await self.schemas.read(seen.workspace_id, action.schema_id, action.operations[:1])
        except PlatformError as why:
            withdrawn = changed.redrafted(seen.draft)
            with suppress(ChangedMeanwhile):  # publishing refuses an action without its schema
                await self.gpts.change(changed, withdrawn, _fact_of(withdrawn))
            if isinstance(why, NotFound):
                raise SchemaGone from None
            raise

    async def _bind(
        self, seen: Gpt, action_id: ActionId, wanted: Wanted
    ) -> tuple[Action, list[str]]:
        """With the server variables that it keeps though the schema has them no more."""
        names = wanted.operations or ()
        self.limits.check_operations(len(names))
        server = wanted.server_values
        brief = await self.schemas.read(seen.workspace_id, wanted.schema_id, names, server)
        action = bind(action_id, wanted, brief, seen.draft, self.limits)
        return action, unknown_variables(action.server_variables, brief)


def _fact_of(changed: Gpt) -> GptChanged:
    return GptChanged(
        workspace_id=changed.workspace_id, gpt_id=changed.id, revision=changed.revision
    )
