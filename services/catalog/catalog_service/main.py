from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI

import catalog_service
from catalog_service.adapters.bus_hosts import BusHosts
from catalog_service.adapters.bus_schemas import BusSchemas
from catalog_service.adapters.mongo_gpts import MongoGpts
from catalog_service.adapters.mongo_versions import MongoVersions
from catalog_service.app import CatalogApp
from catalog_service.domain.definition import Limits
from catalog_service.entrypoints import events, http, rpc
from catalog_service.settings import CatalogSettings
from catalog_service.usecases.bind_action import BindAction
from catalog_service.usecases.create_gpt import CreateGpt
from catalog_service.usecases.edit_gpt import EditGpt
from catalog_service.usecases.forget_versions import ForgetVersions
from catalog_service.usecases.list_gpts import ListGpts
from catalog_service.usecases.list_versions import ListVersions
from catalog_service.usecases.publish_gpt import PublishGpt
from catalog_service.usecases.read_action import ReadAction
from catalog_service.usecases.read_gpt import ReadGpt
from catalog_service.usecases.read_published_gpt import ReadPublishedGpt
from catalog_service.usecases.remove_action import RemoveAction
from catalog_service.usecases.remove_gpt import RemoveGpt
from kit.service import Chassis, Parts, assemble


def build(settings: CatalogSettings) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("catalog", settings)
    gpts = MongoGpts(chassis.database, chassis.outbox)
    versions = MongoVersions(chassis.database, chassis.outbox)
    hosts = BusHosts(chassis.bus)
    limits = Limits(actions=settings.max_actions, operations=settings.max_operations)
    app = CatalogApp(
        create_gpt=CreateGpt(gpts),
        list_gpts=ListGpts(gpts),
        read_gpt=ReadGpt(gpts),
        edit_gpt=EditGpt(gpts),
        remove_gpt=RemoveGpt(gpts),
        bind_action=BindAction(gpts, BusSchemas(chassis.bus), hosts, limits),
        remove_action=RemoveAction(gpts),
        read_action=ReadAction(gpts),
        publish_gpt=PublishGpt(gpts, versions, hosts, partial(datetime.now, UTC)),
        read_published_gpt=ReadPublishedGpt(gpts),
        list_versions=ListVersions(gpts, versions),
        forget_versions=ForgetVersions(versions),
    )
    parts = Parts(
        app=app,
        routes=[http.router],
        consumers=[rpc.router, events.router],
        listened=events.listened,
        repositories=[gpts, versions],
    )
    return assemble(chassis, parts, description=catalog_service.__doc__)
