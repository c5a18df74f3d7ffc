"""The operator's settings applied to a document's servers, whenever it is read.

They may change, so nothing of what they decide is stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from contracts.errors import PlatformError
from egress.errors import ALLOW_IT, AddressRefused, HostRefused, PortRefused
from egress.origin import allowing_entry
from schema_service.domain.blocking import Blocking
from schema_service.domain.capped_findings import capped
from schema_service.domain.compiling.server.helping import title_of
from schema_service.domain.examination import Examination, Verdict
from schema_service.domain.examined import Examined, as_data
from schema_service.domain.fallen_back import FallenBack, fallen_back, with_https
from schema_service.domain.finding import Edit, Finding, Repair, Rule, Severity
from schema_service.domain.json_list import JsonList
from schema_service.domain.origin_rules import OriginRules
from schema_service.domain.stored_schema import SchemaSummary, StoredSchema

SERVER_NOT_HTTPS = Rule(
    "schema.server_not_https",
    Severity.ERROR,
    "Server URL {url} is not https, and its origin is not among the operator's allowed origins"
    "{besides}",
    "{way} The operator can allow an API of your own: EGRESS_ALLOWED_ORIGINS, or"
    " `openactions up --allow-origin {entry}`.",
)
SERVER_REFUSED = Rule(
    "schema.server_refused",
    Severity.ERROR,
    "Server URL {url} may not be called: {reason}",
    "{way} The operator can allow the origin of an API of your own: EGRESS_ALLOWED_ORIGINS, or"
    " `openactions up --allow-origin {entry}`.",
)
_REFUSED_OTHERWISE = Rule(SERVER_REFUSED.code, Severity.ERROR, SERVER_REFUSED.message, "{way}")
"""Where the origin itself is not what an operator would allow: a placeholder."""
SERVER_IS_EXAMPLE = Rule(
    "schema.server_is_example",
    Severity.WARNING,
    "Server URL {url} is a placeholder: its host is kept for examples and is nobody's API",
    "Write your API's address in its place.",
)
SERVER_RESEMBLES_PLACEHOLDER = Rule(
    "schema.server_resembles_placeholder",
    Severity.NOTE,
    "{part} in the server URL {url} is often written in place of the real host",
    "If it is your API's host, leave it; otherwise write your API's address in its place.",
)

D = TypeVar("D", Examined, StoredSchema)


def as_stored(document: Examined | StoredSchema, rules: OriginRules) -> bool:
    """Whether its origins are known, nothing is to be said of any, and no other may be called."""
    origins = document.origins
    if origins is None or any(rules.refusal(other) is None for other in document.other_origins):
        return False
    return not any(
        rules.refusal(origin) or rules.is_example(origin) or rules.resembling(origin)
        for origin in origins
    )


def listed(schema: SchemaSummary, rules: OriginRules) -> SchemaSummary:
    """What lists show of a schema, with its validity under the operator's settings: as stored,
    where operations may be called at another of their servers.
    """
    if schema.origins is None or not any(map(rules.refusal, schema.origins)):
        return schema
    if any(rules.refusal(other) is None for other in schema.other_origins):
        return schema
    return replace(schema, valid=False)


def offered(found: Examination, rules: OriginRules, *, by_base_url: bool) -> Iterator[Repair]:
    """The repairs of what the rules say of a document; `by_base_url` where the builder gave one,
    which then takes the place of a server that may not be called, as it does in calls.
    """
    names = ("name", "origin", "verdict")
    called = [{name: getattr(each, name) for name in names} for each in found.operations]
    servers = JsonList.of(found.servers).items()
    moved = fallen_back(servers, rules)
    _, blocked = _operations(JsonList.of(called), rules, moved)
    placed = _at_each_place(servers, moved, rules)
    if by_base_url:
        placed = ({**each, "edits": ()} if each.get("replacing") else each for each in placed)
    for each in _findings(placed, moved.left - blocked, rules):
        if each.repair is not None:
            yield each.repair


def with_operator_rules(document: D, rules: OriginRules) -> D:
    """With operations blocked, and a finding for each server, where a server may not be called,
    nor any other of the same list. The first that may be called is taken.

    `origins` of the result are empty, so that the rules are not applied again. It is never stored.
    """
    ruled = _ruled(document.operations, document.servers, document.findings, rules)
    return replace(
        document,
        valid=document.valid and ruled.valid,
        operations=ruled.operations,
        findings=ruled.findings,
        more_findings=document.more_findings + ruled.more_findings,
        servers=JsonList(),
        origins=(),
        other_origins=(),
    )


@dataclass(frozen=True, slots=True)
class _Ruled:
    """`valid` is False where the rules block anything."""

    valid: bool
    operations: JsonList
    findings: JsonList
    more_findings: int


def _ruled(
    operations: JsonList, servers: JsonList, findings: JsonList, rules: OriginRules
) -> _Ruled:
    listed = servers.items()
    moved = fallen_back(listed, rules)
    operations, blocked = _operations(operations, rules, moved)
    found = [*_findings(_at_each_place(listed, moved, rules), moved.left - blocked, rules)]
    findings, more = _together(moved.noted(findings), [as_data(each) for each in found])
    refused = any(each.severity is Severity.ERROR for each in found)
    return _Ruled(not refused and not blocked, operations, findings, more)


def _operations(
    operations: JsonList, rules: OriginRules, moved: FallenBack
) -> tuple[JsonList, set[str]]:
    """With the origins at which none may be called."""
    items, blocked, doubted = operations.items(), set[str](), False
    for item in items:
        origin = item.get("origin")
        other = moved.servers.get(item["name"])
        if origin is not None and other is not None:
            item["origin"], item["server"] = other
        elif origin is not None and (refusal := rules.refusal(origin)):
            item["origin"], item["verdict"] = None, Verdict.BLOCKED
            item["lacks_server"] = True
            item["blocked_by"] = Blocking.of_refusal(refusal)
            blocked.add(origin)
        elif origin is not None and rules.is_example(origin) and item["verdict"] == Verdict.READY:
            item["verdict"], doubted = Verdict.READY_WITH_WARNINGS, True
    changed = blocked or moved.servers or doubted
    return (JsonList.of(items) if changed else operations), blocked


def _at_each_place(
    servers: Iterable[Mapping[str, Any]], moved: FallenBack, rules: OriginRules
) -> Iterator[Mapping[str, Any]]:
    """One that is refused at each place that names it, unless all operations there are called
    elsewhere. What makes it https does so at all places: the first one has it.
    """
    for server in servers:
        origin = server["origin"]
        if rules.refusal(origin) is None:
            yield server
            continue
        again = ({**server, "edits": (), **each} for each in server.get("again", ()))
        places = [each for each in (server, *again) if not moved.has_left(origin, each["pointer"])]
        yield from places or [server]


def _findings(
    servers: Iterable[Mapping[str, Any]], left: set[str], rules: OriginRules
) -> Iterator[Finding]:
    """About those at whose origins operations are called, which is none of those that are left."""
    for server in servers:
        if server["origin"] in left:
            continue
        refusal = rules.refusal(server["origin"])
        if refusal is not None:
            yield _repairable(_refused(server, refusal, rules), server, rules)
        elif rules.is_example(server["origin"]):
            found = SERVER_IS_EXAMPLE.at(server["pointer"], url=server["url"])
            yield _repairable(found, server, rules)
        elif part := rules.resembling(server["origin"]):
            found = SERVER_RESEMBLES_PLACEHOLDER.at(server["pointer"], url=server["url"], part=part)
            yield found.placed(server["line"], server["column"])


def _refused(server: Mapping[str, Any], refusal: PlatformError, rules: OriginRules) -> Finding:
    origin, url, pointer = (server[name] for name in ("origin", "url", "pointer"))
    entry = allowing_entry(origin)
    if origin.startswith("https://"):
        reason = f"{refusal.sentence}{_odd_port(origin, refusal)}"
        if isinstance(
            refusal, AddressRefused | HostRefused | PortRefused
        ) and refusal.hint.endswith(ALLOW_IT):
            way = _way(refusal)
            return SERVER_REFUSED.at(pointer, url=url, reason=reason, way=way, entry=entry)
        return _REFUSED_OTHERWISE.at(pointer, url=url, reason=reason, way=refusal.hint)
    besides = rules.refusal(with_https(origin))
    said = "" if besides is None else f". {besides.sentence.removesuffix('.')}"
    way = "Use https." if besides is None or isinstance(besides, PortRefused) else _way(besides)
    return SERVER_NOT_HTTPS.at(pointer, url=url, besides=said, way=way, entry=entry)


def _odd_port(origin: str, refusal: PlatformError) -> str:
    """What stands in the way besides the host."""
    port = origin.rpartition(":")[2]
    if port == "443" or isinstance(refusal, PortRefused):
        return ""
    return f" Its port is not 443 either, but {port}."


def _way(refusal: PlatformError) -> str:
    return refusal.hint.removesuffix(ALLOW_IT).strip()


def _repairable(found: Finding, server: Mapping[str, Any], rules: OriginRules) -> Finding:
    """By https where that may be called, else by another base URL: no repair may leave the
    operation blocked and take its finding away.
    """
    https, replacing = server["edits"], server.get("replacing", ())
    if https and rules.refusal(with_https(server["origin"])) is None:
        found = found.repaired_by("Use https", *map(Edit.of, https))
    elif replacing:
        edits = [Edit.of(each) for each in replacing]
        found = found.repaired_by(title_of(edits[0].needs), *edits)
    return found.placed(server["line"], server["column"])


def _together(findings: JsonList, found: list[dict[str, Any]]) -> tuple[JsonList, int]:
    """In the order of the text, and how many were left out."""
    if not found:
        return findings, 0
    every = [*findings.items(), *found]
    every.sort(key=lambda finding: (finding["line"] or 0, finding["column"] or 0))
    kept = capped(every)
    return kept.findings, kept.more
