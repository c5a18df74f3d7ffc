"""What SCIM's requests carry: bodies, patches, the part of a list, the version of If-Match."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Query, Request
from scim2_models import (
    Context,
    InvalidSyntaxException,
    ListResponse,
    PatchOp,
    Resource,
    ResponseParameters,
    ScimPolicy,
    TooManyException,
)

from kit import etags
from kit.errors import BodyTooLarge
from kit.strict import refuse_other_media

POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What Entra and Okta send beyond the specification: attributes that are not kept here, and patches
of their own ways.
"""
MAX_BODY_BYTES = 256 * 1024
MAX_OPERATIONS = 100
"""Of a patch."""
MAX_PATH = 500
MAX_COUNT = 200
DEFAULT_COUNT = 100
READ_ONLY = frozenset({"id", "meta", "schemas"})
"""What some directories repeat in the value of a patch; it changes nothing."""

R = TypeVar("R", bound=Resource[Any])
T = TypeVar("T")


async def body_of(request: Request) -> dict[str, Any]:
    refuse_other_media(request.headers.get("content-type", ""))
    raw = await request.body()
    if len(raw) > MAX_BODY_BYTES:
        raise BodyTooLarge(MAX_BODY_BYTES)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise InvalidSyntaxException(detail=f"The body is not JSON: {error}.") from None
    return object_of(body)


def object_of(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise InvalidSyntaxException(detail="The body is no JSON object. Send one.")
    return body


def patch_of(model: type[R], body: dict[str, Any]) -> PatchOp[R]:
    """Bounded, and without what it cannot change."""
    body = {name.lower(): member for name, member in body.items()}
    operations = body.get("operations")
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        raise InvalidSyntaxException(detail="`Operations` is no list of objects. Send one.")
    if len(operations) > MAX_OPERATIONS:
        raise TooManyException(detail=f"A patch has at most {MAX_OPERATIONS} operations.")
    kept = {"schemas": body.get("schemas"), "Operations": [_bounded(one) for one in operations]}
    patch: PatchOp[R] = PatchOp[model].model_validate(  # type: ignore[valid-type]
        kept, scim_ctx=Context.RESOURCE_PATCH_REQUEST
    )
    return patch


def _bounded(operation: dict[str, Any]) -> dict[str, Any]:
    known = {name.lower(): member for name, member in operation.items()}
    path, value = known.get("path"), known.get("value")
    if isinstance(path, str) and len(path) > MAX_PATH:
        raise InvalidSyntaxException(detail=f"A path has at most {MAX_PATH} characters.")
    if not path and isinstance(value, dict):
        known["value"] = {n: each for n, each in value.items() if n.lower() not in READ_ONLY}
    if not path:
        known.pop("path", None)
    return known


def revision_of(if_match: str | None) -> int | None:
    """Of a version such as `W/"3"`; None for none."""
    return etags.revision_of(if_match and if_match.strip().removeprefix("W/"))


@dataclass(frozen=True, slots=True)
class Attributes:
    """Which attributes of a resource an answer has (RFC 7644, 3.9)."""

    parameters: ResponseParameters[Any]

    def shown(self, resource: Resource[Any]) -> dict[str, Any]:
        context = Context.RESOURCE_QUERY_RESPONSE
        return resource.model_dump(scim_ctx=context, response_parameters=self.parameters)


Listed = Annotated[str | None, Query(max_length=1_000)]


def wanted_attributes(
    attributes: Listed = None,
    excluded: Annotated[str | None, Query(max_length=1_000, alias="excludedAttributes")] = None,
) -> Attributes:
    named = {"attributes": attributes, "excludedAttributes": excluded}
    return Attributes(ResponseParameters.model_validate(named))


WantedAttributes = Annotated[Attributes, Depends(wanted_attributes)]


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list, and which attributes of each (RFC 7644, 3.4.2 and 3.9)."""

    filter: str | None
    start: int
    """The first has 1."""
    count: int
    attributes: Attributes

    def of(self, found: list[T]) -> list[T]:
        first = self.start - 1
        return found[first : first + self.count]

    def answer(self, total: int, shown: list[Resource[Any]]) -> dict[str, Any]:
        return {
            "schemas": [str(ListResponse.__schema__)],
            "totalResults": total,
            "startIndex": self.start,
            "itemsPerPage": len(shown),
            "Resources": [self.attributes.shown(each) for each in shown],
        }


def part_of_list(
    attributes: WantedAttributes,
    filter_: Annotated[str | None, Query(alias="filter")] = None,
    start: Annotated[int, Query(alias="startIndex")] = 1,
    count: Annotated[int, Query()] = DEFAULT_COUNT,
    sort_by: Annotated[str | None, Query(alias="sortBy")] = None,
    sort_order: Annotated[str | None, Query(alias="sortOrder")] = None,
) -> Part:
    """Nothing is sorted: the order is that in which they were added."""
    del sort_by, sort_order
    return Part(filter_ or None, max(start, 1), min(max(count, 0), MAX_COUNT), attributes)
