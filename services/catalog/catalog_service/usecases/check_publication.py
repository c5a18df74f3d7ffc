from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog_service.domain.definition import Action, Definition, hosts_of
from catalog_service.domain.errors import (
    DomainsRefused,
    HostsShared,
    OperationsBlocked,
    SignInsRefused,
)
from catalog_service.domain.publication import (
    CUSTOM_ACTIONS_OFF,
    PublicationWarning,
    credential_missing,
)
from catalog_service.ports import Hosts, Schemas, SignIns
from contracts.errors import Denied, Invalid, NotFound, PlatformError
from contracts.ids import WorkspaceId
from contracts.requests import SchemaBrief


@dataclass(frozen=True, slots=True)
class CheckPublication:
    """Whether policy, schema and auth let a draft's actions be called as they are now. What blocks
    every call is refused; what is a choice is answered as warnings.
    """

    schemas: Schemas
    hosts: Hosts
    sign_ins: SignIns

    async def __call__(
        self, workspace_id: WorkspaceId, draft: Definition
    ) -> tuple[PublicationWarning, ...]:
        if not draft.actions:
            return ()
        refusals = await self.hosts.refused(workspace_id, hosts_of(draft.actions))
        if refusals:
            raise DomainsRefused(refusals)
        switches = await self.hosts.switches(workspace_id)
        shared = draft.shared_hosts
        if shared and switches.unique_hosts:
            raise HostsShared(shared)
        wanting = await self._wanting_credentials(workspace_id, draft)
        origins_of = {action.id: action.origins for action in draft.actions if action.signs_in}
        checked = await self.sign_ins.check(workspace_id, origins_of)
        if checked.problems:
            raise SignInsRefused(checked.problems)
        missing = [credential_missing(each) for each in wanting if each.id in checked.unset]
        return (*missing, *(() if switches.custom_actions_enabled else (CUSTOM_ACTIONS_OFF,)))

    async def _wanting_credentials(
        self, workspace_id: WorkspaceId, draft: Definition
    ) -> list[Action]:
        """Actions whose documents name security schemes; raises where operations are blocked."""
        wanting: list[Action] = []
        faults: list[dict[str, Any]] = []
        for action in draft.actions:
            try:
                brief = await self._brief(workspace_id, action, faults)
            except NotFound:
                faults.append(_gone(action))
                continue
            faults += _faults(action, brief)
            if any(operation.wants_credential for operation in brief.operations):
                wanting.append(action)
        if faults:
            raise OperationsBlocked(faults)
        return wanting

    async def _brief(
        self, workspace_id: WorkspaceId, action: Action, faults: list[dict[str, Any]]
    ) -> SchemaBrief:
        """Where schema refuses the action's server values, that is one of the faults, and no
        operation is blamed for lacking a server.
        """
        schema_id, names, server = action.schema_id, action.operations, action.server_values
        try:
            return await self.schemas.read(workspace_id, schema_id, names, server)
        except (Invalid, Denied) as why:
            if not server:
                raise
            faults.append(_unfit(action, why))
        brief = await self.schemas.read(workspace_id, schema_id, names)
        able = (
            each.model_copy(update={"ready": each.ready or each.lacks_server})
            for each in brief.operations
        )
        return brief.model_copy(update={"operations": tuple(able)})


def _faults(action: Action, brief: SchemaBrief) -> Iterator[dict[str, Any]]:
    known = {operation.name: operation for operation in brief.operations}
    for name in action.operations:
        if name not in known or not known[name].ready:
            why = known[name].blocked_by if name in known else None
            unknown = "its document has errors, or its server may not be called here"
            reason = (why.message if why else unknown).rstrip(".")
            yield {
                "action_id": action.id,
                "schema_id": action.schema_id,
                "operation": name,
                "code": "catalog.operation_blocked",
                "message": f"The operation `{name}` of the action `{action.name}` is blocked: "
                f"{reason}.",
                **({"finding": why.code, "hint": why.hint} if why else {}),
            }


def _unfit(action: Action, why: PlatformError) -> dict[str, Any]:
    return {
        "action_id": action.id,
        "schema_id": action.schema_id,
        "code": why.code,
        "message": f"The base URL or the server variables of the action `{action.name}` cannot be "
        f"used any more: {why.sentence} Give it others, or none: "
        f"PATCH /v1/gpts/{{gpt_id}}/actions/{action.id}.",
        "hint": why.hint,
    }


def _gone(action: Action) -> dict[str, Any]:
    return {
        "action_id": action.id,
        "schema_id": action.schema_id,
        "code": "catalog.schema_gone",
        "message": f"The schema of the action `{action.name}` was deleted; bind another one.",
    }
