"""The arguments' schema as a model gets it: shorter, and without what only validators need."""

from collections.abc import Collection, Mapping
from typing import Any

from contracts.json_schema import ONE_SCHEMA, SCHEMA_LISTS, SCHEMA_MAPS, names_in
from contracts.tool_forms.examples import fitting
from contracts.tool_forms.text import MAX_PARAMETER_DESCRIPTION, cut, is_visible

_LEFT_OUT = frozenset({"title", "deprecated", "dependentRequired", "$defs", "xml"})


def shown(arguments: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """Without the arguments in `hidden`, which are filled in; with only the `$defs` still used.

    Conditions on several arguments are left to the check of a call: models' APIs take no `allOf`,
    `anyOf` or `oneOf` there.
    """
    schema = for_model({k: each for k, each in arguments.items() if k not in SCHEMA_LISTS})
    properties = schema.get("properties", {})
    schema["properties"] = {n: each for n, each in properties.items() if n not in hidden}
    required = [name for name in schema.pop("required", ()) if name not in hidden]
    if required:
        schema["required"] = required
    definitions = arguments.get("$defs", {})
    used = _reached(schema, definitions)
    if used:
        schema["$defs"] = {name: for_model(definitions[name]) for name in used}
    return schema


def for_model(schema: Any) -> dict[str, Any]:
    """Descriptions cut, `items` present, never a bare boolean; no default and no example that holds
    what nobody sees.
    """
    if not isinstance(schema, dict):
        return {} if schema is True else {"not": {}}
    result = {k: _member(k, value) for k, value in schema.items() if k not in _LEFT_OUT}
    if "examples" in result and not result["examples"]:
        del result["examples"]
    if "default" in result and not is_visible(result["default"]):
        del result["default"]
    if result.get("type") == "array" and "items" not in result:
        result["items"] = {}
    return result


def _member(keyword: str, value: Any) -> Any:
    if keyword == "description":
        return cut(value, MAX_PARAMETER_DESCRIPTION)
    if keyword == "examples":
        return fitting(value)
    if keyword in ("additionalProperties", "unevaluatedProperties", "unevaluatedItems"):
        return value if isinstance(value, bool) else for_model(value)
    if keyword in ONE_SCHEMA:
        return for_model(value)
    if keyword in SCHEMA_LISTS:
        return [for_model(each) for each in value]
    if keyword in SCHEMA_MAPS:
        return {name: for_model(each) for name, each in value.items()}
    return value


def _reached(schema: Any, definitions: Mapping[str, Any]) -> list[str]:
    """The names of all definitions that it refers to, directly or not, in their own order."""
    waiting, reached = list(names_in(schema)), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached and name in definitions:
            reached.add(name)
            waiting += names_in(definitions[name])
    return [name for name in definitions if name in reached]
