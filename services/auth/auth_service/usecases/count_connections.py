from dataclasses import dataclass

from auth_service.domain.connection import ConnectionState
from auth_service.ports import Connections, CredentialStore
from contracts.ids import ActionId
from contracts.principal import Principal

COUNTED = (ConnectionState.LINKED, ConnectionState.SIGN_IN_AGAIN, ConnectionState.LOST)


@dataclass(frozen=True, slots=True)
class ActionCounts:
    action_id: ActionId
    origins: tuple[str, ...]
    counts: dict[ConnectionState, int]


@dataclass(frozen=True, slots=True)
class CountConnections:
    """Of the workspace's actions that members sign in to on their own, how many did."""

    connections: Connections
    credentials: CredentialStore

    async def __call__(
        self, principal: Principal, limit: int, after: str | None
    ) -> tuple[list[ActionCounts], str | None]:
        """Of a page of the actions that have settings; with the last one's id where there are
        more. Those that sign in by themselves are left out, so a page may be short.
        """
        workspace_id = principal.workspace_id
        page = await self.credentials.page(workspace_id, limit, after)
        counted = []
        for each in page[:limit]:
            record = next((record for record in each.records if record.per_user), None)
            if record is None:
                continue
            counts = {
                state: await self.connections.count(workspace_id, each.action_id, state)
                for state in COUNTED
            }
            counted.append(ActionCounts(each.action_id, record.origins, counts))
        return counted, page[limit - 1].action_id if len(page) > limit else None
