"""What SCIM's requests carry: bodies, patches, the part of a list, the version of If-Match."""

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Query, Request
from pydantic import ValidationError
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

from identity_service.entrypoints.scim_bounds import (
    demand_few_steps,
    demand_few_values,
    demand_shallow,
    demand_short,
    names_in,
    steps_of,
)
from identity_service.entrypoints.scim_names import Model, operations_named_plainly
from identity_service.entrypoints.scim_shown import Attributes, Shown
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
HARMLESS = {"op": "replace", "path": "displayName", "value": "x"}
"""An operation in which there is nothing to refuse."""
MAX_COUNT = 200
MAX_START = 2**31
"""Far beyond what a list may have."""
DEFAULT_COUNT = 100

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
    demand_few_values(body)
    demand_shallow(body)
    return object_of(body)


def object_of(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise InvalidSyntaxException(detail="The body is no JSON object. Send one.")
    return body


def operations_of(model: Model, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a patch, bounded, and without what it cannot change; what they have is named in lower
    case, and attributes as `scim_names` says.
    """
    operations = _member(body, "operations")
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        raise InvalidSyntaxException(detail="`Operations` is no list of objects. Send one.")
    if len(operations) > MAX_OPERATIONS:
        raise TooManyException(detail=f"A patch has at most {MAX_OPERATIONS} operations.")
    parts = operations_named_plainly(model, [_bounded(one) for one in operations])
    if len(parts) > MAX_OPERATIONS:
        raise TooManyException(detail=f"A patch changes at most {MAX_OPERATIONS} paths.")
    return parts


def patch_of(
    model: type[R], body: dict[str, Any], operations: list[dict[str, Any]], entries: int
) -> PatchOp[R]:
    """Of these `operations`. No attribute has more than so many `entries`."""
    demand_few_steps(sum(steps_of(one, entries) for one in operations))
    return _read(model, body, operations)


async def patches_of(
    model: type[R], body: dict[str, Any], operations: list[dict[str, Any]], entries: int
) -> list[PatchOp[R]]:
    """The same, each of one operation: others get their turn between two of them."""
    if not operations:
        return [patch_of(model, body, operations, entries)]  # the library refuses it
    demand_few_steps(sum(steps_of(one, entries) for one in operations))
    patches = []
    for number, one in enumerate(operations):
        try:
            patches.append(_read(model, body, [one]))
        except ValidationError:
            _read(model, body, [*[HARMLESS] * number, one])  # refused with its number
            raise
        await asyncio.sleep(0)
    return patches


@cache
def patch_model(model: type[R]) -> type[PatchOp[R]]:
    """Kept: Pydantic keeps a generic model by a weak reference, and making one anew takes more than
    reading a patch.
    """
    return PatchOp[model]  # type: ignore[valid-type]


def _read(model: type[R], body: dict[str, Any], operations: list[dict[str, Any]]) -> PatchOp[R]:
    kept = {"schemas": _member(body, "schemas"), "Operations": operations}
    return patch_model(model).model_validate(kept, scim_ctx=Context.RESOURCE_PATCH_REQUEST)


def _member(body: dict[str, Any], wanted: str) -> Any:
    return next((each for name, each in body.items() if name.lower() == wanted), None)


def _bounded(operation: dict[str, Any]) -> dict[str, Any]:
    known = {name.lower(): member for name, member in operation.items()}
    path, value = known.get("path"), known.get("value")
    paths = [path] if isinstance(path, str) else []
    demand_short((*paths, *names_in(value)))
    if not path:
        known.pop("path", None)
    return known


def revision_of(if_match: str | None) -> int | None:
    """Of a version such as `W/"3"`; None for none."""
    return etags.revision_of(if_match and if_match.strip().removeprefix("W/"))


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

    async def answer(self, total: int, shown: list[Shown]) -> dict[str, Any]:
        """Others get their turn after each resource."""
        resources = []
        for each in shown:
            resources.append(orjson.Fragment(orjson.dumps(self.attributes.shown(each))))
            await asyncio.sleep(0)
        return {
            "schemas": [str(ListResponse.__schema__)],
            "totalResults": total,
            "startIndex": self.start,
            "itemsPerPage": len(resources),
            "Resources": resources,
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
    first = min(max(start, 1), MAX_START)
    return Part(filter_ or None, first, min(max(count, 0), MAX_COUNT), attributes)
