"""Any text to a tree that JSON could hold, or the reason why not. Never raises."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from kit.sizes import MIB
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.lines import place_of
from schema_service.domain.position.splices import Mending, spliced
from schema_service.domain.reading import anomalies, oddities, rules
from schema_service.domain.reading.bare_references import bare_references
from schema_service.domain.reading.block_texts import block_texts
from schema_service.domain.reading.comma_values import comma_values
from schema_service.domain.reading.cut_texts import cut_at_comments, cut_in_quotes
from schema_service.domain.reading.encoding import Undecodable, decode, to_utf8
from schema_service.domain.reading.flow_texts import flow_texts
from schema_service.domain.reading.gc_pause import gc_paused
from schema_service.domain.reading.glued_members import glued_members
from schema_service.domain.reading.guesses import made
from schema_service.domain.reading.json_quotes import is_open_quote, open_quotes
from schema_service.domain.reading.json_reader import Unreadable, ends_early, read_json
from schema_service.domain.reading.json_slips import GUESSED, JsonSlips, json_slips, odd_space
from schema_service.domain.reading.leading import without_brace
from schema_service.domain.reading.limits import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    excess_of_json,
)
from schema_service.domain.reading.look_alikes import HIDDEN
from schema_service.domain.reading.odd_in_yaml import takes_odd_spaces, without_quoted
from schema_service.domain.reading.paths_at_margin import paths_at_margin
from schema_service.domain.reading.plain_reasons import plain_json, plain_yaml
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.reading.recognised import foreign_list, foreign_text
from schema_service.domain.reading.surrounded import (
    begins_as_json,
    document_in_quotes,
    merge_conflict,
    surrounded,
)
from schema_service.domain.reading.survey import survey
from schema_service.domain.reading.tidying import tidy
from schema_service.domain.reading.yaml_reader import YamlTree, read_yaml
from schema_service.domain.reading.yaml_slips import about_look_alikes, yaml_slips


def read_document(raw: bytes | str) -> Reading:
    """JSON first, then YAML 1.2 core."""
    if len(raw) > MAX_BYTES:
        return _refused(b"", Unreadable(f"it is larger than {MAX_BYTES // MIB} MB", hint=_SMALLER))
    utf8 = to_utf8(raw)
    if isinstance(utf8, Undecodable):
        return _refused(b"", _not_text(utf8))
    with gc_paused(len(utf8)):
        return _read(utf8)


def _read(raw: bytes) -> Reading:
    begins = _BLANK.sub("", raw[:_BEGINNING].decode(errors="ignore"), count=1)[:1]
    if not raw.strip():
        hint = "Paste an OpenAPI document, or import it from its URL."
        return _refused(raw, Unreadable("the text is empty", 1, 1, hint))
    is_json = begins in ("{", "[") or (begins == "/" and begins_as_json(_shown(raw)))
    reading = _read_json_like(raw) if is_json else _read_yaml(raw)
    if reading.document is not None:
        return reading
    is_mended = is_json and any(finding.repair for finding in reading.findings)
    return reading if is_mended else _amid_others(raw, reading)


def _shown(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _amid_others(raw: bytes, reading: Reading) -> Reading:
    """Of a text that cannot be read: about what stands around a document in it, if anything."""
    text = decode(raw)
    if isinstance(text, Undecodable):
        return reading
    found = made(lambda: merge_conflict(text) or without_brace(text) or surrounded(text), None)
    return reading if found is None else Reading(raw, findings=(found,))


def _read_json_like(raw: bytes) -> Reading:
    """Strictly, or else without its slips, or else as YAML, whose flow style looks much alike."""
    too_much = excess_of_json(raw)
    if too_much:
        return _refused(raw, Unreadable(too_much.reason, hint=_SMALLER))
    tree = read_json(raw)
    if not isinstance(tree, Unreadable):
        return _whole(raw, Syntax.JSON, tree, ())
    text = decode(raw)
    if isinstance(text, Undecodable):
        return _refused(raw, _not_text(text))
    mended = _mended(raw, text)
    if mended is not None:
        return mended
    amid_odd = _amid_odd_spaces(raw, text, tree)
    if amid_odd is not None:
        return amid_odd
    if is_open_quote(tree):
        found = made(partial(open_quotes, text, tree), [rules.unparsable(tree)])
        return Reading(raw, findings=tuple(found))
    reading = _read_yaml(raw, slips=False)
    if reading.document is None:
        plain = made(partial(plain_json, tree, text), tree)
        return _further(_refused(raw, plain), reading)
    return _leniently(reading, text, tree)


def _amid_odd_spaces(raw: bytes, text: str, why: Unreadable) -> Reading | None:
    """As YAML, unless that takes one for a part of a name or for the beginning of a text; None
    where all stand in quotes.
    """
    if odd_space(text) is None:
        return None
    bare = without_quoted(text)
    odd = odd_space(bare)
    if odd is None:
        return None
    reading = _read_yaml(raw, slips=False)
    without = _read_yaml(bare.encode(), slips=False).document
    if reading.document is None or takes_odd_spaces(without):
        return _refused(raw, Unreadable(_ODD_SPACE, *place_of(text, odd), _PLAIN_SPACES))
    return _leniently(reading, text, why)


def _leniently(reading: Reading, text: str, why: Unreadable) -> Reading:
    """Read as YAML where it begins as JSON, with why it is none."""
    plain = made(partial(plain_json, why, text), why)
    lenient = rules.NOT_STRICT_JSON.at("", reason=plain.reason)
    lenient = lenient.placed(why.line, why.column)
    return replace(reading, findings=(lenient, *reading.findings))


def _mended(raw: bytes, text: str) -> Reading | None:
    """None where it does not become JSON; not read yet where something may be missing."""
    slips = made(lambda: json_slips(text), None)
    if slips is None:
        return None
    if slips.cut_at is not None:
        return _refused(raw, ends_early(*place_of(text, slips.cut_at)))
    new = spliced(text, slips.splices)
    tree = read_json(new.encode())
    if isinstance(tree, Unreadable):
        return None
    finding = _about_slips(text, slips)
    if GUESSED & slips.first.keys():
        return Reading(raw, findings=(finding,))
    whole = _whole(new.encode(), Syntax.JSON, tree, (finding,))
    if whole.document is None:
        return whole
    return replace(whole, written=text, mended=Mending(slips.splices))


def _about_slips(text: str, slips: JsonSlips) -> Finding:
    first = min(slips.first.values())
    held = [f"{slip} (line {place_of(text, at)[0]})" for slip, at in slips.first.items()]
    guessed = [each for each in held if any(each.startswith(slip) for slip in GUESSED)]
    if guessed:
        first = min(at for slip, at in slips.first.items() if slip in GUESSED)
        reason = f"this is not quite JSON: it has {' and '.join(held)}"
        finding = rules.unparsable(Unreadable(reason, hint=_LOOK_AT_MENDED))
    else:
        finding = rules.NOT_STRICT_JSON.at("", reason=f"it has {' and '.join(held)}")
    edits = [Edit.of_text(splice) for splice in slips.splices]
    return finding.placed(*place_of(text, first)).repaired_by("Write it as JSON has it", *edits)


def _further(as_json: Reading, as_yaml: Reading) -> Reading:
    """Of two refusals, that of the reader which understood more lines; JSON's if they agree."""
    one, other = as_json.findings[0], as_yaml.findings[0]
    if other.line is None:
        return as_json if one.line is None else as_yaml
    return as_yaml if other.line > (one.line or 0) else as_json


