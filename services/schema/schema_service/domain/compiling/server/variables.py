"""Server variables (OAS 3.1, 4.8.6): the builder's choice or the default; never a model's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server import wanted
from schema_service.domain.compiling.server.values import (
    MAX_LENGTH,
    Declared,
    Template,
    Unfit,
    Value,
)
from schema_service.domain.finding import Finding

_HAS_NOTHING = "has neither a default nor a closed list of values"
TOO_LONG = f"A server URL has at most {MAX_LENGTH:,} characters."


@dataclass(slots=True)
class Filled:
    """The URL without braces, or None with the findings that say why; and what it was made of."""

    url: str | None
    found: list[Finding] = field(default_factory=list)
    variables: dict[str, Declared] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    refused: dict[str, Finding] = field(default_factory=dict)
    """By the name of its variable, each of the builder's values that may not be that of it."""


def fill(template: str, variables: Any, path: Path, choices: Mapping[str, str]) -> Filled:
    """`path` is the server's."""
    declared = variables if isinstance(variables, dict) else {}
    result = Filled(None)
    if len(template) > MAX_LENGTH:
        result.found.append(server_rules.SERVER_BROKEN.at(path, url=template, reason=TOO_LONG))
        return result
    written = Template(template)
    for name in written.names:
        variable, chosen = Declared.of(declared.get(name)), choices.get(name)
        value = written.value(name, variable, chosen)
        result.variables[name] = variable
        finding = _finding(name, variable, value, (*path, "variables", name))
        if value.unfit is not None:
            result.found.append(wanted.asking_for_variable(finding, path, variables, name))
            result.refused = _refused(written, variables, path, choices)
            others = {key: each for key, each in result.refused.items() if key != name}
            result.found += others.values()
            return result
        if chosen is None and not variable.enum:
            result.found.append(finding)
        result.values[name] = value.text[:MAX_LENGTH]
    url = written.filled(result.values)
    if len(url) > MAX_LENGTH:
        result.found.append(server_rules.SERVER_BROKEN.at(path, url=url, reason=TOO_LONG))
    else:
        result.url = url
    return result


def _refused(
    written: Template, variables: Any, path: Path, choices: Mapping[str, str]
) -> dict[str, Finding]:
    """About each of the builder's values that may not be that of its variable."""
    declared = variables if isinstance(variables, dict) else {}
    found = {}
    for name in written.names:
        variable = Declared.of(declared.get(name))
        value = written.value(name, variable, choices.get(name))
        if name in choices and value.unfit is not None:
            finding = _finding(name, variable, value, (*path, "variables", name))
            found[name] = wanted.asking_for_variable(finding, path, variables, name)
    return found


def permits(entry: Any, name: str, value: str) -> bool:
    """Whether a server of a list has a variable of this name that may have the value."""
    url = entry.get("url") if isinstance(entry, dict) else None
    if not isinstance(url, str):
        return False
    template, variables = Template(url.strip()), entry.get("variables")
    variable = Declared.of(variables.get(name) if isinstance(variables, dict) else None)
    return name in template.names and template.value(name, variable, value).unfit is None


def _finding(name: str, variable: Declared, value: Value, path: Path) -> Finding:
    """What there is to say about a value, be it fit or not."""
    match value.unfit:
        case Unfit.OPEN:
            why = _HAS_NOTHING
            if value.text:
                why = f"has the default {value.text}, a placeholder that stands for the real value"
            return server_rules.SERVER_VARIABLE_OPEN.at(path, name=name, why=why)
        case Unfit.UNLISTED:
            choices = ", ".join(variable.enum)
            return server_rules.SERVER_VARIABLE_VALUE.at(
                path, name=name, value=value.text, choices=choices
            )
        case Unfit.ENDS_HOST:
            return server_rules.SERVER_VARIABLE_ENDS_HOST.at(path, name=name, value=value.text)
        case None:
            return server_rules.SERVER_VARIABLE_DEFAULT.at(path, name=name, value=value.text)
