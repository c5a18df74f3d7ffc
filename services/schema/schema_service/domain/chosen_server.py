"""Where an operation is called once a builder chose: a base URL, or values of server variables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.operation import ListedServer, ServerVariable
from contracts.requests import ServerChoice
from contracts.wire import template_leads_elsewhere
from egress.server_url import ServerUrl
from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.server.choice import Choice, ServerRules
from schema_service.domain.compiling.server.deciding import decided
from schema_service.domain.compiling.server.hosts import checked_base_url
from schema_service.domain.compiling.server.resolving import behind, referring
from schema_service.domain.compiling.server.values import (
    MAX_CHOICES,
    Declared,
    Template,
    behind_origin,
    part_filled,
)
from schema_service.domain.errors import ServerRefused
from schema_service.domain.finding import Finding, Severity
from schema_service.domain.origin_rules import OriginRules

PARTS = ("server", "server_template", "server_variables", "listed_servers", "path")
"""Members of a compiled operation that `chosen_server` reads."""
MAX_NAMED = 20
"""Values of a variable that a refusal names."""


def chosen_server(
    form: Mapping[str, Any],
    choice: ServerChoice,
    *,
    blocked: bool,
    source_url: str | None,
    origins: OriginRules | None = None,
) -> str:
    """The base URL of a compiled operation (its JSON) under a choice; empty where it leaves it.

    As the document itself would be read with these values (`deciding.decided`), of which those
    count that its servers have; a relative server with variables is resolved against `source_url`,
    where the document came from. The base URL counts where the operation is `blocked`, by the
    operator's settings too, and where values lead to a server that is not public. Without one, that
    server is the answer: the caller refuses its origin, and nothing is called where the values do
    not lead. Raises `ServerRefused`, or as `checked_base_url`.
    """
    servers = _servers_of(form)
    names = {*variables_of(form)}
    values = {name: each for name, each in choice.server_variables.items() if name in names}
    if not values and (not blocked or choice.base_url is None):
        return ""
    source_url = source_url if _has_variables(servers) else None
    without = decided(servers, (), ServerRules(source_url, origins=origins))
    base_url = choice.base_url if blocked or without.is_public else None
    rules = ServerRules(source_url, values, base_url, origins)
    found = decided(servers, (), rules)
    if base_url is not None and blocked and _is_at_origin_of(form, found):
        return _callable(_in_place_of(found, rules, base_url), form["path"])
    takes = _takes(found, servers, values)
    if not found.is_public:
        refusal = _refusal(found, servers, rules)
        if refusal is not None and (blocked or found.refused or found.url is None):
            raise refusal
    if found.url is None or not (found.is_public or takes or without.is_public):
        return ""
    if found.url == form.get("server") and not takes:
        return ""
    return _callable(found.url, form["path"])


def variables_of(form: Mapping[str, Any]) -> tuple[str, ...]:
    names = [name for each in form.get("listed_servers", ()) for name in each["variables"]]
    return tuple(dict.fromkeys([*form.get("server_variables", ()), *names]))


def _servers_of(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As a document lists them."""
    listed = [ListedServer.model_validate(each) for each in form.get("listed_servers", ())]
    if not listed and form["server_template"]:
        variables = form.get("server_variables", {})
        listed = [ListedServer(url=form["server_template"], variables=variables)]
    return [
        {"url": each.url, "variables": {n: _declared(v) for n, v in each.variables.items()}}
        for each in listed
    ]


def _has_variables(servers: Sequence[Any]) -> bool:
    """Only values may still lead a relative server to where the document came from: without any,
    reading the document decided that. An absent server is one that cannot be called, and a relative
    URL the base path of Swagger 2.0.
    """
    return any(
        name in each["variables"] for each in servers for name in Template(each["url"]).names
    )


def _declared(variable: ServerVariable) -> Declared:
    """Compiled by an earlier release, a list of 200 may be longer in the document."""
    more = variable.more or len(variable.enum) >= MAX_CHOICES
    return Declared(variable.default, variable.enum, more)


def _is_at_origin_of(form: Mapping[str, Any], found: Choice) -> bool:
    """Whether it is called where the operation is as it stands: though that is public, the operator
    may refuse it.
    """
    server = form.get("server")
    if not server or found.url is None or not found.is_public:
        return False
    return ServerUrl.parse(found.url).origin == ServerUrl.parse(server).origin


def _in_place_of(found: Choice, rules: ServerRules, base_url: str) -> str:
    """With the values behind it that its URL has behind variables that are its whole origin, or
    has where it is relative.
    """
    template = found.template
    variables = {name: _declared(each) for name, each in found.variables.items()}
    parts = (template, behind_origin(template) or "")
    filled = (part_filled(part, variables, rules.variables) for part in parts)
    references = (referring(each, template) for each in filled)
    return behind(base_url, next(filter(None, references), ""))


def _takes(found: Choice, servers: Sequence[Any], values: Mapping[str, str]) -> bool:
    """Whether values were given for variables of the server that was chosen. Its `template` may be
    that of another one, which stands behind a base URL.
    """
    steps = pointers.split(found.written.pointer) if found.written is not None else []
    template = servers[int(steps[0])]["url"] if steps else ""
    return any(name in values for name in Template(template).names)


def _refusal(found: Choice, servers: Sequence[Any], rules: ServerRules) -> ServerRefused | None:
    """About the error that keeps it from being called, with what a binding can do about it; None
    where there is none but what the operator's settings refuse.
    """
    reason = next(_errors(found, servers, rules), None)
    if reason is None:
        return None
    sentence, hint = f"{reason.message}.", reason.hint
    match reason.code:
        case server_rules.SERVER_VARIABLE_OPEN.code:
            hint = "Give `server_variables` a value for it too."
        case server_rules.SERVER_VARIABLE_VALUE.code:
            hint = f"Choose one of: {_listed(servers, pointers.split(reason.pointer)[-1])}."
        case server_rules.SERVER_RELATIVE.code:
            sentence = (
                "The document's server is a relative URL, and nobody knows where the document is "
                "from."
            )
            hint = (
                "Give the action a `base_url`, write the server's whole URL in the document, or "
                "import it from its URL."
            )
    return ServerRefused(sentence, hint=hint)


def _errors(found: Choice, servers: Sequence[Any], rules: ServerRules) -> Iterator[Finding]:
    """Of values that may not be first, then of a server that has one of the values."""
    yield from found.refused.values()
    with_value = [
        decided([each], (), rules).found
        for each in servers
        if any(name in rules.variables for name in Template(each["url"]).names)
    ]
    for some in (*with_value, found.found):
        yield from (each for each in some if each.severity is Severity.ERROR)


def _listed(servers: Sequence[Any], name: str) -> str:
    variables = (each["variables"].get(name) for each in servers)
    enum = next((each.enum for each in variables if each is not None and each.enum), ())
    more = ", …" if len(enum) > MAX_NAMED else ""
    return f"{', '.join(enum[:MAX_NAMED])}{more}"


def _callable(url: str, path: str) -> str:
    base = checked_base_url(url).base
    whole = "/" + base.partition("://")[2].partition("/")[2] + path.partition("?")[0]
    if template_leads_elsewhere(whole):
        raise ServerRefused(
            "The base URL and the path hold a dot segment or a control character together.",
            hint="Write the base URL as it is to be read.",
        )
    return base