def _read_yaml(raw: bytes, *, slips: bool = True) -> Reading:
    text = decode(raw)
    if isinstance(text, Undecodable):
        return _refused(raw, _not_text(text))
    foreign = made(partial(foreign_text, text), None) if slips else None
    if foreign is not None:
        return _refused(raw, foreign)
    tree = oddities.raw_nul(text) or read_yaml(text)
    if isinstance(tree, Unreadable):
        cut = made(partial(cut_in_quotes, text, tree), None)
        if cut is not None:
            return _refused(raw, cut)
        mistaken = slips and not tree.hint  # one with a hint is too large, or not one document
        plain = [rules.unparsable(made(partial(plain_yaml, tree, text), tree))]
        slip = partial(yaml_slips, text, tree, _reads, _tree_of)
        found = made(slip, plain) if mistaken else plain
        return Reading(raw, findings=tuple(found))
    reading, root = _tidied(raw, text, tree)
    odd = made(lambda: about_look_alikes(text, root, _tree_of), None) if slips else None
    if odd is None:
        return reading
    if reading.document is None:
        return Reading(raw, findings=(odd,))
    return replace(reading, findings=(odd, *reading.findings))


def _tidied(raw: bytes, text: str, tree: YamlTree) -> tuple[Reading, Any]:
    """With what was read, also where that is no document."""
    tidied = tidy(tree.root)
    if tidied.too_many:
        reason = f"it holds more than {MAX_NODES:,} values"
        return _refused(raw, Unreadable(reason, hint=_SMALLER)), None
    if tidied.complex_key:
        return _refused(raw, oddities.complex_key(text)), None
    tags: list[Finding] = made(partial(oddities.custom_tags, text, tidied.root, _tree_of), [])
    found = (
        *anomalies.of_values(tidied),
        *anomalies.self_aliases(text),
        *tags,
    )
    repeated = tree.has_duplicates or tidied.repeated
    whole = _whole(raw, Syntax.YAML, tidied.root, found, duplicates=repeated)
    spaces: list[Finding] = []
    if whole.document is not None:
        for guess in _GUESSES:
            spaces += made(partial(guess, whole), [])
    whole = replace(whole, findings=(*whole.findings, *spaces)) if spaces else whole
    return whole, tidied.root


