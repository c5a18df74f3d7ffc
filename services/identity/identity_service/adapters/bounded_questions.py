import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from contracts.ids import WorkspaceId
from identity_service.domain.oidc.errors import ProviderUnreachable
from kit.shares import FairShares, Resource

QUESTIONS = Resource(
    "issuer_questions",
    "Owners of this workspace have {used} to issuers under way, which is as many as may be.",
    noun="question",
    hint="Wait until they are answered, or for half a minute; then send this again.",
)
PLACES, PLACES_OF_ONE = 32, 2
LONGEST_SECONDS = 25.0
"""An issuer's own two answers may take ten each; the edge waits for a minute."""


def _places() -> FairShares:
    return FairShares("identity", QUESTIONS, PLACES, PLACES_OF_ONE)


@dataclass(frozen=True, slots=True)
class BoundedQuestions:
    """`Questions` of this replica: few at a time, since those to one issuer wait for each other."""

    places: FairShares = field(default_factory=_places)
    longest_seconds: float = LONGEST_SECONDS

    @asynccontextmanager
    async def of(self, workspace_id: WorkspaceId) -> AsyncIterator[None]:
        with self.places.held(workspace_id):
            try:
                async with asyncio.timeout(self.longest_seconds):
                    yield
            except TimeoutError:
                what = f"it took longer than {self.longest_seconds:g} seconds."
                raise ProviderUnreachable(what).for_owner() from None
            except ProviderUnreachable as refusal:
                raise refusal.for_owner() from None
