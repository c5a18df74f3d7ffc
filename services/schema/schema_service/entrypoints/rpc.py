from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from contracts.requests import OperationsText, ReadOperations, ReadSchema, SchemaBrief
from kit.consume import answers
from schema_service.app import SchemaApp

router = NatsRouter()
App = Annotated[SchemaApp, Context("app")]


@answers(router, ReadSchema)
async def brief_schema(asked: ReadSchema, app: App) -> SchemaBrief:
    return await app.brief_schema(asked)


@answers(router, ReadOperations)
async def read_operations(asked: ReadOperations, app: App) -> OperationsText:
    return await app.read_operations(asked)
