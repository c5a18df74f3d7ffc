"""One request of a scenario, made by both services' domains and sent to the server that judges."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from contracts.errors import PlatformError
from contracts.operation import Operation
from egress import EgressSettings, OutboundRequest, parse_server_url
from egress.message import request_bytes
from execution_service.domain.admission import Refused, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from execution_service.domain.platform_headers import platform_headers
from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax
from tests.typespec.expected_arguments import Arguments, Undecided

SERVER = "https://api.example.com"
CREDENTIALS = ("authorization", "x-ms-api-key")
TEMPLATE = re.compile(r"\{([^{}]+)\}")
PASSED = "passed"

Json = dict[str, Any]


@dataclass(frozen=True)
class Described:
    """An operation, and the base path of its server, with its variables."""

    operation: Operation
    base: str

    @property
    def template(self) -> str:
        return self.base + self.operation.path

    def matches(self, api: Json) -> dict[str, str] | None:
        """What the template's names stand for; Express takes a slash at the end or none."""
        steps = TEMPLATE.split(self.template)
        steps[::2] = [re.escape(each) for each in steps[::2]]
        names, steps[1::2] = steps[1::2], ["([^/]*)"] * len(steps[1::2])
        pattern = re.compile("".join(steps))
        found = pattern.fullmatch(api["uri"]) or pattern.fullmatch(f"{api['uri']}/")
        if found is None or self.operation.method.lower() != api["method"]:
            return None
        return dict(zip(names, found.groups(), strict=True))

    def at(self, values: dict[str, str]) -> Operation:
        base = TEMPLATE.sub(lambda found: values[found[1]], self.base)
        return self.operation.model_copy(update={"server": SERVER + base})


class Operations:
    def __init__(self, every: list[Described]) -> None:
        self.every = sorted(every, key=lambda each: each.template.count("{"))

    @classmethod
    def of(cls, documents: Iterable[Json]) -> Self:
        return cls([each for document in documents for each in _described(document)])

    def matching(self, api: Json) -> list[tuple[Operation, dict[str, str]]]:
        """Those whose templates have fewest gaps."""
        found = [(each, values) for each in self.every if (values := each.matches(api)) is not None]
        fewest = found[0][0].template.count("{") if found else 0
        return [(d.at(v), v) for d, v in found if d.template.count("{") == fewest]


def _described(document: Json) -> Iterable[Described]:
    servers = document.get("servers") or [{"url": ""}]
    base = re.sub(r"^(\{\w+\}|https?://[^/]+)", "", servers[0]["url"]).rstrip("/")
    document["servers"] = [{"url": SERVER}]
    for detected in examine(Reading(b"{}", Syntax.JSON, document)).operations:
        if detected.operation is not None:
            yield Described(detected.operation, base)


async def outcome(apis: list[Json], operations: Operations, port: int) -> str:
    """`PASSED`, or why the first of a scenario's requests did not."""
    for api in apis:
        said = [await _one(api, *each, port) for each in operations.matching(api)]
        if PASSED not in said:
            return said[0] if said else "no operation: the document has none for this request"
    return PASSED


async def _one(api: Json, operation: Operation, in_path: dict[str, str], port: int) -> str:
    try:
        request = _built(api, operation, Arguments(operation, api, in_path).all())
    except (Undecided, KeyError, ValueError) as why:
        return f"undecided: {why!r}"
    except PlatformError as why:
        return f"refused: {why.code}: {why.sentence}"
    if isinstance(request, Refused):
        return f"refused: {[each.message for each in request.faults]}"
    status = await _status(request_bytes(request), port)
    wanted = api["status"]
    return PASSED if status == wanted else f"status {status} instead of {wanted}"


def _built(api: Json, operation: Operation, arguments: Json) -> OutboundRequest | Refused:
    compiled = CompiledOperation.of(operation)
    chosen = compiled.chosen(_content_type(api, operation), _accept(api, compiled))
    admitted = admit(compiled, arguments, chosen=chosen)
    if isinstance(admitted, Refused):
        return admitted
    built = build_request(compiled, admitted)
    own = [*built.headers, *_credential(api, operation)]
    return OutboundRequest(
        method=built.method,
        target=parse_server_url(operation.server, EgressSettings()).at(built.raw_path_and_query),
        headers=(*platform_headers("gpt_1", own, compiled.accept(chosen)), *own),
        body=built.body,
        pool_key="scenarios",
    )


def _accept(api: Json, compiled: CompiledOperation) -> str | None:
    wanted = next((str(v) for k, v in api["headers"].items() if k.lower() == "accept"), None)
    return wanted if wanted in compiled.answer_types else None


def _content_type(api: Json, operation: Operation) -> str | None:
    body = operation.body
    wanted = (api["body"] or {}).get("contentType")
    others = body.alternatives if body is not None else ()
    return wanted if any(each.media_type == wanted for each in others) else None


def _credential(api: Json, operation: Operation) -> list[tuple[str, str]]:
    """What auth would add: documents describe it as security."""
    if operation.anonymous or not operation.security:
        return []
    return [(k, str(v)) for k, v in api["headers"].items() if k.lower() in CREDENTIALS]


async def _status(sent: bytes, port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    line = await asyncio.wait_for(reader.readline(), timeout=20)
    writer.close()
    return int(line.split()[1])