_GUESSES = (
    oddities.keys_without_space,
    glued_members,
    bare_references,
    cut_at_comments,
    block_texts,
    flow_texts,
    comma_values,
    paths_at_margin,
)


def _reads(text: str) -> Unreadable | None:
    tree = oddities.raw_nul(text) or read_yaml(text)
    return tree if isinstance(tree, Unreadable) else None


def _tree_of(text: str) -> Any:
    """As `_tidied` has it; None where it cannot be read."""
    tree = read_yaml(text)
    return None if isinstance(tree, Unreadable) else tidy(tree.root).root


def _whole(
    raw: bytes, syntax: Syntax, root: Any, found: Sequence[Finding], *, duplicates: bool = False
) -> Reading:
    if isinstance(root, list):
        no_object = Unreadable(_WANTED.format("a list"), 1, 1, _AN_OBJECT)
        return _refused(raw, made(partial(foreign_list, root), no_object))
    is_text = isinstance(root, str)
    quoted = made(partial(document_in_quotes, _shown(raw), root), None) if is_text else None
    if quoted is not None:
        return Reading(raw, findings=(quoted,))
    if not isinstance(root, dict):
        return _refused(raw, Unreadable(_WANTED.format(_kind(root)), 1, 1, _AN_OBJECT))
    seen = survey(root)
    if seen.depth > MAX_DEPTH:
        reason = f"it is nested deeper than {MAX_DEPTH} levels"
        return _refused(raw, Unreadable(reason, hint="Move inner parts into components."))
    nuls = oddities.nul_characters(raw, root, is_json=syntax is Syntax.JSON)
    reading = Reading(raw, syntax, root, (*found, *nuls), seen)
    if syntax is Syntax.YAML and not duplicates:
        return reading
    repeated = anomalies.duplicates(reading)
    return replace(reading, findings=(*reading.findings, *repeated)) if repeated else reading


def _kind(root: Any) -> str:
    return "null" if root is None else f"a plain {_KINDS.get(type(root).__name__, 'value')}"


_BEGINNING = 1_000
_BLANK = re.compile(rf"[\s{HIDDEN}]*")
_ODD_SPACE = (
    "a space of another kind, such as a no-break space, or a character that nobody sees stands "
    "outside the quotes"
)
_PLAIN_SPACES = "Replace all of them by plain spaces, and correct what else is no JSON."
_WANTED = "it is {} where an object is wanted"
_AN_OBJECT = "An OpenAPI document is an object with openapi, info, servers and paths."
_KINDS = {
    "str": "text",
    "int": "number",
    "float": "number",
    "bool": "true or false",
    "list": "list",
}
_SMALLER = "Leave out what no operation needs, or split the document."
_LOOK_AT_MENDED = "Correct it there; a repair writes it, and it is worth a look at what it wrote."


def _not_text(why: Undecodable) -> Unreadable:
    hint = "Save the document as UTF-8, and paste or import it again."
    return Unreadable(why.reason, why.line, why.column, hint)


def _refused(raw: bytes, why: Unreadable) -> Reading:
    return Reading(raw, findings=(rules.unparsable(why),))
