"""Repairs that need a value of the builder's, with that value in its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from schema_service.domain import pointers
from schema_service.domain.compiling.server.resolving import behind
from schema_service.domain.compiling.server.values import MAX_LENGTH
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import BASE_PATH, BASE_URL, HOST, SCHEME, NeededValues
from schema_service.domain.repairing.placing import ServerList


@dataclass(frozen=True, slots=True)
class Subject:
    """What repairs are about: a document, once it is asked for, and where it came from."""

    document: Callable[[], Any] = lambda: None
    source_url: str | None = None

    def server_list(self, pointer: str) -> ServerList | None:
        """In which a pointer leads to a server, or to something in one."""
        steps = pointers.split(pointer)
        path = next((steps[:n] for n in range(len(steps) - 1, 0, -1) if _is_list(steps, n)), None)
        servers = None if path is None else pointers.look_up(self.document(), path)
        if path is None or not isinstance(servers, list):
            return None
        return ServerList(servers, tuple(path), self.source_url)


def _is_list(steps: Sequence[str], length: int) -> bool:
    return steps[length - 1] == "servers" and steps[length].isdigit()


_NOTHING = Subject()


def with_values(repair: Repair, values: NeededValues, about: Subject = _NOTHING) -> Repair | str:
    """A repair that needs nothing any more; a sentence where a value is not there, or no call could
    be made with it.

    A list of servers is written so that it leads where the values have it called
    (`placing.ServerList`), and the title says by what.
    """
    lists = [(each, about.server_list(each.pointer)) for each in repair.edits if each.needs]
    listed = [(edit, within) for edit, within in lists if within is not None]
    missing = [need for need in repair.needs if values.find(need) is None]
    if missing and (values.base_url is None or len(listed) < len(lists)):
        return f"It needs a value that was not given: {', '.join(missing)}."
    if listed:
        return _placed(repair, *listed[0], values)
    if any(_is_too_long(each, values.base_url or "") for each in repair.edits):
        return f"No call could be made with the value that was given: {', '.join(repair.needs)}."
    edits = [_with_value(edit, values) for edit in repair.edits]
    return replace(repair, edits=tuple(each for each in edits if each is not None), needs=())


def _placed(repair: Repair, edit: Edit, listed: ServerList, values: NeededValues) -> Repair | str:
    """All values of a list are written by one repair, whichever of them it asked for."""
    number = pointers.split(edit.pointer)[len(listed.path)]
    placing = listed.placing(values, int(number))
    if placing.reason:
        return placing.reason
    title = repair.title
    if placing.writes_url and BASE_URL not in repair.needs:
        title = "Write your API's base URL"
    if not placing.writes_url and BASE_URL in repair.needs:
        title = "Write the values of the server's variables"
    others = (each for each in repair.edits if each.needs is None)
    return Repair(title, (*others, *placing.edits))


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
