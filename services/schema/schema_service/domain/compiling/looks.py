"""What a value of a document looks like, wherever it stands: by its members, not by its place."""

import re
from collections.abc import Callable
from typing import Any

from schema_service.domain.compiling.path_members import METHODS

ALL_METHODS = METHODS | {"trace"}
STATUS = re.compile(r"[1-5](?:\d\d|[xX]{2})")
_SCHEMES = frozenset({"http", "apiKey", "oauth2", "openIdConnect", "mutualTLS", "basic"})
_SECTIONS = frozenset(
    {"schemas", "responses", "parameters", "requestBodies", "headers", "securitySchemes"}
)
_KEYWORDS = frozenset({"type", "properties", "$ref", "allOf", "oneOf", "anyOf", "enum", "items"})


def is_operation(value: Any) -> bool:
    """Whether it has what only an operation has (OAS 3.1, 4.8.10), and no type as schemas have."""
    if not isinstance(value, dict) or "type" in value or "properties" in value:
        return False
    return (
        isinstance(value.get("operationId"), str)
        or are_answers(value.get("responses"))
        or _is_body(value.get("requestBody"))
        or _are_parameters(value.get("parameters"))
    )


def is_path_item(value: Any) -> bool:
    """Whether a method stands in it (OAS 3.1, 4.8.9)."""
    if not isinstance(value, dict):
        return False
    found = [each for name, each in value.items() if name.lower() in ALL_METHODS]
    return any(each is None or isinstance(each, dict) for each in found)


def holds_operations(value: Any) -> bool:
    """Whether it is a path item, and no object that has a property called get."""
    return isinstance(value, dict) and any(
        name.lower() in ALL_METHODS and is_operation(each) for name, each in value.items()
    )


def are_answers(value: Any) -> bool:
    """Responses by their status (OAS 3.1, 4.8.16)."""
    if not isinstance(value, dict) or not value:
        return False
    names = [name for name in value if not name.startswith("x-")]
    return bool(names) and all(STATUS.fullmatch(name) or name == "default" for name in names)


def is_answer(name: str, value: Any) -> bool:
    """One response below its status."""
    is_status = STATUS.fullmatch(name) or name == "default"
    return (
        bool(is_status) and isinstance(value, dict) and bool({"description", "content"} & {*value})
    )


def is_content(value: Any) -> bool:
    """Media types with what they hold (OAS 3.1, 4.8.14)."""
    return _all_objects(value) and all("/" in name.strip("/") for name in value)


def is_member(name: str, value: Any) -> bool:
    """Whether a member of that name is what OpenAPI means by it, by what stands in it."""
    look = _LOOKS.get(name)
    return look is not None and look(value)


def is_foreign_to_paths(name: str, value: Any) -> bool:
    """Whether it stands among the paths, and is none."""
    if name.startswith(("/", "x-")):
        return False
    if name.lower() in ALL_METHODS:
        return is_operation(value)
    return is_member(name, value) or (name in _LOOKS and holds_operations(value))


def is_foreign_to_path_item(name: str, value: Any) -> bool:
    """Whether it is no slip of a method's name, but of an object around or in one."""
    return name in _OF_DOCUMENTS and is_member(name, value)


def _all_objects(value: Any) -> bool:
    return (
        isinstance(value, dict) and bool(value) and all(isinstance(v, dict) for v in value.values())
    )


def _objects_with(value: Any, *names: str) -> bool:
    return _all_objects(value) and all(name in each for each in value.values() for name in names)


def _is_body(value: Any) -> bool:
    return isinstance(value, dict) and (is_content(value.get("content")) or _refers(value))


def _refers(value: dict[str, Any]) -> bool:
    reference = value.get("$ref")
    return isinstance(reference, str) and "requestBodies" in reference


def _all_listed(value: Any, is_one: Callable[[dict[str, Any]], bool]) -> bool:
    is_filled = isinstance(value, list) and bool(value)
    return is_filled and all(isinstance(each, dict) and is_one(each) for each in value)


def _are_parameters(value: Any) -> bool:
    return _all_listed(value, lambda each: {"name", "in"} <= each.keys() or "$ref" in each)


def _are_servers(value: Any) -> bool:
    return _all_listed(value, lambda each: isinstance(each.get("url"), str))


def _are_requirements(value: Any) -> bool:
    return _all_listed(
        value, lambda each: all(isinstance(scopes, list) for scopes in each.values())
    )


def _are_components(value: Any) -> bool:
    return isinstance(value, dict) and any(
        name in _SECTIONS and _all_objects(each) for name, each in value.items()
    )


def _are_paths(value: Any) -> bool:
    return isinstance(value, dict) and any(
        name.startswith("/") and is_path_item(each) for name, each in value.items()
    )


def _is_info(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and {"title", "version"} <= {*value}
        and all(not isinstance(value[name], dict) for name in ("title", "version"))
    )


def _are_schemes(value: Any) -> bool:
    if not _all_objects(value):
        return False
    types = [each.get("type") for each in value.values()]
    return all(isinstance(each, str) and each in _SCHEMES for each in types)


def _are_schemas(value: Any) -> bool:
    return _all_objects(value) and all(_KEYWORDS & {*each} for each in value.values())


_LOOKS = {
    "components": _are_components,
    "info": _is_info,
    "operationId": lambda value: isinstance(value, str),
    "parameters": lambda value: _are_parameters(value) or _objects_with(value, "name", "in"),
    "paths": _are_paths,
    "requestBodies": lambda value: _objects_with(value, "content"),
    "requestBody": _is_body,
    "responses": lambda value: are_answers(value) or _objects_with(value, "description"),
    "schemas": _are_schemas,
    "security": _are_requirements,
    "securityDefinitions": _are_schemes,
    "securitySchemes": _are_schemes,
    "servers": _are_servers,
}
_OF_DOCUMENTS = frozenset({"components", "info", "paths", "schemas", "securitySchemes"}) | {
    "requestBodies",
    "securityDefinitions",
}
