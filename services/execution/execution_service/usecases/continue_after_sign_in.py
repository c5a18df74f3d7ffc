from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from contracts.errors import PlatformError
from contracts.ids import ActionId, InvocationId, MemberId, WorkspaceId
from execution_service.domain.stored_call import State
from execution_service.ports import StoredCalls
from kit.contention import repeats_on_contention

MAX_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ContinueAfterSignIn:
    """Let those calls of a member go on that wait for their sign-in at the API of an action.

    Each is stored as received, by a compare-and-set; whichever replica claims it then continues it
    (`RecoverCalls`), within seconds. A fact that is delivered again finds none that wait.
    """

    calls: StoredCalls
    clock: Callable[[], datetime]

    async def __call__(
        self, workspace_id: WorkspaceId, action_id: ActionId, member_id: MemberId
    ) -> None:
        """Raises once all were tried where that failed for one."""
        failed: PlatformError | None = None
        after: InvocationId | None = None
        while True:
            ids = await self.calls.waiting_for_sign_in(
                workspace_id, (action_id, member_id), MAX_AT_ONCE, after
            )
            for id_ in ids:
                try:
                    await self._resume(workspace_id, id_)
                except PlatformError as error:
                    failed = error
            if len(ids) < MAX_AT_ONCE:
                break
            after = ids[-1]
        if failed is not None:
            raise failed

    @repeats_on_contention
    async def _resume(self, workspace_id: WorkspaceId, id_: InvocationId) -> None:
        """One whose arguments cannot be read, as their key is not configured, is left as it is."""
        stored = await self.calls.find(workspace_id, id_)
        if stored is None or stored.state is not State.WAITING_FOR_SIGN_IN:
            return
        if stored.asked.arguments is not None:
            await self.calls.change(stored, stored.resumed(self.clock()))
