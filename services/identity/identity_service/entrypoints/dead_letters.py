"""Facts that a service could not process, for whoever operates the installation.

What a fact holds is never shown: it may be anybody's.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from identity_service.domain.dead_letter import (
    DeadLetter,
    DeadLetterCut,
    DeadLetterNotFound,
    DeadLettersUnavailable,
)
from identity_service.entrypoints.http import App
from identity_service.entrypoints.operators_page import Page
from kit.errors import Unauthenticated
from kit.pages import CursorInvalid, PageView
from kit.problems import problems

MAX_SEQUENCE = 2**63 - 1
Sequence = Annotated[int, Path(ge=1, le=MAX_SEQUENCE, description="As the list shows it.")]


class DeadLetterView(BaseModel):
    sequence: int
    service: str = Field(description="Which could not process the fact.")
    subject: str = Field(description="On which the fact was published, as `fact.gpt.removed.v1`.")
    reason: str = Field(description="The service's error code, and members that do not fit.")
    deliveries: int
    at: datetime | None
    workspace_id: str | None
    is_whole: bool = Field(description="False: only its beginning was kept, it is not retried.")

    @classmethod
    def of(cls, letter: DeadLetter) -> "DeadLetterView":
        return cls.model_validate(letter, from_attributes=True)


def dead_letter_routes(operator: Any) -> APIRouter:
    """`operator` is the dependency that lets nobody but the operator pass."""
    router = APIRouter(
        prefix="/v1/operator/dead-letters",
        tags=["operator"],
        dependencies=[operator],
        responses=problems(Unauthenticated, DeadLettersUnavailable),
    )

    @router.get("", responses=problems(CursorInvalid))
    async def list_dead_letters(app: App, page: Page) -> PageView[DeadLetterView]:
        """Facts that a service could not process, oldest first, without what they hold."""
        after = _sequence_of(page.after)
        found = await app.dead_letters.page(page.limit, after)
        shown = [DeadLetterView.of(each) for each in found]
        return page.view_of(shown, [str(each.sequence) for each in found])

    @router.post(
        "/{sequence}/retry", status_code=204, responses=problems(DeadLetterNotFound, DeadLetterCut)
    )
    async def retry_dead_letter(sequence: Sequence, app: App) -> None:
        """Publish the fact once more, and remove the dead letter.

        If its service fails again, there is another one.
        """
        await app.dead_letters.retry(sequence)

    @router.post("/{sequence}/discard", status_code=204, responses=problems(DeadLetterNotFound))
    async def discard_dead_letter(sequence: Sequence, app: App) -> None:
        """Remove a dead letter for good: its service will never process the fact."""
        await app.dead_letters.discard(sequence)

    return router


def _sequence_of(after: str | None) -> int:
    if after is None:
        return 0
    if not (after.isascii() and after.isdecimal()) or int(after) > MAX_SEQUENCE:
        raise CursorInvalid(
            "This cursor was not made by us.", hint="Use `next_cursor` of the previous page."
        )
    return int(after)
