"""Repairs that need a value of the builder's, with that value in its place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from schema_service.domain import pointers
from schema_service.domain.compiling.server.resolving import below
from schema_service.domain.compiling.server.values import (
    Declared,
    Template,
    behind_origin,
    only_begins,
)
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import BASE_URL, VARIABLE, NeededValues

HOST, BASE_PATH, SCHEME = "{host}", "{basePath}", "{scheme}"
"""Where a form holds these texts, it takes that part of the base URL: Swagger 2.0 has no servers.
The base path that a document has stands behind them, and stays as it is where the base URL has
none.

Forms are written by this service, never by a document.
"""


_VARIABLES = "/variables"


def with_values(
    repair: Repair, values: NeededValues, document: Callable[[], Any] = lambda: None
) -> Repair | None:
    """A repair that needs nothing any more; None where a value is not there, or may not be that of
    its variable.

    Where the value of a server variable is not, a base URL takes the place of the URL, or of the
    variables that are its whole origin. `document` is what the repair is about.
    """
    if any(values.find(need) is None for need in repair.needs):
        repair = _by_base_url(repair, values.base_url or "", document)
        if values.base_url is None or {*repair.needs} != {BASE_URL}:
            return None
    if not all(_may_be(edit, values, document) for edit in repair.edits):
        return None
    edits = [_with_value(edit, values) for edit in repair.edits]
    return replace(repair, edits=tuple(each for each in edits if each is not None), needs=())


def _is_of_variable(edit: Edit) -> bool:
    return bool(edit.needs) and edit.needs != BASE_URL and _VARIABLES in edit.pointer


def _server(edit: Edit, document: Callable[[], Any]) -> dict[str, Any]:
    pointer = edit.pointer.partition(_VARIABLES)[0]
    server = pointers.look_up(document(), pointers.split(pointer))
    return server if isinstance(server, dict) else {}


def _may_be(edit: Edit, values: NeededValues, document: Callable[[], Any]) -> bool:
    """Whether the value of a variable could be called, too."""
    if not _is_of_variable(edit):
        return True
    server = _server(edit, document)
    name = (edit.needs or "").removeprefix(VARIABLE)
    variables = server.get("variables")
    declared = Declared.of(variables.get(name) if isinstance(variables, dict) else None)
    template = Template(str(server.get("url") or ""))
    return template.value(name, declared, values.find(edit.needs or "")).unfit is None


def _by_base_url(repair: Repair, base_url: str, document: Callable[[], Any]) -> Repair:
    """With what would write variables of a server writing its URL."""
    edits = []
    for edit in repair.edits:
        if not _is_of_variable(edit):
            edits.append(edit)
            continue
        url = str(_server(edit, document).get("url") or "").strip()
        if only_begins(base_url, url):
            return repair
        place = f"{edit.pointer.partition(_VARIABLES)[0]}/url"
        edits.append(Edit("replace", place, behind_origin(url) or None, BASE_URL))
    return Repair.of(repair.title, [each for n, each in enumerate(edits) if each not in edits[:n]])


def _with_value(edit: Edit, values: NeededValues) -> Edit | None:
    if edit.needs is None:
        return edit
    given = values.find(edit.needs) or ""
    parts = _parts(given) if edit.needs == BASE_URL else {}
    if parts and _is_base_path(edit.value):
        if not parts[BASE_PATH]:
            return None
        whole = below(given, edit.value.removeprefix(BASE_PATH))
        return replace(edit, value=urlsplit(whole).path, needs=None)
    return replace(edit, value=_filled(edit.value, given, parts), needs=None)


def _is_base_path(form: Any) -> bool:
    return isinstance(form, str) and form.startswith(BASE_PATH)


def _parts(base_url: str) -> dict[str, str]:
    url = urlsplit(base_url)
    return {HOST: url.netloc, BASE_PATH: url.path, SCHEME: url.scheme}


def _filled(form: Any, given: str, parts: dict[str, str]) -> Any:
    """With the value for each null; a relative URL becomes one that stands behind the value."""
    if form is None:
        return given
    if isinstance(form, dict):
        return {key: _filled(value, given, parts) for key, value in form.items()}
    if isinstance(form, list):
        return [_filled(value, given, parts) for value in form]
    if isinstance(form, str) and parts:
        return parts[form] if form in parts else below(given, form)
    return form
