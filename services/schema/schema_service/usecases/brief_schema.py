from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from contracts import requests
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import BlockingBrief, OperationBrief, SchemaBrief, ServerChoice
from egress.server_url import ServerUrl
from schema_service.domain.chosen_server import chosen_server, variables_of
from schema_service.domain.errors import SchemaNotFound
from schema_service.domain.examined import OperationSummary
from schema_service.domain.source_digest import source_digest
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import SchemaStore
from schema_service.usecases.read_schema import ReadSchema

MAX_BRIEFED = 128
MAX_PATH_SHOWN = 120
PAGE_BYTES = MAX_MESSAGE_BYTES - 8 * 1024
"""Of a page's operations and origins as JSON; the title and what carries them take the rest."""


class _SigningIn(NamedTuple):
    """How calls of an operation sign in, as the document says."""

    anonymous: bool = False
    wants_credential: bool = False


class _Placed(NamedTuple):
    """Where a choice of the builder's has an operation called; empty where it leaves it."""

    server: str = ""
    origin: str = ""
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefSchema:
    """What binding an action needs: the named operations, or the first that are ready, in pages.

    A base URL that nobody may call is refused, whether or not an operation is called there. A page
    holds as many as its bytes allow, whatever they hold, and at least one.
    """

    schemas: SchemaStore
    read_schema: ReadSchema
    clock: Callable[[], datetime]

    async def __call__(self, asked: requests.ReadSchema) -> SchemaBrief:
        schema = await self.read_schema(asked.workspace_id, asked.schema_id)
        await self._refuse_if_removing(schema)
        if asked.server is not None:
            self.read_schema.apply_operator_rules.check_base_url(asked.server.base_url)
        operations = schema.summaries()
        wanted = set(asked.names)
        chosen = [
            each
            for each in operations
            if (
                each.name in wanted
                if wanted
                else each.origin is not None or (asked.server is not None and each.lacks_server)
            )
        ][:MAX_BRIEFED]
        rest = chosen[asked.offset :]
        known = await self._signing_in(schema, rest)
        placed = await self._placed(schema, rest, asked.server)
        briefs = [
            _brief(schema.digest, each, known[each.name], placed.get(each.name)) for each in rest
        ]
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

    async def _placed(
        self,
        schema: StoredSchema,
        chosen: Sequence[OperationSummary],
        choice: ServerChoice | None,
    ) -> dict[str, _Placed]:
        """By name, where a choice was made. Raises as `chosen_server`, and where the operator's
        settings refuse what was chosen.
        """
        able = [each for each in chosen if each.origin is not None or each.lacks_server]
        if choice is None or not able:
            return {}
        names = [each.name for each in able]
        forms = await self.schemas.forms(schema.workspace_id, schema.id, names)
        blocked = {each.name for each in able if each.origin is None}
        placed, rules = {}, self.read_schema.apply_operator_rules.origins
        for name, text in forms.texts.items():
            form = orjson.loads(text)
            blocks, source = name in blocked, schema.source_url
            server = chosen_server(form, choice, blocked=blocks, source_url=source, origins=rules)
            placed[name] = _Placed(server, self._origin(server), variables_of(form))
        return placed

    def _origin(self, server: str) -> str:
        if not server:
            return ""
        origin = ServerUrl.parse(server).origin
        refusal = self.read_schema.apply_operator_rules.origins.refusal(origin)
        if refusal is not None:
            raise refusal
        return origin

    async def _refuse_if_removing(self, schema: StoredSchema) -> None:
        """`SchemaNotFound` for what somebody is deleting. An attempt that broke off is ended first,
        so that it cannot go on.
        """
        removal = schema.removal
        if removal is None:
            return
        if not removal.is_over(self.clock()):
            raise SchemaNotFound
        await self.schemas.end_removal(schema.workspace_id, schema.id, removal.token)
        again = await self.schemas.find(schema.workspace_id, schema.id)
        if again is None or again.removal is not None:
            raise SchemaNotFound

    async def _signing_in(
        self, schema: StoredSchema, chosen: Sequence[OperationSummary]
    ) -> dict[str, _SigningIn]:
        """By name. What an earlier release stored has it only in the compiled forms, until it is
        compiled again.
        """
        known = {each.name: _signing_in_of(each) for each in chosen}
        unknown = [name for name, found in known.items() if found is None]
        if unknown:
            forms = await self.schemas.forms(schema.workspace_id, schema.id, unknown)
            for name, text in forms.texts.items():
                known[name] = _signing_in_of_form(orjson.loads(text))
        return {name: found or _SigningIn() for name, found in known.items()}


def _signing_in_of(operation: OperationSummary) -> _SigningIn | None:
    if operation.anonymous is None or operation.wants_credential is None:
        return None
    return _SigningIn(operation.anonymous, operation.wants_credential)


def _signing_in_of_form(form: dict[str, Any]) -> _SigningIn:
    return _SigningIn(form["anonymous"], bool(form.get("security")) and not form["anonymous"])


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


def _brief(
    document: str, operation: OperationSummary, signing_in: _SigningIn, placed: _Placed | None
) -> OperationBrief:
    server, origin, variables = placed or _Placed()
    server = server or operation.server
    called = origin or operation.origin or ""
    return OperationBrief(
        operation_id=operation.operation_id[:64],
        name=operation.name,
        method=operation.method,
        path=operation.path[:MAX_PATH_SHOWN],
        origin=called,
        consequential=operation.consequential,
        ready=bool(called),
        source_digest=source_digest(document, operation, {"server": server} if server else None),
        anonymous=signing_in.anonymous,
        wants_credential=signing_in.wants_credential,
        server=server,
        server_variables=variables,
        lacks_server=operation.lacks_server and not called,
        blocked_by=None if called else _blocking(operation),
    )


def _blocking(operation: OperationSummary) -> BlockingBrief | None:
    found = operation.blocked_by
    if found is None:
        return None
    return BlockingBrief(code=found.code, message=found.message, hint=found.hint)
