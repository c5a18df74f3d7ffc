"""Attributes by their names, however a directory names them (RFC 7643, 2.1; RFC 7644, 3.10).

Attributes of the core schema may bear its URN (`urn:…:core:2.0:User:userName`), or stand below it.
What is kept here is changed by each of its names. What RFC 7643 defines and is not kept, and what
an extension defines, is left out. Any other name is refused, since it would change nothing.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import scim2_models
from scim2_models import (
    ComplexAttribute,
    InvalidPathException,
    InvalidValueException,
    Mutability,
    Path,
    Resource,
)

from identity_service.entrypoints.scim_bounds import (
    STEPS_A_VALUE,
    demand_few_steps,
    demand_short,
    names_beside_lists,
    names_in,
    shown,
)
from identity_service.entrypoints.scim_resources import Group, User

Model = type[Resource[Any]]
Operation = dict[str, Any]
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
VALUE_IN_FILTER = re.compile(r'\[value eq "[^"\\]*"\]')
READ_ONLY = frozenset({"id", "meta", "schemas"})
"""What some directories repeat in the value of a patch; it changes nothing."""
OF_RFC: dict[Model, Model] = {User: scim2_models.User, Group: scim2_models.Group}


def named_plainly(model: Model, body: dict[str, Any]) -> dict[str, Any]:
    """A whole resource, with core attributes by their names alone."""
    demand_short(names_in(body))
    _demand_few_names(body)
    plain: dict[str, Any] = {}
    for name, each in _attributes(model, body):
        if "." in name and not _is_of_extension(name):
            raise _unknown(name)
        if name.lower() in {known.lower() for known in plain}:
            raise InvalidPathException(detail=f"The body has `{shown(name)}` twice. Send it once.")
        _demand_known(model, name)
        _demand_whole(model, name, each)
        plain[name] = each
    return plain


def operations_named_plainly(model: Model, operations: list[Operation]) -> list[Operation]:
    """What stands under a path with a filter, or twice, in an operation's value, is one of its own,
    which is where the library carries it out.
    """
    _demand_few_names(*(one.get("value") for one in operations))
    return [part for one in operations for part in _parts(model, one)]


def _parts(model: Model, operation: Operation) -> list[Operation]:
    path, value = operation.get("path"), operation.get("value")
    if isinstance(path, str) and (path := _plain(model, path)):
        _demand_known(model, path)
        _demand_whole(model, path, value, operation.get("op"))
        return [{**operation, "path": path}]
    operation = {name: each for name, each in operation.items() if name != "path" or path}
    if path or not isinstance(value, dict):
        return [operation]  # the library refuses it
    whole: dict[str, Any] = {}
    apart = []
    taken = {*READ_ONLY}
    for name, each in _attributes(model, value):
        if name.lower() in READ_ONLY:
            continue
        _demand_known(model, name)
        _demand_whole(model, name, each, operation.get("op"))
        if "[" in name or name.lower() in taken:
            apart.append({**operation, "path": name, "value": each})
        else:
            whole[name] = each
            taken.add(name.lower())
    return [{**operation, "value": whole}, *apart] if whole or not apart else apart


def _attributes(model: Model, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        if own := _plain(model, name):
            yield own, each
            continue
        if not isinstance(each, dict):
            raise InvalidValueException(
                detail=f"`{shown(name)}` is no object. Send one with attributes."
            )
        for inner, one in each.items():
            yield _plain(model, inner) or inner, one


def _plain(model: Model, name: str) -> str:
    """Without the URN of the core schema; empty where it is that URN."""
    urn = str(model.__schema__)
    if name.lower() == urn.lower():
        return ""
    prefixed = name.lower().startswith(f"{urn.lower()}:")
    return name[len(urn) + 1 :] if prefixed else name


def _demand_few_names(*values: Any) -> None:
    demand_few_steps(STEPS_A_VALUE * sum(1 for each in values for _ in names_beside_lists(each)))


def _demand_known(model: Model, name: str) -> None:
    kinds = (model, OF_RFC[model])
    if not _is_of_extension(name) and not any(_is_attribute(each, name) for each in kinds):
        raise _unknown(name)


def _demand_whole(model: Model, name: str, value: Any, op: Any = "replace") -> None:
    """Whatever a value says of a complex attribute is known, too. What is removed by its value, and
    what is read only, is the library's.
    """
    if str(op).lower() == "remove" or not _is_attribute(model, name):
        return
    binding: Any = Path[model](name).resolve()  # type: ignore[valid-type]
    kind = binding.field_type
    is_read_only = binding.get_annotation(Mutability) is Mutability.read_only
    is_complex = isinstance(kind, type) and issubclass(kind, ComplexAttribute)
    if is_read_only or not is_complex or binding.sub_field_name:
        return
    if binding.is_multivalued and "[" not in name:
        _demand_values(name, value if isinstance(value, list) else [value])
    elif isinstance(value, dict):
        for inner in value:
            _demand_known(model, f"{name}.{inner}")


def _demand_values(name: str, entries: list[Any]) -> None:
    """Entries are kept by their values; what has none would be lost."""
    is_members = name.lower() == "members"
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        values = [each for inner, each in entry.items() if inner.lower() == "value"]
        if not values or (is_members and not values[0]):
            raise InvalidValueException(
                detail=f"An entry of `{name}` has no `value`. Send it, or leave the entry out."
            )


def _is_of_extension(name: str) -> bool:
    return name.lower().startswith("urn:") and not name.lower().startswith(CORE.lower())


def _is_attribute(model: Model, name: str) -> bool:
    """What a filter compares with makes no difference."""
    return _is_path(model, VALUE_IN_FILTER.sub('[value eq ""]', name))


@lru_cache(1_000)
def _is_path(model: Model, name: str) -> bool:
    try:
        return Path[model](name).resolve() is not None  # type: ignore[valid-type]
    except InvalidPathException:
        return False


def _unknown(name: str) -> InvalidPathException:
    return InvalidPathException(
        detail=f"There is no attribute `{shown(name)}`. /scim/v2/Schemas lists those that are kept."
    )
