from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import FastAPI

import auth_service
from auth_service.adapters.bus_actions import BusActions
from auth_service.adapters.mongo_credentials import MongoCredentials
from auth_service.app import AuthApp
from auth_service.entrypoints import events, http, rpc
from auth_service.settings import AuthSettings
from auth_service.usecases.check_actions import CheckActions
from auth_service.usecases.clear_credential import ClearCredential
from auth_service.usecases.describe_credential import DescribeCredential
from auth_service.usecases.destroy_credential import DestroyCredential
from auth_service.usecases.issue_credential import IssueCredential
from auth_service.usecases.read_credential import ReadCredential
from auth_service.usecases.set_credential import SetCredential
from egress import OperatorEgress
from kit.rewrap import bring_under_the_newest_key
from kit.service import Chassis, Components, assemble
from kit.service_keys import Stored, service_keys


def build(settings: AuthSettings) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("auth", settings)
    credentials = MongoCredentials(chassis.database, chassis.outbox)
    stored = Stored(chassis.service, chassis.database, chassis.outbox)
    sealing = service_keys(stored, settings.keys, settings.key_services, OperatorEgress)
    keys = sealing.ring
    actions = BusActions(chassis.bus)
    clock = partial(datetime.now, UTC)
    lifetime = timedelta(seconds=settings.release_seconds)
    app = AuthApp(
        read_credential=ReadCredential(credentials, actions, keys),
        set_credential=SetCredential(credentials, actions, keys, clock),
        clear_credential=ClearCredential(credentials, actions, clock),
        destroy_credential=DestroyCredential(credentials),
        issue_credential=IssueCredential(credentials, keys, clock, lifetime),
        describe_credential=DescribeCredential(credentials, keys),
        check_actions=CheckActions(credentials, keys),
    )
    rewrap = partial(bring_under_the_newest_key, chassis.service, keys, *credentials.sealed)
    components = Components(
        app=app,
        routes=[http.router],
        consumers=[rpc.router, events.router],
        listened=events.listened,
        repositories=[sealing.store, credentials],
        background={"rewrap": rewrap, "workspace keys": sealing.renew_for_ever},
        on_start=[sealing.start],
        on_stop=[sealing.close],
    )
    return assemble(chassis, components, description=auth_service.__doc__)
