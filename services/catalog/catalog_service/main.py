import asyncio
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI

import catalog_service
from catalog_service.adapters.bus_hosts import BusHosts
from catalog_service.adapters.bus_members import BusMembers
from catalog_service.adapters.bus_schemas import BusSchemas
from catalog_service.adapters.bus_sign_ins import BusSignIns
from catalog_service.adapters.mongo_gpts import MongoGpts
from catalog_service.adapters.mongo_versions import MongoVersions
from catalog_service.app import CatalogApp
from catalog_service.domain.definition import Limits
from catalog_service.entrypoints import events, http, rpc
from catalog_service.settings import CatalogSettings
from catalog_service.usecases.bind_action import BindAction
from catalog_service.usecases.change_access import ChangeAccess
from catalog_service.usecases.check_publication import CheckPublication
from catalog_service.usecases.create_gpt import CreateGpt
from catalog_service.usecases.edit_gpt import EditGpt
from catalog_service.usecases.find_release import FindRelease
from catalog_service.usecases.find_uses import FindUses
from catalog_service.usecases.forget_versions import ForgetVersions
from catalog_service.usecases.list_gpts import ListGpts
from catalog_service.usecases.list_versions import ListVersions
from catalog_service.usecases.make_releases import MakeReleases
from catalog_service.usecases.open_action import OpenAction
from catalog_service.usecases.open_gpt import OpenGpt
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.publish_gpt import PublishGpt
from catalog_service.usecases.read_access import ReadAccess
from catalog_service.usecases.read_action import ReadAction
from catalog_service.usecases.read_gpt import ReadGpt
from catalog_service.usecases.read_published_gpt import ReadPublishedGpt
from catalog_service.usecases.read_release import ReadRelease
from catalog_service.usecases.read_release_texts import ReadReleaseTexts
from catalog_service.usecases.read_version import ReadVersion
from catalog_service.usecases.remove_action import RemoveAction
from catalog_service.usecases.remove_gpt import RemoveGpt
from catalog_service.usecases.restore_version import RestoreVersion
from catalog_service.usecases.unpublish_gpt import UnpublishGpt
from kit.leases import Leases
from kit.service import Chassis, Components, assemble


def build(settings: CatalogSettings) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("catalog", settings)
    gpts = MongoGpts(chassis.database, chassis.outbox)
    versions = MongoVersions(chassis.database, chassis.outbox)
    app = _app(chassis, settings, gpts, versions)
    components = Components(
        app=app,
        routes=[http.router],
        consumers=[rpc.router, events.router],
        listened=events.listened,
        repositories=[gpts, versions],
        background={"releases": partial(app.make_releases.for_ever, Leases(chassis.database))},
    )
    return assemble(chassis, components, description=catalog_service.__doc__)


def _app(
    chassis: Chassis, settings: CatalogSettings, gpts: MongoGpts, versions: MongoVersions
) -> CatalogApp:
    hosts = BusHosts(chassis.bus)
    schemas = BusSchemas(chassis.bus)
    limits = Limits(actions=settings.max_actions, operations=settings.max_operations)
    members = BusMembers(chassis.bus)
    pin_tools = PinTools(gpts, versions, schemas, settings.kept_versions)
    find_release = FindRelease(versions, pin_tools)
    check_publication = CheckPublication(schemas, hosts, BusSignIns(chassis.bus))
    read_version = ReadVersion(gpts, versions, settings.kept_versions)
    now = partial(datetime.now, UTC)
    return CatalogApp(
        create_gpt=CreateGpt(gpts),
        list_gpts=ListGpts(gpts),
        open_gpt=OpenGpt(gpts),
        read_gpt=ReadGpt(gpts),
        edit_gpt=EditGpt(gpts),
        remove_gpt=RemoveGpt(gpts),
        bind_action=BindAction(gpts, pin_tools, schemas, hosts, limits),
        open_action=OpenAction(gpts),
        remove_action=RemoveAction(gpts, pin_tools),
        read_action=ReadAction(gpts, versions, pin_tools),
        check_publication=check_publication,
        publish_gpt=PublishGpt(
            gpts,
            versions,
            pin_tools,
            check_publication,
            now,
            settings.kept_versions,
        ),
        change_access=ChangeAccess(gpts, members),
        read_access=ReadAccess(gpts),
        unpublish_gpt=UnpublishGpt(gpts, versions),
        read_release=ReadRelease(find_release),
        read_release_texts=ReadReleaseTexts(find_release),
        read_published_gpt=ReadPublishedGpt(gpts),
        list_versions=ListVersions(gpts, versions),
        read_version=read_version,
        restore_version=RestoreVersion(gpts, pin_tools, read_version),
        find_uses=FindUses(gpts, versions, settings.kept_versions),
        find_release=find_release,
        pin_tools=pin_tools,
        forget_versions=ForgetVersions(versions),
        make_releases=MakeReleases(gpts, pin_tools, members, asyncio.sleep),
    )
