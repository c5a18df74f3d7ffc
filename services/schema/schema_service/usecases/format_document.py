from dataclasses import dataclass

from schema_service.ports import Examiner


@dataclass(frozen=True, slots=True)
class FormatDocument:
    """The same document, laid out anew; what cannot be read comes back as it is."""

    examiner: Examiner

    async def __call__(self, raw: bytes) -> bytes:
        return await self.examiner.format(raw)
