"""The media types of an operation's answers (OAS 3.1, 4.8.16 and 4.8.17), for its Accept header."""

from collections.abc import Iterable, Iterator
from typing import Any

from schema_service.domain.compiling.context import Context
from schema_service.domain.compiling.places import Place
from schema_service.domain.compiling.references import Broken, Path

MAX_NAMES = 200
"""Of one operation: each of them is stored with every operation that answers so."""


def answered(place: Place, context: Context) -> tuple[str, ...]:
    """Once for each operation that is written, however many paths refer to its path item."""
    known = context.answered.get(place.pointer)
    if known is None:
        known = context.answered[place.pointer] = _found(place, context)
    return known


def _found(place: Place, context: Context) -> tuple[str, ...]:
    """Once for the same answers, however many operations refer to them."""
    if context.is_swagger:
        where = place.pointer if "produces" in place.node else ()
        contents = {(*where, "produces"): context.media_types(place.node, "produces")}
    else:
        contents = dict(_contents(place, context))
    key = tuple(contents)
    known = context.answers.get(key)
    if known is None:
        names = dict.fromkeys(name for content in contents.values() for name in content)
        known = context.answers[key] = _first(name for name in names if isinstance(name, str))
    return known


def _first(names: Iterable[str]) -> tuple[str, ...]:
    """Of more than `MAX_NAMES` those of JSON come first, as calls prefer them."""
    every = [*names]
    if len(every) > MAX_NAMES:
        every.sort(key=lambda name: "json" not in name.lower())
    return tuple(every[:MAX_NAMES])


def _contents(place: Place, context: Context) -> Iterator[tuple[Path, Any]]:
    """Of the successful answers, or of the default one; others are accepted too."""
    responses = place.node.get("responses")
    statuses = responses if isinstance(responses, dict) else {}
    successful = [status for status in statuses if status.startswith("2")]
    for status in successful or [status for status in statuses if status == "default"]:
        where = (*place.pointer, "responses", status)
        target = context.references.follow(statuses[status], where)
        if isinstance(target, Broken) or not isinstance(target.value, dict):
            continue
        content = target.value.get("content")
        if isinstance(content, dict):
            yield target.path, content
