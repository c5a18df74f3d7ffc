"""Where an operation is called once a builder chose: a base URL, or values of server variables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contracts.errors import Invalid
from contracts.requests import ServerChoice
from contracts.wire import PLACEHOLDER, template_leads_elsewhere
from schema_service.domain.compiling.server.hosts import checked_base_url
from schema_service.domain.compiling.server.variables import MAX_CHOICES, names_itself

MAX_NAMED = 20
"""Values of a variable that a refusal names."""
_ENDS_A_HOST = frozenset("/?#@:\\ ")


class ServerRefused(Invalid):
    code = "schema.server_choice_refused"


def chosen_server(form: Mapping[str, Any], choice: ServerChoice, *, blocked: bool) -> str:
    """The base URL of a compiled operation (its JSON) under a choice; empty where it leaves it.

    Variables count where the document's server has them. The base URL counts where it is `blocked`
    and they do not lead anywhere. Raises `ServerRefused`, or as `checked_base_url`.
    """
    filled = _filled(form, choice.server_variables)
    url = filled or (choice.base_url or "" if blocked else "")
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


def variables_of(form: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(form.get("server_variables", ()))


def _filled(form: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """The template with the values that are given, and the defaults of the others."""
    variables: Mapping[str, Any] = form.get("server_variables", {})
    given = {name: values[name] for name in variables if name in values}
    if not given:
        return ""
    for name, value in given.items():
        choices = variables[name]["enum"]
        if choices and value not in choices and not _may_be_longer(choices):
            raise ServerRefused(
                f"The server variable {name} may not be {value[:100]}.",
                hint=f"Choose one of: {_listed(choices)}.",
            )
    template = form["server_template"]
    in_host = PLACEHOLDER.findall(template.partition("//")[2].partition("/")[0])
    _check_hosts(in_host, given)
    for name, variable in variables.items():
        known = variable["default"]
        if known is None:
            known = next(iter(variable["enum"]), None)
        if name not in given and (known is None or (name in in_host and names_itself(name, known))):
            raise ServerRefused(
                f"The server variable {name} has no value.",
                hint="Give `server_variables` a value for it too.",
            )
        given.setdefault(name, known or "")
    return PLACEHOLDER.sub(lambda gap: given[gap[1]], template)


def _may_be_longer(choices: Sequence[str]) -> bool:
    """A compiled operation has the first `MAX_CHOICES` of a closed list, and not the others."""
    return len(choices) >= MAX_CHOICES


def _listed(choices: Sequence[str]) -> str:
    more = ", …" if len(choices) > MAX_NAMED else ""
    return f"{', '.join(choices[:MAX_NAMED])}{more}"


def _check_hosts(in_host: Iterable[str], given: Mapping[str, str]) -> None:
    for name in in_host:
        value = given.get(name, "")
        if _ENDS_A_HOST & {*value}:
            raise ServerRefused(
                f"The server variable {name} is a part of the host, and {value[:100]} ends it.",
                hint="Give it letters, digits, dots and hyphens only.",
            )
