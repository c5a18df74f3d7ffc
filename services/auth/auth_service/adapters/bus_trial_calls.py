from dataclasses import dataclass

from auth_service.domain.errors import NothingToTestWith
from auth_service.domain.tested_credential import CalledOperation
from contracts.errors import Conflict
from contracts.ids import ActionId, GptId
from contracts.requests import TryOperation
from kit.bus import Bus

NOTHING_TO_TRY = "execution.nothing_to_try"
TRY_SECONDS = 55.0
"""Longer than execution waits for an API (45 s), shorter than the edge waits for auth (60 s)."""


@dataclass(frozen=True, slots=True)
class BusTrialCalls:
    """Asks execution; its refusals pass on as they are."""

    bus: Bus

    async def call(
        self, caller: str, gpt_id: GptId, action_id: ActionId, operation: str | None
    ) -> CalledOperation:
        asked = TryOperation(caller=caller, gpt_id=gpt_id, action_id=action_id, operation=operation)
        try:
            tried = await self.bus.ask(asked, TRY_SECONDS)
        except Conflict as refusal:
            if refusal.code == NOTHING_TO_TRY:
                raise NothingToTestWith from None
            raise
        return CalledOperation(
            tried.operation, tried.invocation_id, tried.status, tried.sentence, tried.hint
        )
