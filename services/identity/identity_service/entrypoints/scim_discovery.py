"""What this provider can do, and what its resources look like (RFC 7643, 5 to 7)."""

from typing import Any

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    External,
    Filter,
    Meta,
    Patch,
    Reference,
    Resource,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)

from identity_service.entrypoints.scim_requests import MAX_BODY_BYTES, MAX_COUNT
from identity_service.entrypoints.scim_resources import PREFIX, Group, User
from kit.errors import NothingHere

PROVIDER = ScimProvider(models=[User, Group])
BULK_OPERATIONS = 1


def config(origin: str) -> dict[str, Any]:
    token = AuthenticationScheme(
        type=AuthenticationScheme.Type.oauthbearertoken,
        name="API token",
        description="A token of a member who is an owner or admin, with the scope "
        "members:provision: POST /v1/tokens makes one.",
        spec_uri=Reference[External]("https://www.rfc-editor.org/rfc/rfc6750"),
        primary=True,
    )
    shown = ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=True, max_operations=BULK_OPERATIONS, max_payload_size=MAX_BODY_BYTES),
        filter=Filter(supported=True, max_results=MAX_COUNT),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=True),
        authentication_schemes=[token],
    )
    return _with_meta(shown, "ServiceProviderConfig", f"{origin}{PREFIX}/ServiceProviderConfig")


def schemas(origin: str) -> list[dict[str, Any]]:
    found = [model.to_schema() for model in (User, Group)]
    return [_with_meta(each, "Schema", f"{origin}{PREFIX}/Schemas/{each.id}") for each in found]


def resource_types(origin: str) -> list[dict[str, Any]]:
    return [
        _with_meta(each, "ResourceType", f"{origin}{PREFIX}/ResourceTypes/{each.id}")
        for each in PROVIDER.resource_types
    ]


def one_of(known: list[dict[str, Any]], id_: str) -> dict[str, Any]:
    """By its id, in either case."""
    for each in known:
        if each["id"].lower() == id_.lower():
            return each
    raise NothingHere


def _with_meta(resource: Resource[Any], kind: str, location: str) -> dict[str, Any]:
    shown = resource.model_copy(update={"meta": Meta(resource_type=kind, location=location)})
    return shown.model_dump()
