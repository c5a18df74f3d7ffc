"""Where an operation is called once a builder chose: a base URL, or values of server variables."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.errors import PlatformError
from contracts.operation import ServerVariable
from contracts.requests import ServerChoice
from contracts.wire import template_leads_elsewhere
from schema_service.domain.compiling.server.hosts import checked_base_url, obstacle
from schema_service.domain.compiling.server.resolving import absolute, behind, can_stand_behind
from schema_service.domain.compiling.server.values import (
    MAX_CHOICES,
    Template,
    Unfit,
    Value,
    behind_origin,
    only_begins,
)
from schema_service.domain.errors import ServerRefused

MAX_NAMED = 20
"""Values of a variable that a refusal names."""


def chosen_server(
    form: Mapping[str, Any], choice: ServerChoice, *, blocked: bool, source_url: str | None
) -> str:
    """The base URL of a compiled operation (its JSON) under a choice; empty where it leaves it.

    Variables count where the document's server has them; a relative one is resolved against
    `source_url`, where the document came from. The base URL counts where the operation is `blocked`
    and they do not lead anywhere that may be called: a relative server stands behind it, or what
    follows variables that are the whole origin; any other one is replaced by it. Raises
    `ServerRefused`, or as `checked_base_url`.
    """
    base_url = choice.base_url if blocked else None
    given = choice.server_variables
    url = _by_variables(form, given, source_url, has_base=bool(base_url))
    if base_url and not url and only_begins(base_url, form["server_template"]):
        url = _with_values(form, given, form["server_template"])
    elif base_url and not url:
        url = behind(base_url, _reference(form, given))
    if not url:
        return ""
    base = checked_base_url(url).base
    path = "/" + base.partition("://")[2].partition("/")[2] + form["path"].partition("?")[0]
    if template_leads_elsewhere(path):
        raise ServerRefused(
            "The base URL and the path hold a dot segment or a control character together.",
            hint="Write the base URL as it is to be read.",
        )
    return base


def _by_variables(
    form: Mapping[str, Any], given: Mapping[str, str], source_url: str | None, *, has_base: bool
) -> str:
    """The server's whole URL with the values that are given, and the defaults of the others; empty
    where none is given, and where a base URL takes its place. Refuses a given value that may not be
    that of its variable, whatever else there is.
    """
    if not given.keys() & {*variables_of(form)}:
        return ""
    template = Template(form["server_template"])
    for name in template.names:
        if name in given or not has_base:
            _value(template, form, name, given)
    try:
        url = absolute(_with_values(form, given, template.text), source_url)
    except ServerRefused:
        return ""
    if has_base:
        return url if url is not None and _is_public(url) else ""
    if url is None:
        raise ServerRefused(
            "The document's server is a relative URL, and nobody knows where the document is from.",
            hint="Write the server's whole URL in the document, or import it from its URL.",
        )
    return url


def _is_public(url: str) -> bool:
    try:
        return obstacle(checked_base_url(url)) is None
    except PlatformError:
        return False


def variables_of(form: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(form.get("server_variables", ()))


def _reference(form: Mapping[str, Any], given: Mapping[str, str]) -> str:
    """The relative URL of its server with the values that are given or the document has, or what
    stands there behind variables that are its whole origin; empty where a value is missing.
    """
    template = form["server_template"]
    for part in (template, behind_origin(template)):
        try:
            reference = "" if part is None else _with_values(form, given, part)
        except ServerRefused:
            continue
        if can_stand_behind(reference):
            return reference
    return ""


def _with_values(form: Mapping[str, Any], given: Mapping[str, str], part: str) -> str:
    """`part` of its template, or the whole."""
    template = Template(part)
    return template.filled({name: _value(template, form, name, given) for name in template.names})


def _value(template: Template, form: Mapping[str, Any], name: str, given: Mapping[str, str]) -> str:
    variable = _read(form["server_variables"].get(name, {}))
    value = template.value(name, variable, given.get(name))
    _check(name, variable, value)
    return value.text


def _read(variable: Mapping[str, Any]) -> ServerVariable:
    """Compiled by an earlier release, a list of 200 may be longer in the document. One beyond a
    URL's first `MAX_LENGTH` characters is not in the form, and has no value.
    """
    read = ServerVariable.model_validate(variable)
    return read.model_copy(update={"more": read.more or len(read.enum) >= MAX_CHOICES})


def _check(name: str, variable: ServerVariable, value: Value) -> None:
    shown = value.text[:100]
    match value.unfit:
        case Unfit.OPEN:
            raise ServerRefused(
                f"The server variable {name} has no value{_but(shown)}.",
                hint="Give `server_variables` a value for it too.",
            )
        case Unfit.UNLISTED:
            raise ServerRefused(
                f"The server variable {name} may not be {shown}.",
                hint=f"Choose one of: {_listed(variable.enum)}.",
            )
        case Unfit.ENDS_HOST:
            raise ServerRefused(
                f"The server variable {name} is a part of the host, and {shown} ends it.",
                hint="Give it letters, digits, dots and hyphens only.",
            )
        case None:
            return


def _but(placeholder: str) -> str:
    return f" but {placeholder}, which stands for the real one" if placeholder else ""


def _listed(choices: Sequence[str]) -> str:
    more = ", …" if len(choices) > MAX_NAMED else ""
    return f"{', '.join(choices[:MAX_NAMED])}{more}"
