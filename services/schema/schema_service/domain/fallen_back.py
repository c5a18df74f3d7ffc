"""Operations that are called at another server of their list, as the operator allows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schema_service.domain.compiling.server_rules import SERVERS_SEVERAL
from schema_service.domain.json_list import JsonList
from schema_service.domain.origin_rules import OriginRules


@dataclass(slots=True)
class FallenBack:
    """Origin and base URL by the name of each operation that is called elsewhere; the origins that
    they left; and what the notes about several servers say, by their pointer:
    None where nothing is called.
    """

    servers: dict[str, tuple[str, str]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    notes: dict[str, str | None] = field(default_factory=dict)
    lists: set[tuple[str, str]] = field(default_factory=set)
    """Origins, each with the place of a list of servers whose operations left it."""

    def has_left(self, origin: str, pointer: str) -> bool:
        """Whether the operations of the list in which this server stands are called elsewhere."""
        return any(origin == left and pointer.startswith(f"{place}/") for left, place in self.lists)

    def noted(self, findings: JsonList) -> JsonList:
        """Notes that name the server which is called."""
        if not self.notes:
            return findings
        items = findings.items()
        kept = []
        for item in items:
            if item["code"] == SERVERS_SEVERAL.code and item["pointer"] in self.notes:
                message = self.notes[item["pointer"]]
                if message is None:
                    continue
                item["message"] = message
            kept.append(item)
        return JsonList.of(kept)


def fallen_back(servers: Sequence[Mapping[str, Any]], rules: OriginRules) -> FallenBack:
    """`servers` are `examination.Server`s: the first one of each list that may be called is taken,
    but for those that nobody's operator has to allow.
    """
    moved = FallenBack()
    for server in servers:
        for each in server.get("fallbacks", ()):
            if _move(server, each, rules, moved):
                moved.left.add(server["origin"])
                moved.lists.add((server["origin"], each["place"]))
    return moved


def _move(
    server: Mapping[str, Any], fallback: Mapping[str, Any], rules: OriginRules, moved: FallenBack
) -> bool:
    """Whether its operations are called at another server."""
    refusal = rules.refusal(server["origin"])
    allowed = [each for each in fallback["others"] if rules.refusal(each["origin"]) is None]
    other = next((each for each in allowed if refusal or each["comes_first"]), None)
    place = fallback["place"]
    if other is None:
        if refusal is not None:
            moved.notes[place] = None
        return False
    because = ""
    if refusal is not None and not other["comes_first"]:
        reason = rules.refusal(with_https(server["origin"])) or refusal  # https would not help
        because = f", because {server['url']} cannot be called: {reason.sentence.rstrip('.')}"
    note = SERVERS_SEVERAL.at(place, url=other["url"], because=because, besides="")
    moved.notes[place] = note.message
    for name in fallback["operations"]:
        moved.servers[name] = (other["origin"], other["url"])
    return True


def with_https(origin: str) -> str:
    """Where the `edits` of a server lead: the port of http gives way to that of https."""
    host, _, port = origin.partition("://")[2].rpartition(":")
    return f"https://{host}:{443 if port == '80' else port}"
