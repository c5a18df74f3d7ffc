"""SCIM 2.0 (RFC 7643, 7644): a company's directory adds, changes and removes people and groups.

Its documents of its own describe it (`/scim/v2/Schemas`), so it stands in no OpenAPI document.
Every request bears an API token with the scope `members:provision`.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.params import Depends as DependsOn
from scim2_models import ListResponse, NotImplementedException

from contracts.principal import Principal, Scope
from identity_service.entrypoints import scim_discovery as discovery
from identity_service.entrypoints.http import App
from identity_service.entrypoints.scim_bulk import Kinds, bulk
from identity_service.entrypoints.scim_errors import ScimRoute, answer
from identity_service.entrypoints.scim_groups import Groups
from identity_service.entrypoints.scim_requests import (
    Part,
    WantedAttributes,
    body_of,
    part_of_list,
)
from identity_service.entrypoints.scim_resources import PREFIX
from identity_service.entrypoints.scim_shares import DirectoryTurns, new_turns
from identity_service.entrypoints.scim_shown import Shown
from identity_service.entrypoints.scim_users import Users
from kit.caller import requires
from kit.errors import NOTHING_HERE, MethodNotAllowed
from kit.etags import is_known
from kit.problems import PathNotFound
from kit.shares import FairShares

Provisioner = Annotated[Principal, Depends(requires(Scope.MEMBERS_PROVISION))]
Listed = Annotated[Part, Depends(part_of_list)]
OneResource = Annotated[str, Path(max_length=100)]
Version = Annotated[str | None, Header(alias="if-match", max_length=200)]
KnownVersion = Annotated[str | None, Header(alias="if-none-match", max_length=200)]
Kind = type[Users] | type[Groups]
ABOVE = PREFIX.rpartition("/")[0]
PATHS_HINT = (
    f"SCIM is at {PREFIX}/Users, {PREFIX}/Groups and {PREFIX}/Bulk; "
    f"{PREFIX}/ServiceProviderConfig, {PREFIX}/ResourceTypes and {PREFIX}/Schemas describe it."
)
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
OF_LISTS, OF_RESOURCES = ("GET", "HEAD", "POST"), ("DELETE", "GET", "HEAD", "PATCH", "PUT")


def scim_routes(origin: str) -> list[APIRouter]:
    """`origin` is under which people reach the installation; empty: locations are paths."""
    router = APIRouter(prefix=PREFIX, route_class=ScimRoute, include_in_schema=False)
    _add_discovery(router, origin)
    in_turn = [Depends(_in_turn(new_turns()))]
    for path, kind in (("/Users", Users), ("/Groups", Groups)):
        _add_reading(router, path, kind, origin, in_turn)
        _add_changes(router, path, kind, origin, in_turn)
    _add_bulk(router, origin, in_turn)
    _add_rest(router)
    above = APIRouter(prefix=ABOVE, route_class=ScimRoute, include_in_schema=False)

    @above.api_route("/{rest:path}", methods=METHODS)
    async def refuse(_: Provisioner) -> Response:
        raise PathNotFound(NOTHING_HERE, hint=PATHS_HINT)

    return [router, above]


def _in_turn(turns: DirectoryTurns) -> Callable[..., AsyncIterator[None]]:
    async def held(caller: Provisioner) -> AsyncIterator[None]:
        async with turns.held(caller.workspace_id):
            yield

    return held


def _add_discovery(router: APIRouter, origin: str) -> None:
    @router.get("/ServiceProviderConfig")
    async def read_config(_: Provisioner) -> Response:
        return answer(discovery.config(origin))

    _add_documents(router, "/Schemas", lambda: discovery.schemas(origin))
    _add_documents(router, "/ResourceTypes", lambda: discovery.resource_types(origin))


def _add_documents(
    router: APIRouter, path: str, documents: Callable[[], list[dict[str, Any]]]
) -> None:
    @router.get(path)
    async def list_documents(_: Provisioner) -> Response:
        found = documents()
        return answer(
            {
                "schemas": [str(ListResponse.__schema__)],
                "totalResults": len(found),
                "startIndex": 1,
                "itemsPerPage": len(found),
                "Resources": found,
            }
        )

    @router.get(f"{path}/{{id_}}")
    async def read_document(_: Provisioner, id_: OneResource) -> Response:
        return answer(discovery.one_of(documents(), id_))


def _add_reading(
    router: APIRouter, path: str, kind: Kind, origin: str, in_turn: Sequence[DependsOn]
) -> None:
    @router.get(path)
    async def list_resources(
        request: Request, caller: Provisioner, app: App, part: Listed
    ) -> Response:
        """Until it is answered it counts as one of the workspace's lists."""
        resources: Any = kind(app, caller, origin)
        lists: FairShares = request.app.state.lists
        with lists.held(caller.workspace_id):
            found = await resources.each(part.filter)
            shown = await resources.shown(part.of(found))
            return answer(await part.answer(len(found), shown))

    @router.get(f"{path}/{{id_}}", dependencies=in_turn)
    async def read_resource(
        caller: Provisioner,
        app: App,
        id_: OneResource,
        attributes: WantedAttributes,
        known: KnownVersion = None,
    ) -> Response:
        found = await kind(app, caller, origin).read(id_)
        version = _version(found)
        if version and is_known(version.removeprefix("W/"), known):
            return Response(status_code=304, headers={"etag": version})
        return _shown(found, 200, attributes)


