"""Repairs that need a value of the builder's, with that value in its place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from schema_service.domain import pointers
from schema_service.domain.compiling.server.query import WrittenUrl
from schema_service.domain.compiling.server.resolving import behind, below, referring
from schema_service.domain.compiling.server.values import (
    MAX_LENGTH,
    Declared,
    Template,
    behind_origin,
    only_begins,
    part_filled,
)
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import BASE_URL, VARIABLE, NeededValues

HOST, BASE_PATH, SCHEME = "{host}", "{basePath}", "{scheme}"
"""Where a form holds these texts, it takes that part of the base URL: Swagger 2.0 has no servers.
The base path that a document has stands behind them, and stays as it is where the base URL has
none.

Forms are written by this service, never by a document.
"""


_VARIABLES, _URL = "/variables", "/url"


def with_values(
    repair: Repair, values: NeededValues, document: Callable[[], Any] = lambda: None
) -> Repair | None:
    """A repair that needs nothing any more; None where a value is not there, would make a URL that
    is too long, or may not be that of its variable.

    Where the value of a server variable is not, a base URL takes the place of the URL, or of the
    variables that are its whole origin. `document` is what the repair is about.
    """
    if any(values.find(need) is None for need in repair.needs):
        repair = _by_base_url(repair, values, document)
        if values.base_url is None or not {*repair.needs} <= {BASE_URL}:
            return None
    if any(_is_too_long(each, values.base_url or "") for each in repair.edits):
        return None
    if not all(_may_be(edit, values, document) for edit in repair.edits):
        return None
    edits = [
        _behind_base_url(edit, values, document) or _with_value(edit, values)
        for edit in repair.edits
    ]
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


def _by_base_url(repair: Repair, values: NeededValues, document: Callable[[], Any]) -> Repair:
    """With what would write variables of a server writing its URL."""
    base_url, choices = values.base_url or "", values.server_variables
    edits = []
    for edit in repair.edits:
        if not _is_of_variable(edit):
            edits.append(edit)
            continue
        server = _server(edit, document)
        url = _kept_template(server, base_url, choices)
        if len(url) > MAX_LENGTH or only_begins(base_url, str(server.get("url") or "").strip()):
            return repair
        place = f"{edit.pointer.partition(_VARIABLES)[0]}/url"
        edits.append(Edit("replace", place, url) if url else Edit("replace", place, None, BASE_URL))
    return Repair.of(repair.title, [each for n, each in enumerate(edits) if each not in edits[:n]])


def _behind_base_url(edit: Edit, values: NeededValues, document: Callable[[], Any]) -> Edit | None:
    """With a relative URL's variables left as they are; None for other edits."""
    is_url = edit.value is None or isinstance(edit.value, str)
    if edit.needs != BASE_URL or not is_url or not edit.pointer.endswith(_URL):
        return None
    server = pointers.look_up(document(), pointers.split(edit.pointer.removesuffix(_URL)))
    if not isinstance(server, dict) or "{" not in str(server.get("url")):
        return None
    url = _kept_template(server, values.base_url or "", values.server_variables)
    return replace(edit, value=url, needs=None) if 0 < len(url) <= MAX_LENGTH else None


def _kept_template(server: dict[str, Any], base_url: str, choices: Mapping[str, str]) -> str:
    """The server's URL behind a base URL, or with that in place of the variables that are its whole
    origin; its other variables as they are, if it is called where their values have it called.
    Empty where a base URL takes the place of the whole (`Choice.relative`).
    """
    url, variables = str(server.get("url") or "").strip(), server.get("variables")
    plain = WrittenUrl.of(url).plain
    query = url.partition("#")[0].removeprefix(plain)
    for part in (plain, behind_origin(plain) or ""):
        reference = referring(part_filled(part, variables, choices), url)
        if not base_url or not reference:
            continue
        whole, template = behind(base_url, reference), below(base_url, part + query)
        filled = part_filled(WrittenUrl.of(template).plain, variables, choices)
        return template if filled == WrittenUrl.of(whole).plain else whole
    return ""


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
    if path.strip("/") == own.strip("/") and not own.startswith("//"):
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
