"""Repairs that ask the builder for a base URL, or for a variable's value: none is invented."""

from typing import Any, Literal

from schema_service.domain import pointers
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.needed_values import BASE_PATH, BASE_URL, HOST, SCHEME, needed_variable


def adding_servers(finding: Finding, path: Path) -> Finding:
    edit = Edit("add", pointers.join(path), [{"url": None}], BASE_URL)
    return finding.repaired_by("Add your API's base URL", edit)


def adding_url(finding: Finding, path: Path, *, alone: bool) -> Finding:
    """`path` is the URL's; with `alone` it is the whole server's, which is no object yet."""
    form = {"url": None} if alone else None
    edit = Edit("replace" if alone else "add", pointers.join(path), form, BASE_URL)
    return finding.repaired_by("Write your API's base URL", edit)


def replacing_url(path: Path) -> Edit:
    return Edit("replace", pointers.join(path), None, BASE_URL)


def asking_for_url(finding: Finding, path: Path) -> Finding:
    return finding.repaired_by("Replace it with your API's base URL", replacing_url(path))


def resolving(finding: Finding, path: Path, reference: str) -> Finding:
    edit = Edit("replace", pointers.join(path), reference, BASE_URL)
    return finding.repaired_by("Put your API's base URL before it", edit)


def in_swagger(base_path: str) -> tuple[Edit, ...]:
    """The same, at the members that Swagger 2.0 has in place of `servers`."""
    return (
        Edit("add", "/host", HOST, BASE_URL),
        Edit("add", "/basePath", BASE_PATH + base_path, BASE_URL),
        Edit("add", "/schemes", [SCHEME], BASE_URL),
    )


def asking_for_variable(finding: Finding, path: Path, variables: Any, name: str) -> Finding:
    """`path` is the server's. The value becomes the variable's default."""
    edit = writing_variable(path, variables, name)
    return finding.repaired_by(f"Write the value of {name}", edit)


def writing_variable(path: Path, variables: Any, name: str) -> Edit:
    """`path` is the server's."""
    need = needed_variable(name)
    at: Path = (*path, "variables")
    form: dict[str, Any] = {"default": None}
    if not isinstance(variables, dict):
        form = {name: form}
    elif not isinstance(variables.get(name), dict):
        at = (*at, name)
    else:
        op: Literal["add", "replace"] = "replace" if "default" in variables[name] else "add"
        return Edit(op, pointers.join((*at, name, "default")), None, need)
    return Edit("add", pointers.join(at), form, need)