def _add_changes(
    router: APIRouter, path: str, kind: Kind, origin: str, in_turn: Sequence[DependsOn]
) -> None:
    @router.post(path, dependencies=in_turn)
    async def create_resource(
        request: Request, caller: Provisioner, app: App, attributes: WantedAttributes
    ) -> Response:
        created = await kind(app, caller, origin).create(await body_of(request))
        return _shown(created, 201, attributes)

    @router.put(f"{path}/{{id_}}", dependencies=in_turn)
    async def replace_resource(
        request: Request,
        caller: Provisioner,
        app: App,
        id_: OneResource,
        attributes: WantedAttributes,
        version: Version = None,
    ) -> Response:
        body = await body_of(request)
        replaced = await kind(app, caller, origin).replace(id_, body, version)
        return _shown(replaced, 200, attributes)

    @router.patch(f"{path}/{{id_}}", dependencies=in_turn)
    async def modify_resource(
        request: Request,
        caller: Provisioner,
        app: App,
        id_: OneResource,
        attributes: WantedAttributes,
        version: Version = None,
    ) -> Response:
        body = await body_of(request)
        modified = await kind(app, caller, origin).modify(id_, body, version)
        return _shown(modified, 200, attributes)

    @router.delete(f"{path}/{{id_}}", dependencies=in_turn)
    async def remove_resource(
        caller: Provisioner, app: App, id_: OneResource, version: Version = None
    ) -> Response:
        await kind(app, caller, origin).remove(id_, version)
        return answer(None, 204)


def _add_bulk(router: APIRouter, origin: str, in_turn: Sequence[DependsOn]) -> None:
    @router.post("/Bulk", dependencies=in_turn)
    async def carry_out(request: Request, caller: Provisioner, app: App) -> Response:
        kinds: Kinds = {"Users": Users(app, caller, origin), "Groups": Groups(app, caller, origin)}
        return answer(await bulk(await body_of(request), kinds))


def _add_rest(router: APIRouter) -> None:
    @router.api_route("/{rest:path}", methods=METHODS)
    async def refuse(_: Provisioner, rest: str) -> Response:
        """What there is takes another method; all else is not here."""
        head, *tail = rest.split("/")
        if rest.endswith(".search"):
            raise NotImplementedException(
                detail="Searching with POST is not supported. Send GET with the query parameter "
                "`filter`."
            )
        if head in ("Users", "Groups") and len(tail) <= 1:
            raise MethodNotAllowed(OF_RESOURCES if tail else OF_LISTS)
        if head in ("ServiceProviderConfig", "Schemas", "ResourceTypes") and len(tail) <= 1:
            raise MethodNotAllowed(("GET", "HEAD"))
        if rest == "Bulk":
            raise MethodNotAllowed(("POST",))
        raise PathNotFound(NOTHING_HERE, hint=PATHS_HINT)


def _version(resource: Shown) -> str | None:
    return resource.meta.version if resource.meta else None


def _shown(resource: Shown, status: int, attributes: WantedAttributes) -> Response:
    version, location = _version(resource), resource.meta and resource.meta.location
    headers = {"etag": version} if version else {}
    if location:
        headers["location"] = str(location)
    return answer(attributes.shown(resource), status, headers)
