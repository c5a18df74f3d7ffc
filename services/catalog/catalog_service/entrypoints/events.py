from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from catalog_service.app import CatalogApp
from contracts.facts import GptRemoved
from kit.consume import listens

router = NatsRouter()
App = Annotated[CatalogApp, Context("app")]
listened = (GptRemoved,)


@listens(router, GptRemoved, service="catalog")
async def forget_versions(removed: GptRemoved, app: App) -> None:
    await app.forget_versions(removed)
