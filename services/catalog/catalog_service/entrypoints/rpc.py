from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from catalog_service.app import CatalogApp
from contracts.requests import (
    AccessOfGpt,
    ActionOrigins,
    FindSchemaUses,
    PublishedGpt,
    ReadAccess,
    ReadAction,
    ReadGpt,
    ReadRelease,
    ReadReleaseTexts,
    ReleasePage,
    ReleaseTexts,
    SchemaUses,
)
from kit.consume import answers

router = NatsRouter()
App = Annotated[CatalogApp, Context("app")]


@answers(router, ReadGpt)
async def read_published_gpt(asked: ReadGpt, app: App) -> PublishedGpt:
    return await app.read_published_gpt(asked)


@answers(router, ReadRelease)
async def read_release(asked: ReadRelease, app: App) -> ReleasePage:
    return await app.read_release(asked)


@answers(router, ReadReleaseTexts)
async def read_release_texts(asked: ReadReleaseTexts, app: App) -> ReleaseTexts:
    return await app.read_release_texts(asked)


@answers(router, ReadAccess)
async def read_access(asked: ReadAccess, app: App) -> AccessOfGpt:
    return await app.read_access(asked)


@answers(router, ReadAction)
async def read_action(asked: ReadAction, app: App) -> ActionOrigins:
    return await app.read_action(asked)


@answers(router, FindSchemaUses)
async def find_schema_uses(asked: FindSchemaUses, app: App) -> SchemaUses:
    return await app.find_uses(asked)
