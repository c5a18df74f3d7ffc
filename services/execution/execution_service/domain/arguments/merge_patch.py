"""Nulls in a JSON merge patch (RFC 7396, section 2): what they remove has no schema to fit."""

from collections.abc import Collection, Mapping
from typing import Any


def with_removals(
    arguments: Mapping[str, Any], original: Mapping[str, Any], beside: Collection[str]
) -> dict[str, Any]:
    """The arguments, made of the original ones without their nulls, with these again. Arguments
    `beside` the patch stay without.
    """
    patch = {name: value for name, value in original.items() if name not in beside}
    merged: dict[str, Any] = _together(dict(arguments), patch)
    return merged


def _together(value: Any, original: Any) -> Any:
    if type(value) is not dict or type(original) is not dict:
        return value
    merged = {name: _together(each, original.get(name)) for name, each in value.items()}
    return merged | {name: None for name, each in original.items() if each is None}
