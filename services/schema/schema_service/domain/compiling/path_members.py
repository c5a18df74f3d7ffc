"""The members of a path item (OAS 3.1, 4.8.9) that are methods, or were meant to be."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import path_rules
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.misspelt import misspelt

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "query"})
_OF_OPERATIONS = frozenset(
    {"operationId", "responses", "requestBody", "tags", "security", "deprecated", "callbacks"}
)
_LISTS = ("parameters", "servers")
_TEXTS = ("summary", "description")
_OBJECTS = ("additionalOperations",)
_OTHER_WORDS = {"params": "parameters", "param": "parameters", "desc": "description"}
_Path = tuple[str | int, ...]


def is_method_key(key: str, item: Mapping[str, Any]) -> bool:
    """Also in capitals, unless the item has the same one as it ought to be written."""
    return key in METHODS or (key.lower() in METHODS and key.lower() not in item)


def about_case(path: str, key: str, where: _Path) -> Finding:
    finding = path_rules.METHOD_CASE.at(where, path=path, method=key, meant=key.lower())
    return finding.repaired_by(f"Write {key.lower()}", _renamed(finding, key.lower()))


def member_meant(key: str, value: Any) -> str | None:
    """The member of a path item beside its methods that this one was meant as, by its name and by
    what stands in it.
    """
    known = _LISTS if isinstance(value, list) else _TEXTS if isinstance(value, str) else _OBJECTS
    meant = misspelt(key, known) or _OTHER_WORDS.get(key.lower())
    fits = isinstance(value, list | str | dict) and meant in known
    return meant if fits else None


def no_method(
    path: str,
    key: str,
    value: Any,
    where: _Path,
    paths: Mapping[str, Any] = MappingProxyType({}),
    item: Mapping[str, Any] = MappingProxyType({}),
) -> Finding:
    """A member of a path item that is none of its own (OAS 3.1, 4.8.9); `paths` are the
    document's, and `item` is the path item, empty where it stands elsewhere.
    """
    if key.startswith("/") and isinstance(value, dict):
        return _path_inside((path, key), value, where, is_taken=paths.get(key) is not None)
    if key.lower() in METHODS and value is not None:
        return path_rules.METHOD_REPEATED.at(where, path=path, method=key, meant=key.lower())
    if key in _OF_OPERATIONS:
        return _beside_methods(path, key, value, where, item)
    meant = misspelt(key, METHODS) if isinstance(value, dict) else None
    hint = f"Write {meant}, if that was meant." if meant else _METHODS_ARE
    finding = path_rules.METHOD_UNKNOWN.at(where, path=path, method=key, hint=hint)
    if meant is None:
        return finding
    return finding.repaired_by(f"Write {meant}", _renamed(finding, meant))


def in_additional(path: str, method: str, where: _Path, operations: Mapping[str, Any]) -> Finding:
    """One of `operations` whose method has a member of the path item, and this path none there
    (OAS 3.2, 4.9.1). What holds it goes, too, where it holds nothing else.
    """
    meant = method.lower()
    finding = path_rules.METHOD_IN_ADDITIONAL.at(where, path=path, method=method, meant=meant)
    gone = where if len(operations) > 1 else where[:-1]
    into = pointers.join((*where[:-2], meant))
    move = (Edit("remove", pointers.join(gone)), Edit("add", into, operations[method]))
    return finding.repaired_by(f"Move {meant} out of additionalOperations", *move)


def _beside_methods(
    path: str, key: str, value: Any, where: _Path, item: Mapping[str, Any]
) -> Finding:
    """With the method directly above it, if that has no such member; moved into it where it is the
    only one without.
    """
    owner = owner_of(key, item)
    hint = _INTO_METHOD
    if owner is not None:
        hint = f"Indent {key} and what stands below it as deep as the other members of {owner}."
    finding = path_rules.MEMBER_BESIDE_METHODS.at(where, path=path, name=key, hint=hint)
    if owner is None or len([each for each in _methods(item) if key not in item[each]]) > 1:
        return finding
    into = pointers.join((*where[:-1], owner, key))
    move = (Edit("remove", finding.pointer), Edit("add", into, value))
    return finding.repaired_by(f"Move {key} into {owner}", *move)


def owner_of(key: str, item: Mapping[str, Any]) -> str | None:
    """The method of a path item directly above its member `key`, where it lacks that member."""
    names = [*item]
    at = names.index(key) if key in item else 0
    above = names[at - 1] if at else None
    return above if above in _methods(item) and key not in item[above] else None


def _methods(item: Mapping[str, Any]) -> list[str]:
    return [each for each in item if is_method_key(each, item) and isinstance(item[each], dict)]


_INTO_METHOD = (
    "Move it into the method that it is about, such as get, and indent it deeper than that."
)


def _path_inside(paths: tuple[str, str], value: Any, where: _Path, *, is_taken: bool) -> Finding:
    """`paths` are the one around and the one inside."""
    outer, key = paths
    hint = (
        f"There is a path {key} already: move what stands here into that one, or leave one out."
        if is_taken
        else f"Move it to the left, to the column of {outer}."
    )
    finding = path_rules.PATH_INSIDE_PATH.at(where, path=key, outer=outer, hint=hint)
    if is_taken:
        return finding
    move = (Edit("remove", finding.pointer), Edit("add", pointers.join(("paths", key)), value))
    return finding.repaired_by(f"Move {key} out of {outer}", *move)


_METHODS_ARE = (
    "The methods that can be called are get, put, post, delete, options, head, patch and query; "
    "from OpenAPI 3.2 on, others stand under additionalOperations, but for TRACE and CONNECT. "
    "A member of your own begins with x-."
)


def _renamed(finding: Finding, key: str) -> Edit:
    return Edit("rename", finding.pointer, key)
