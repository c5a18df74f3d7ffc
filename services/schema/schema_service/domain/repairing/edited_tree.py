"""Edits applied to a tree: what the repaired text must read as."""

import copy
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.finding import Edit


def edited(document: Any, edits: list[Edit]) -> Any:
    """A copy with all edits made in turn; one that cannot be made is left out."""
    result = copy.deepcopy(document)
    for edit in edits:
        *parent, last = pointers.split(edit.pointer) or [""]
        container = pointers.look_up(result, parent)
        if isinstance(container, dict):
            _edit_object(container, last, edit)
        elif isinstance(container, list):
            _edit_list(container, last, edit)
    return result


def _edit_object(container: dict[str, Any], key: str, edit: Edit) -> None:
    if edit.op == "add":
        container[key] = edit.value
    elif key not in container or edit.op == "quote_key":
        return
    elif edit.op == "replace":
        container[key] = edit.value
    elif edit.op == "remove":
        del container[key]
    elif edit.value not in container:
        members = [
            (edit.value if name == key else name, value) for name, value in container.items()
        ]
        container.clear()
        container.update(members)


def _edit_list(container: list[Any], step: str, edit: Edit) -> None:
    if edit.op == "add" and step == "-":
        container.append(edit.value)
    elif step.isdigit() and int(step) < len(container):
        if edit.op == "replace":
            container[int(step)] = edit.value
        elif edit.op == "remove":
            del container[int(step)]
        elif edit.op == "first":
            container.insert(0, edited(container.pop(int(step)), edit.value))
