"""Server variables (OAS 3.1, 4.8.6): closed lists, or the builder's choice; never a model's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Finding

MAX_LENGTH = 2_000
"""Characters of a URL, before and after its variables are filled in."""
TOO_LONG = f"A server URL has at most {MAX_LENGTH:,} characters."
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
    in_host: bool


def fill(template: str, variables: Any, path: Path, choices: Mapping[str, str]) -> Filled:
    declared = variables if isinstance(variables, dict) else {}
    result, values = Filled(None), {}
    if len(template) > MAX_LENGTH:
        result.found.append(rules.SERVER_BROKEN.at(path, url=template, reason=TOO_LONG))
        return result
    for name in dict.fromkeys(_VARIABLE.findall(template)):
        variable = _variable(name, declared.get(name), template, choices.get(name))
        value, finding = _value(variable, (*path, "variables", name))
        if finding:
            result.found.append(finding)
        if value is None:
            return result
        values[name] = value[:MAX_LENGTH]
    url = _VARIABLE.sub(lambda gap: values[gap[1]], template)
    if len(url) > MAX_LENGTH:
        result.found.append(rules.SERVER_BROKEN.at(path, url=url, reason=TOO_LONG))
    else:
        result.url = url
    return result


def _variable(name: str, declared: Any, template: str, chosen: str | None) -> _Variable:
    described = declared if isinstance(declared, dict) else {}
    listed, default = described.get("enum"), described.get("default")
    authority = template.split("//", 1)[-1].split("/", 1)[0] if "//" in template else ""
    begins_path = authority.endswith(f"{{{name}}}") and str(default).startswith("/")
    return _Variable(
        name,
        [str(value) for value in listed] if isinstance(listed, list) else [],
        None if default is None else str(default),
        chosen,
        f"{{{name}}}" in authority and not begins_path,
    )


def _value(variable: _Variable, path: Path) -> tuple[str | None, Finding | None]:
    value = variable.default if variable.chosen is None else variable.chosen
    if variable.closed:
        value = variable.closed[0] if value is None else value
        if value in variable.closed:
            return value, None
        return None, rules.SERVER_VARIABLE_VALUE.at(path, name=variable.name, value=value)
    if variable.chosen is not None:
        return value, None
    if value is None or variable.in_host:
        return None, rules.SERVER_VARIABLE_OPEN.at(path, name=variable.name)
    return value, rules.SERVER_VARIABLE_DEFAULT.at(path, name=variable.name, value=value)
