from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from contracts import requests
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import OperationBrief, SchemaBrief
from schema_service.domain.examined import OperationSummary
from schema_service.domain.source_digest import source_digest
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import SchemaStore
from schema_service.usecases.read_schema import ReadSchema

MAX_BRIEFED = 128
MAX_PATH_SHOWN = 120
PAGE_BYTES = MAX_MESSAGE_BYTES - 8 * 1024
"""Of a page's operations and origins as JSON; the title and what carries them take the rest."""


@dataclass(frozen=True, slots=True)
class BriefSchema:
    """What binding an action needs: the named operations, or the first that are ready, in pages.

    A page holds as many as its bytes allow, whatever they hold, and at least one.
    """

    schemas: SchemaStore
    read_schema: ReadSchema

    async def __call__(self, asked: requests.ReadSchema) -> SchemaBrief:
        schema = await self.read_schema(asked.workspace_id, asked.schema_id)
        operations = schema.summaries()
        wanted = set(asked.names)
        chosen = [
            each
            for each in operations
            if (each.name in wanted if wanted else each.origin is not None)
        ][:MAX_BRIEFED]
        rest = chosen[asked.offset :]
        anonymous = await self._anonymous(schema, rest)
        briefs = [_brief(schema.digest, each, each.name in anonymous) for each in rest]
        page = briefs[: _fitting(briefs)]
        following = asked.offset + len(page)
        return SchemaBrief(
            schema_id=schema.id,
            title=schema.title[:200],
            origins=tuple(sorted({each.origin for each in page if each.origin})),
            operations=tuple(page),
            total=len(operations),
            next_offset=following if following < len(chosen) else None,
        )

    async def _anonymous(
        self, schema: StoredSchema, chosen: Sequence[OperationSummary]
    ) -> frozenset[str]:
        """The names of those that are called without signing in.

        What commit b35d436 stored tells it only in the compiled forms, until it is compiled again.
        """
        unknown = [each.name for each in chosen if each.anonymous is None]
        known = {each.name for each in chosen if each.anonymous}
        if not unknown:
            return frozenset(known)
        forms = await self.schemas.forms(schema.workspace_id, schema.id, unknown)
        anonymous = (name for name, text in forms.texts.items() if orjson.loads(text)["anonymous"])
        return frozenset((*known, *anonymous))


def _fitting(briefs: Sequence[OperationBrief]) -> int:
    """How many of them fit a page."""
    size, origins = 0, set[str]()
    for number, brief in enumerate(briefs):
        size += len(brief.model_dump_json().encode()) + 1
        if brief.origin not in origins:
            origins.add(brief.origin)
            size += len(orjson.dumps(brief.origin)) + 1
        if size > PAGE_BYTES:
            return max(1, number)
    return len(briefs)


def _brief(document: str, operation: OperationSummary, anonymous: bool) -> OperationBrief:  # noqa: FBT001 - a member of it
    return OperationBrief(
        operation_id=operation.operation_id[:64],
        name=operation.name,
        method=operation.method,
        path=operation.path[:MAX_PATH_SHOWN],
        origin=operation.origin or "",
        consequential=operation.consequential,
        ready=operation.origin is not None,
        source_digest=source_digest(document, operation),
        anonymous=anonymous,
    )
