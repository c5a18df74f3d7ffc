from datetime import UTC, datetime, timedelta
from functools import partial
from random import SystemRandom
from typing import NamedTuple

from fastapi import FastAPI

import auth_service
from auth_service.adapters.bus_actions import BusActions
from auth_service.adapters.bus_trial_calls import BusTrialCalls
from auth_service.adapters.egress_token_endpoint import EgressTokenEndpoint
from auth_service.adapters.mongo_credentials import MongoCredentials
from auth_service.adapters.mongo_service_tokens import MongoServiceTokens
from auth_service.adapters.operator_secrets import operator_secrets
from auth_service.app import AuthApp
from auth_service.domain.reference_rules import ReferenceRule, ReferenceRules
from auth_service.domain.sign_in_domains import SignInDomains
from auth_service.entrypoints import events, http, rpc
from auth_service.ports import Clock
from auth_service.settings import AuthSettings
from auth_service.usecases.check_actions import CheckActions
from auth_service.usecases.check_client import CheckClient
from auth_service.usecases.clear_credential import ClearCredential
from auth_service.usecases.describe_credential import DescribeCredential
from auth_service.usecases.destroy_credential import DestroyCredential
from auth_service.usecases.issue_credential import IssueCredential
from auth_service.usecases.issue_service_token import IssueServiceToken
from auth_service.usecases.open_client_secret import OpenClientSecret
from auth_service.usecases.read_callback import ReadCallback
from auth_service.usecases.read_credential import ReadCredential
from auth_service.usecases.read_references import ReadReferences
from auth_service.usecases.renew_token import RenewToken
from auth_service.usecases.seal_way import SealWay
from auth_service.usecases.set_credential import SetCredential
from auth_service.usecases.try_credential import TryCredential
from egress import Egress, EgressSettings, OperatorEgress
from egress.server_url import canonical_origin
from kit.key_ring import KeyRing
from kit.rewrap import bring_under_the_newest_key
from kit.service import Chassis, Components, assemble
from kit.service_keys import Stored, service_keys


class Stores(NamedTuple):
    credentials: MongoCredentials
    tokens: MongoServiceTokens
    actions: BusActions
    trials: BusTrialCalls
    references: ReadReferences


def build(settings: AuthSettings, egress_settings: EgressSettings | None = None) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("auth", settings)
    egress = Egress(egress_settings or EgressSettings())
    credentials = MongoCredentials(chassis.database, chassis.outbox)
    stored = Stored(chassis.service, chassis.database, chassis.outbox)
    sealing = service_keys(stored, settings.keys, settings.key_services, OperatorEgress)
    keys = sealing.ring
    actions = BusActions(chassis.bus)
    tokens = MongoServiceTokens(chassis.database, chassis.outbox)
    clock = partial(datetime.now, UTC)
    rules = ReferenceRules(tuple(map(ReferenceRule.parse, settings.secret_references)))
    secrets = operator_secrets(rules, settings.key_services, OperatorEgress)
    references = ReadReferences(rules, secrets)
    stores = Stores(credentials, tokens, actions, BusTrialCalls(chassis.bus), references)
    app = _app(settings, stores, keys, egress, clock)
    sealed = (*credentials.sealed, *tokens.sealed)
    components = Components(
        app=app,
        routes=[http.router],
        consumers=[rpc.router, events.router],
        listened=events.listened,
        repositories=[sealing.store, credentials, tokens],
        background={
            "rewrap": partial(bring_under_the_newest_key, chassis.service, keys, *sealed),
            "workspace keys": sealing.renew_for_ever,
        },
        on_start=[sealing.start, secrets.start, egress.start],
        on_stop=[app.renew_token.close, egress.close, secrets.close, sealing.close],
    )
    return assemble(chassis, components, description=auth_service.__doc__)


def _app(
    settings: AuthSettings, stores: Stores, keys: KeyRing, egress: Egress, clock: Clock
) -> AuthApp:
    credentials, tokens, actions, trials, references = stores
    endpoint = EgressTokenEndpoint(egress)
    renew = RenewToken(endpoint, keys, clock, partial(SystemRandom().uniform, -1, 1))
    client_secret = OpenClientSecret(keys, references)
    issue_token = IssueServiceToken(tokens, renew, keys, client_secret)
    plain = frozenset(map(canonical_origin, egress.settings.allowed_origins))
    check_client = CheckClient(endpoint, SignInDomains(settings.sign_in_domains), plain)
    seal = SealWay(keys)
    lifetime = timedelta(seconds=settings.release_seconds)
    return AuthApp(
        read_credential=ReadCredential(credentials, actions, keys),
        set_credential=SetCredential(
            credentials, actions, seal, check_client, tokens, clock, references.rules
        ),
        clear_credential=ClearCredential(credentials, actions, tokens, clock),
        destroy_credential=DestroyCredential(credentials, tokens),
        issue_credential=IssueCredential(
            credentials, keys, clock, lifetime, issue_token, references
        ),
        describe_credential=DescribeCredential(credentials, keys),
        check_actions=CheckActions(credentials, keys),
        check_client=check_client,
        seal_way=seal,
        read_callback=ReadCallback(actions, settings.openactions.public_url),
        issue_service_token=issue_token,
        renew_token=renew,
        read_references=references,
        open_client_secret=client_secret,
        try_credential=TryCredential(credentials, actions, trials),
    )
