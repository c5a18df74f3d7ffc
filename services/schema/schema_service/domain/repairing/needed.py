"""Repairs that need a value of the builder's, with that value in its place."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from schema_service.domain.compiling.server.resolving import behind
from schema_service.domain.compiling.server.values import MAX_LENGTH
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import BASE_URL, NeededValues

HOST, BASE_PATH, SCHEME = "{host}", "{basePath}", "{scheme}"
"""Where a form holds these texts, it takes that part of the base URL: Swagger 2.0 has no servers.
The base path that a document has stands behind them, and stays as it is where the base URL has
none.

Forms are written by this service, never by a document.
"""


_VARIABLES = "/variables"


def with_values(repair: Repair, values: NeededValues) -> Repair | None:
    """A repair that needs nothing any more; None where a value is not there, or too long.

    Where the value of a server variable is not, a base URL takes the place of the whole URL.
    """
    if any(values.find(need) is None for need in repair.needs):
        repair = _by_base_url(repair)
        if values.base_url is None or {*repair.needs} != {BASE_URL}:
            return None
    if any(_is_too_long(each, values.base_url or "") for each in repair.edits):
        return None
    edits = [_with_value(edit, values) for edit in repair.edits]
    return replace(repair, edits=tuple(each for each in edits if each is not None), needs=())


def _by_base_url(repair: Repair) -> Repair:
    """With what would write variables of a server writing its URL."""
    edits = [
        Edit("replace", f"{edit.pointer.partition(_VARIABLES)[0]}/url", None, BASE_URL)
        if edit.needs and edit.needs != BASE_URL and _VARIABLES in edit.pointer
        else edit
        for edit in repair.edits
    ]
    return Repair.of(repair.title, [each for n, each in enumerate(edits) if each not in edits[:n]])


def _with_value(edit: Edit, values: NeededValues) -> Edit | None:
    if edit.needs is None:
        return edit
    given = values.find(edit.needs) or ""
    if edit.needs != BASE_URL:
        return replace(edit, value=_filled(edit.value, given, {}), needs=None)
    if _is_base_path(edit.value):
        return _with_base_path(edit, given)
    return replace(edit, value=_filled(edit.value, given, _parts(given)), needs=None)


def _with_base_path(edit: Edit, given: str) -> Edit | None:
    """None where the document's own stays. One that no call could be made at gives way."""
    own = edit.value.removeprefix(BASE_PATH)
    whole = urlsplit(behind(given, own))
    path = f"{whole.path}?{whole.query}" if whole.query else whole.path
    if path.strip("/") == own.strip("/"):
        return None
    return replace(edit, value=path or "/", needs=None)


def _is_base_path(form: Any) -> bool:
    return isinstance(form, str) and form.startswith(BASE_PATH)


def _parts(base_url: str) -> dict[str, str]:
    url = urlsplit(base_url)
    return {HOST: url.netloc, SCHEME: url.scheme}


def _filled(form: Any, given: str, parts: dict[str, str]) -> Any:
    """With the value for each null; a relative URL becomes one that stands behind the value."""
    if form is None:
        return given
    if isinstance(form, dict):
        return {key: _filled(value, given, parts) for key, value in form.items()}
    if isinstance(form, list):
        return [_filled(value, given, parts) for value in form]
    if isinstance(form, str) and parts:
        return parts[form] if form in parts else behind(given, form)
    return form


def _is_too_long(edit: Edit, base_url: str) -> bool:
    """Whether a URL would be written that no server of a document may have."""
    form = edit.value
    reference = form.removeprefix(BASE_PATH) if isinstance(form, str) else ""
    return edit.needs == BASE_URL and len(behind(base_url, reference)) > MAX_LENGTH
