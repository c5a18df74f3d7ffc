"""What every route refuses before its own code runs: query parameters that it does not have
or that are given twice, and a JSON body that says it is something else.

`assemble` puts it before all routes of a service, the hot ones included.
"""

from collections.abc import Collection, Iterator
from typing import Any, get_origin
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from contracts.errors import Invalid
from kit.errors import UnsupportedMediaType
from kit.nearest import no_such


class UnknownParameter(Invalid):
    code = "platform.unknown_parameter"

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(
            no_such("query parameter", name, known),
            hint="The OpenAPI document lists the query parameters of each route; /docs shows it.",
        )


class RepeatedParameter(Invalid):
    code = "platform.repeated_parameter"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The query parameter `{name}` is given more than once.",
            hint="Give it once; only a parameter that is a list takes several values.",
        )


async def refuse_what_is_unknown(request: Request) -> None:
    """A dependency of every route. One with `takes_any_parameter` is where another site sends a
    browser back to, with parameters of its own.
    """
    route: APIRoute = request.scope["route"]
    takes_any = getattr(route, "takes_any_parameter", False)
    if (query := request.scope["query_string"]) and not takes_any:
        refuse_unknown_parameters(query, parameters_of(route), lists_of(route.dependant))
    if route.body_field is not None and await request.body():
        refuse_other_media(request.headers.get("content-type", ""))


def refuse_unknown_parameters(
    query: bytes, known: Collection[str], lists: Collection[str] = ()
) -> None:
    """`lists` are those of the known ones that may be given several times."""
    text = query.decode("latin-1")
    given = set[str]()
    for name, _ in parse_qsl(text, keep_blank_values=True):
        if name not in known:
            raise UnknownParameter(name, known)
        if name in given and name not in lists:
            raise RepeatedParameter(name)
        given.add(name)


def refuse_other_media(content_type: str) -> None:
    if not is_json(content_type):
        raise UnsupportedMediaType(content_type)


def is_json(content_type: str) -> bool:
    """`application/json`, also `application/merge-patch+json`, with or without parameters."""
    media_type = content_type.partition(";")[0].strip().lower()
    kind, _, subtype = media_type.partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


def parameters_of(route: APIRoute) -> frozenset[str]:
    """The names of its query parameters, those of its dependencies and of query models included."""
    return frozenset(_names(route.dependant))


def lists_of(dependant: Dependant) -> frozenset[str]:
    """Those query parameters that are declared as a `list[…]`; no members of query models."""
    declared = ((each.alias, each.field_info.annotation) for each in dependant.query_params)
    own = (name for name, annotation in declared if get_origin(annotation) is list)
    return frozenset(own).union(*map(lists_of, dependant.dependencies))


def _names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        model: Any = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            for name, member in model.model_fields.items():
                yield member.alias or name
        else:
            yield field.alias
    for each in dependant.dependencies:
        yield from _names(each)
