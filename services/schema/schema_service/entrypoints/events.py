from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from contracts.facts import SchemaStored
from kit.consume import listens
from schema_service.app import SchemaApp

router = NatsRouter()
App = Annotated[SchemaApp, Context("app")]


@listens(router, SchemaStored, service="schema", at_once=1)
async def verify_schema(stored: SchemaStored, app: App) -> None:
    """One at a time: a verification may take half of the time in which a fact must be taken."""
    await app.verify_schema(stored)
