import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from schema_service.domain.compiling.server.hosts import checked_base_url
from schema_service.domain.examined import Examined
from schema_service.domain.operator_rules import as_stored, listed, with_operator_rules
from schema_service.domain.origin_rules import OriginRules
from schema_service.domain.stored_schema import SchemaSummary, StoredSchema

D = TypeVar("D", Examined, StoredSchema)


@dataclass(frozen=True, slots=True)
class ApplyOperatorRules:
    """Block the operations of a document whose servers the operator's settings refuse now.

    Beside the event loop where that takes long: an origin that is new to this process takes a tenth
    of a millisecond, and where one may not be called, thousands of operations become objects.
    """

    origins: OriginRules

    async def __call__(self, document: D) -> D:
        if as_stored(document, self.origins):
            return document
        return await asyncio.to_thread(with_operator_rules, document, self.origins)

    def check_base_url(self, base_url: str | None) -> None:
        """Raises where no call may be sent to what a builder says."""
        if base_url is None:
            return
        refusal = self.origins.refusal(checked_base_url(base_url).origin)
        if refusal is not None:
            raise refusal

    async def in_list(self, schemas: Sequence[SchemaSummary]) -> list[SchemaSummary]:
        rules = self.origins
        return await asyncio.to_thread(lambda: [listed(each, rules) for each in schemas])
