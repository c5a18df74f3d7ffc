"""YAML 1.2 core through yaml-rs; why that reader is in shared/decisions/0002-yaml-reader.md."""

import re
from dataclasses import dataclass
from typing import Any

from yaml_rs import AliasLimits, DuplicateKeyPolicy, YAMLDecodeError, loads

from schema_service.domain.position.lines import place_of
from schema_service.domain.reading.json_reader import Unreadable
from schema_service.domain.reading.limits import MAX_ALIAS_EVENTS, excess_of_yaml
from schema_service.domain.reading.yaml_numbers import quoted_numbers, settled

_WHERE = re.compile(r"YAML parse error at line (\d+), column (\d+)")
_TAB_AFTER_COLON = re.compile(r"(?<=:)\t+(?=[^\s])")
_NEXT_DOCUMENT = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_STACK_DEPTH = 64
_ONE_ALONE = "Paste one of them alone, without the line --- and what follows it."
_SMALLER = "Leave out what no operation needs, or split the document."


@dataclass(frozen=True, slots=True)
class YamlTree:
    root: Any
    has_duplicates: bool


def read_yaml(text: str) -> YamlTree | Unreadable:
    """A mapping may still have keys that are no strings, and scalars that JSON lacks."""
    too_much = excess_of_yaml(text)
    if too_much:
        line, column = (None, None)
        if too_much.offset is not None:
            line, column = place_of(text, too_much.offset)
        return Unreadable(too_much.reason, line, column, _SMALLER)
    return _one_document(text)


def _one_document(text: str) -> YamlTree | Unreadable:
    tree = _attempt(text)
    if isinstance(tree, Unreadable) and _TAB_AFTER_COLON.search(text):
        # YAML 1.2.2 allows a tab there (6.2) and the reader does not; columns stay as they are.
        tree = _attempt(_TAB_AFTER_COLON.sub(lambda tabs: " " * len(tabs[0]), text))
    if isinstance(tree, YamlTree) and isinstance(tree.root, list):
        second = _second_document(text)
        if second is not None:
            return _first_alone(tree.root) or Unreadable(
                "it holds more than one document", *place_of(text, second), _ONE_ALONE
            )
    return tree


def _first_alone(stream: list[Any]) -> YamlTree | None:
    """A stream may end in a marker that nothing follows."""
    if len(stream) > 1 and all(document is None for document in stream[1:]):
        return YamlTree(stream[0], has_duplicates=False)
    return None


def _attempt(text: str) -> YamlTree | Unreadable:
    tree = _with_repeated_keys(text)
    quoted = quoted_numbers(text) if isinstance(tree, YamlTree) else None
    other = _with_repeated_keys(quoted) if quoted else None
    if isinstance(tree, YamlTree) and isinstance(other, YamlTree):
        return YamlTree(settled(tree.root, other.root), tree.has_duplicates)
    return tree


def _with_repeated_keys(text: str) -> YamlTree | Unreadable:
    tree = _parsed(text, DuplicateKeyPolicy.Error)
    if isinstance(tree, Unreadable) and tree.reason.startswith("duplicate mapping key"):
        return _parsed(text, DuplicateKeyPolicy.LastWins)
    return tree


def _parsed(text: str, policy: DuplicateKeyPolicy) -> YamlTree | Unreadable:
    limits = AliasLimits(MAX_ALIAS_EVENTS, _STACK_DEPTH, None)
    try:
        root = loads(text, parse_datetime=False, alias_limits=limits, duplicate_key_policy=policy)
    except YAMLDecodeError as error:
        return _explained(str(error))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the Rust code is no Exception
        return Unreadable(f"the YAML reader gave up ({type(error).__name__})")
    return YamlTree(root, policy is DuplicateKeyPolicy.LastWins)


def _explained(message: str) -> Unreadable:
    """The reader draws the line below its first; the reason comes last."""
    where = _WHERE.match(message)
    reason = message.rstrip().rsplit("\n", 1)[-1]
    if not where:
        return Unreadable(reason)
    return Unreadable(reason, int(where[1]), int(where[2]))


def _second_document(text: str) -> int | None:
    """Where a second document begins, if the list that was read is a stream and not a sequence."""
    starts = [mark.start() for mark in _NEXT_DOCUMENT.finditer(text)]
    begun = bool(starts) and not _content_before(text, starts[0])
    later = starts[1:] if begun else starts
    return later[0] if later else None


def _content_before(text: str, end: int) -> bool:
    lines = text[:end].splitlines()
    return any(line.strip() and not line.lstrip().startswith(("#", "%")) for line in lines)
