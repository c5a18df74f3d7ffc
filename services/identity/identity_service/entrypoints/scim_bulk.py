"""A bulk request (RFC 7644, 3.7) of one operation: some directories send each change as one."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from scim2_models import (
    BulkRequest,
    BulkResponse,
    Error,
    InvalidPathException,
    InvalidSyntaxException,
    PayloadTooLargeException,
    SCIMException,
)

from contracts.errors import PlatformError
from identity_service.entrypoints.scim_discovery import BULK_OPERATIONS
from identity_service.entrypoints.scim_errors import refusal, refusal_of_library
from identity_service.entrypoints.scim_groups import Groups
from identity_service.entrypoints.scim_requests import object_of
from identity_service.entrypoints.scim_shown import Shown
from identity_service.entrypoints.scim_users import Users

PATH = re.compile(r"/?(?P<kind>Users|Groups)(?:/(?P<id>[\w-]{1,100}))?")
Kinds = Mapping[str, Users | Groups]
STATUS = {"POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204}


async def bulk(body: dict[str, Any], kinds: Kinds) -> dict[str, Any]:
    """The answer to each operation stands in the response's own; more than one are refused."""
    known = {name.lower(): member for name, member in body.items()}
    operations = known.get("operations")
    schemas = known.get("schemas")
    if not isinstance(schemas, list) or str(BulkRequest.__schema__) not in schemas:
        raise InvalidSyntaxException(detail=f"`schemas` lacks {BulkRequest.__schema__}.")
    if not isinstance(operations, list):
        raise InvalidSyntaxException(detail="`Operations` is no list. Send one.")
    if len(operations) > BULK_OPERATIONS:
        raise PayloadTooLargeException(
            detail=f"A bulk request has {BULK_OPERATIONS} operation at most. Send the others apart."
        )
    done = [await _done(object_of(each), kinds) for each in operations]
    return {"schemas": [str(BulkResponse.__schema__)], "Operations": done}


async def _done(operation: dict[str, Any], kinds: Kinds) -> dict[str, Any]:
    known = {name.lower(): member for name, member in operation.items()}
    method, bulk_id = str(known.get("method")).upper(), known.get("bulkid")
    about = {"method": method, "bulkId": bulk_id, "version": known.get("version")}
    result: dict[str, Any] = {name: each for name, each in about.items() if each is not None}
    try:
        resource = await _carried_out(method, known, kinds)
    except PlatformError as error:
        return result | _refused(refusal(error))
    except (SCIMException, ValidationError) as error:
        return result | _refused(refusal_of_library(error))
    if resource is not None and resource.meta is not None:
        result |= {"location": str(resource.meta.location), "version": resource.meta.version}
    return {**result, "status": str(STATUS[method])}


def _refused(error: Error) -> dict[str, Any]:
    return {"status": str(error.status), "response": error.model_dump()}


async def _carried_out(method: str, operation: dict[str, Any], kinds: Kinds) -> Shown | None:
    path = PATH.fullmatch(str(operation.get("path")))
    if method not in STATUS or path is None or (method == "POST") == bool(path["id"]):
        raise InvalidPathException(
            detail="A bulk operation has one of the methods POST (to /Users or /Groups), PUT, "
            "PATCH or DELETE (of /Users/{id} or /Groups/{id})."
        )
    kind, version = kinds[path["kind"]], operation.get("version")
    if version is not None and not isinstance(version, str):
        raise InvalidSyntaxException(detail="`version` is no text.")
    if method == "DELETE":
        await kind.remove(path["id"], version)
        return None
    data = object_of(operation.get("data"))
    if method == "POST":
        return await kind.create(data)
    change = kind.replace if method == "PUT" else kind.modify
    return await change(path["id"], data, version)
