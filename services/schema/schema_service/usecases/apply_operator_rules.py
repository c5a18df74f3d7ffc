import asyncio
from dataclasses import dataclass
from typing import TypeVar

from schema_service.domain.examined import Examined
from schema_service.domain.operator_rules import all_open, judged
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import OriginRules

D = TypeVar("D", Examined, StoredSchema)


@dataclass(frozen=True, slots=True)
class ApplyOperatorRules:
    """Say of a document what the operator's settings say of its servers, as they are now.

    Beside the event loop where a server may not be called: thousands of operations become objects.
    """

    origins: OriginRules

    async def __call__(self, document: D) -> D:
        if all_open(document.origins, self.origins.refusal):
            return document
        return await asyncio.to_thread(judged, document, self.origins.refusal)
