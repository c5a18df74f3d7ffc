"""Any text to a tree that JSON could hold, or the reason why not. Never raises."""

from typing import Any

from kit.sizes import MIB
from schema_service.domain.finding import Finding
from schema_service.domain.reading import anomalies, rules
from schema_service.domain.reading.encoding import Undecodable, decode, to_utf8
from schema_service.domain.reading.gc_pause import gc_paused
from schema_service.domain.reading.json_reader import Unreadable, read_json
from schema_service.domain.reading.limits import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    excess_of_json,
)
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.reading.survey import survey
from schema_service.domain.reading.tidying import tidy
from schema_service.domain.reading.yaml_reader import read_yaml


def read_document(raw: bytes | str) -> Reading:
    """JSON first, then YAML 1.2 core."""
    if len(raw) > MAX_BYTES:
        return _refused(b"", Unreadable(f"it is larger than {MAX_BYTES // MIB} MB"))
    utf8 = to_utf8(raw)
    if isinstance(utf8, Undecodable):
        return _refused(b"", Unreadable(utf8.reason, utf8.line, utf8.column))
    with gc_paused(len(utf8)):
        return _read(utf8)


def _read(raw: bytes) -> Reading:
    begins = raw.lstrip()[:1]
    if not begins:
        return _refused(raw, Unreadable("the text is empty", 1, 1))
    if begins in (b"{", b"["):
        return _read_json_like(raw)
    if begins == b"<":
        return _refused(raw, Unreadable("this is a web page or XML, not JSON or YAML", 1, 1))
    return _read_yaml(raw)


def _read_json_like(raw: bytes) -> Reading:
    """Strictly, or else as YAML, in whose flow style trailing commas and comments are allowed."""
    too_much = excess_of_json(raw)
    if too_much:
        return _refused(raw, Unreadable(too_much.reason))
    tree = read_json(raw)
    if not isinstance(tree, Unreadable):
        return _whole(raw, Syntax.JSON, tree, ())
    reading = _read_yaml(raw)
    if reading.document is None:
        return _further(_refused(raw, tree), reading)
    lenient = rules.NOT_STRICT_JSON.at("", reason=tree.reason).placed(tree.line, tree.column)
    return Reading(raw, Syntax.YAML, reading.document, (lenient, *reading.findings), reading.survey)


def _further(as_json: Reading, as_yaml: Reading) -> Reading:
    """Of two refusals, that of the reader which understood more lines; JSON's if they agree."""
    [one], [other] = as_json.findings, as_yaml.findings
    if other.line is None:
        return as_json if one.line is None else as_yaml
    return as_yaml if other.line > (one.line or 0) else as_json


def _read_yaml(raw: bytes) -> Reading:
    text = decode(raw)
    if isinstance(text, Undecodable):
        return _refused(raw, Unreadable(text.reason, text.line, text.column))
    tree = read_yaml(text)
    if isinstance(tree, Unreadable):
        return _refused(raw, tree)
    tidied = tidy(tree.root)
    if tidied.too_many:
        return _refused(raw, Unreadable(f"it holds more than {MAX_NODES:,} values"))
    found = (*anomalies.of_values(tidied), *anomalies.self_aliases(text))
    return _whole(raw, Syntax.YAML, tidied.root, found, duplicates=tree.has_duplicates)


def _whole(
    raw: bytes, syntax: Syntax, root: Any, found: tuple[Finding, ...], *, duplicates: bool = False
) -> Reading:
    if not isinstance(root, dict):
        return _refused(raw, Unreadable(f"it is {_kind(root)} where an object is wanted", 1, 1))
    seen = survey(root)
    if seen.depth > MAX_DEPTH:
        return _refused(raw, Unreadable(f"it is nested deeper than {MAX_DEPTH} levels"))
    reading = Reading(raw, syntax, root, found, seen)
    if syntax is Syntax.YAML and not duplicates:
        return reading
    repeated = anomalies.duplicates(reading)
    return Reading(raw, syntax, root, (*found, *repeated), seen) if repeated else reading


def _kind(root: Any) -> str:
    if isinstance(root, list):
        return "a list"
    return "null" if root is None else f"a plain {type(root).__name__}"


def _refused(raw: bytes, why: Unreadable) -> Reading:
    finding = rules.UNPARSABLE.at("", reason=why.reason).placed(why.line, why.column)
    return Reading(raw, findings=(finding,))
