"""Server variables (OAS 3.1, 4.8.6): the builder's choice or the default; never a model's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.operation import ServerVariable
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server import wanted
from schema_service.domain.finding import Finding

MAX_LENGTH = 2_000
"""Characters of a URL, before and after its variables are filled in."""
MAX_CHOICES = 200
"""Of a closed list, in a compiled operation; one of so many may be longer in the document."""
TOO_LONG = f"A server URL has at most {MAX_LENGTH:,} characters."
_HOSTS = frozenset({"api", "app", "www"})
"""What a variable may be called after, and a host too."""
_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(slots=True)
class Filled:
    """The URL without braces, or None with the findings that say why."""

    url: str | None
    found: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    closed: list[str]
    default: str | None
    chosen: str | None


def fill(template: str, variables: Any, path: Path, choices: Mapping[str, str]) -> Filled:
    """`path` is the server's."""
    declared = variables if isinstance(variables, dict) else {}
    result, values = Filled(None), {}
    if len(template) > MAX_LENGTH:
        result.found.append(server_rules.SERVER_BROKEN.at(path, url=template, reason=TOO_LONG))
        return result
    for name in names_in(template):
        variable = _variable(name, declared.get(name), choices.get(name))
        value, finding = _value(variable, (*path, "variables", name), template)
        if value is None and finding is not None:
            result.found.append(wanted.asking_for_variable(finding, path, variables, name))
            return result
        if finding is not None:
            result.found.append(finding)
        values[name] = (value or "")[:MAX_LENGTH]
    url = _VARIABLE.sub(lambda gap: values[gap[1]], template)
    if len(url) > MAX_LENGTH:
        result.found.append(server_rules.SERVER_BROKEN.at(path, url=url, reason=TOO_LONG))
    else:
        result.url = url
    return result


def described(template: str, variables: Any) -> dict[str, ServerVariable]:
    """Those of the template, by name."""
    declared = variables if isinstance(variables, dict) else {}
    each = (_variable(name, declared.get(name), None) for name in names_in(template))
    return {
        one.name: ServerVariable(default=one.default, enum=tuple(one.closed[:MAX_CHOICES]))
        for one in each
    }


def names_in(template: str) -> list[str]:
    return list(dict.fromkeys(_VARIABLE.findall(template[:MAX_LENGTH])))


def _variable(name: str, declared: Any, chosen: str | None) -> _Variable:
    described = declared if isinstance(declared, dict) else {}
    listed, default = described.get("enum"), described.get("default")
    closed = [str(value) for value in listed] if isinstance(listed, list) else []
    return _Variable(name, closed, None if default is None else str(default), chosen)


def _value(variable: _Variable, path: Path, template: str) -> tuple[str | None, Finding | None]:
    """The builder's choice, else the document's default; a closed list holds either."""
    name, value = variable.name, variable.chosen
    if value is None:
        value = variable.default
    if variable.closed:
        value = variable.closed[0] if value is None else value
        if value in variable.closed:
            return value, None
        choices = ", ".join(variable.closed)
        return None, server_rules.SERVER_VARIABLE_VALUE.at(
            path, name=name, value=value, choices=choices
        )
    if variable.chosen is not None:
        return value, None
    in_host = f"{{{name}}}" in template.partition("//")[2].partition("/")[0]
    if value is None or (in_host and names_itself(name, value)):
        return None, server_rules.SERVER_VARIABLE_OPEN.at(path, name=name)
    return value, server_rules.SERVER_VARIABLE_DEFAULT.at(path, name=name, value=value)


def names_itself(name: str, default: str) -> bool:
    """`tenant`, `<tenant>`, `your-tenant`, `YOUR_TENANT` stand for a tenant, and are none."""
    bare = re.sub(r"[^a-z0-9]", "", default.lower())
    own = re.sub(r"[^a-z0-9]", "", name.lower())
    return bool(own) and own not in _HOSTS and bare in (own, f"your{own}", f"my{own}")
