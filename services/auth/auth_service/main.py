from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from random import SystemRandom
from typing import Any, NamedTuple, Protocol

from fastapi import FastAPI

import auth_service
from auth_service.adapters import member_sign_in as sign_in
from auth_service.adapters.bus_actions import BusActions
from auth_service.adapters.bus_names import BusNames
from auth_service.adapters.bus_trial_calls import BusTrialCalls
from auth_service.adapters.egress_token_endpoint import EgressTokenEndpoint
from auth_service.adapters.logged_links import LoggedLinks
from auth_service.adapters.mongo_connections import MongoConnections
from auth_service.adapters.mongo_credentials import MongoCredentials
from auth_service.adapters.mongo_revocations import MongoRevocations
from auth_service.adapters.mongo_service_tokens import MongoServiceTokens
from auth_service.adapters.operator_secrets import operator_secrets
from auth_service.adapters.sealed_sign_ins import SealedSignIns
from auth_service.app import AuthApp
from auth_service.domain.attempt import LIVES_FOR
from auth_service.domain.reference_rules import ReferenceRule, ReferenceRules
from auth_service.domain.sign_in_domains import SignInDomains
from auth_service.entrypoints import connections, events, http, rpc, sign_in_pages, start
from auth_service.ports import Clock
from auth_service.settings import AuthSettings
from auth_service.usecases.check_actions import CheckActions
from auth_service.usecases.check_client import CheckClient
from auth_service.usecases.clear_credential import ClearCredential
from auth_service.usecases.count_connections import CountConnections
from auth_service.usecases.describe_credential import DescribeCredential
from auth_service.usecases.destroy_credential import DestroyCredential
from auth_service.usecases.end_connection import EndConnection
from auth_service.usecases.end_of_action import EndOfAction
from auth_service.usecases.end_of_member import EndOfMember
from auth_service.usecases.find_member_record import FindMemberRecord
from auth_service.usecases.issue_credential import IssueCredential
from auth_service.usecases.issue_member_token import IssueMemberToken
from auth_service.usecases.issue_service_token import IssueServiceToken
from auth_service.usecases.link_connection import LinkConnection
from auth_service.usecases.open_client import OpenClient
from auth_service.usecases.outdate_connections import OutdateConnections
from auth_service.usecases.prepare_revocation import PrepareRevocation
from auth_service.usecases.read_callback import ReadCallback
from auth_service.usecases.read_credential import ReadCredential
from auth_service.usecases.read_references import ReadReferences
from auth_service.usecases.renew_token import RenewToken
from auth_service.usecases.revoke_pending import EVERY_SECONDS, RevokePending
from auth_service.usecases.seal_way import SealWay
from auth_service.usecases.set_credential import SetCredential
from auth_service.usecases.sign_in_page import SignInPage
from auth_service.usecases.try_credential import TryCredential
from egress import Egress, EgressSettings, OperatorEgress
from egress.server_url import canonical_origin
from kit.documents import Repository
from kit.ended_once import MongoEndedOnce
from kit.key_ring import KeyRing
from kit.leases import Lease, Leases
from kit.rewrap import bring_under_the_newest_key
from kit.sealed_records import SealedRecords
from kit.service import Chassis, Components, assemble
from kit.service_keys import Stored, service_keys


class SealedRepository(Repository, Protocol):
    @property
    def sealed(self) -> Sequence[SealedRecords]: ...


class Stores(NamedTuple):
    credentials: MongoCredentials
    tokens: MongoServiceTokens
    connections: MongoConnections
    revocations: MongoRevocations
    ended: MongoEndedOnce
    actions: BusActions
    names: BusNames
    trials: BusTrialCalls
    references: ReadReferences

    @property
    def repositories(self) -> tuple[SealedRepository, ...]:
        return (self.credentials, self.tokens, self.connections, self.revocations)


def build(settings: AuthSettings, egress_settings: EgressSettings | None = None) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("auth", settings)
    egress = Egress(egress_settings or EgressSettings())
    stored = Stored(chassis.service, chassis.database, chassis.outbox)
    sealing = service_keys(stored, settings.keys, settings.key_services, OperatorEgress)
    keys = sealing.ring
    clock = partial(datetime.now, UTC)
    rules = ReferenceRules(tuple(map(ReferenceRule.parse, settings.secret_references)))
    secrets = operator_secrets(rules, settings.key_services, OperatorEgress)
    stores = _stores(chassis, ReadReferences(rules, secrets))
    app = _app(settings, stores, keys, egress, clock)
    sealed = [each for repository in stores.repositories for each in repository.sealed]
    leases = Leases(chassis.database)
    components = Components(
        app=app,
        routes=[
            *(http.router, connections.router, start.router),
            *(sign_in_pages.router, sign_in_pages.answers),
        ],
        consumers=[rpc.router, events.router],
        listened=events.listened,
        repositories=[sealing.store, *stores.repositories, stores.ended],
        background={
            "rewrap": partial(bring_under_the_newest_key, chassis.service, keys, *sealed),
            "workspace keys": sealing.renew_for_ever,
            "revocations": partial(
                leases.repeat, "revocations", _revoke(app), every_seconds=EVERY_SECONDS
            ),
        },
        on_start=[sealing.start, secrets.start, egress.start],
        on_stop=[app.renew_token.close, egress.close, secrets.close, sealing.close],
    )
    return assemble(chassis, components, description=auth_service.__doc__)


def _stores(chassis: Chassis, references: ReadReferences) -> Stores:
    database, outbox = chassis.database, chassis.outbox
    revocations = MongoRevocations(database, outbox)
    return Stores(
        MongoCredentials(database, outbox),
        MongoServiceTokens(database, outbox),
        MongoConnections(database, outbox, revocations),
        revocations,
        MongoEndedOnce(database, outbox, LIVES_FOR),
        BusActions(chassis.bus),
        BusNames(chassis.bus),
        BusTrialCalls(chassis.bus),
        references,
    )


def _revoke(app: AuthApp) -> Callable[[Lease], Awaitable[int]]:
    """On one replica at a time: none of two asks a provider twice."""
    return lambda _: app.revoke_pending()


def _outside(
    settings: AuthSettings,
    stores: Stores,
    log: LoggedLinks,
    endpoint: EgressTokenEndpoint,
    plain: frozenset[str],
) -> sign_in.Outside:
    seals, address = SealedSignIns.of(settings.keys), settings.openactions.public_url
    return sign_in.Outside(stores.names, seals, stores.ended, log, endpoint, plain, address)


def _ends(
    stores: Stores,
    endpoint: EgressTokenEndpoint,
    keys: KeyRing,
    open_client: OpenClient,
    clock: Clock,
) -> dict[str, Any]:
    """Fields of `AuthApp`."""
    members, credentials = stores.connections, stores.credentials
    prepare = PrepareRevocation(keys, open_client, clock)
    end = EndConnection(members, credentials, prepare)
    return {
        "end_connection": end,
        "end_of_member": EndOfMember(members, end),
        "end_of_action": EndOfAction(members, prepare),
        "outdate_connections": OutdateConnections(members, credentials),
        "prepare_revocation": prepare,
        "revoke_pending": RevokePending(stores.revocations, members, endpoint, keys, clock),
    }


def _app(
    settings: AuthSettings, stores: Stores, keys: KeyRing, egress: Egress, clock: Clock
) -> AuthApp:
    credentials, tokens, members = stores.credentials, stores.tokens, stores.connections
    actions, address = stores.actions, settings.openactions.public_url
    references = stores.references
    endpoint, page, log = EgressTokenEndpoint(egress), SignInPage(address), LoggedLinks()
    renew = RenewToken(endpoint, keys, clock, partial(SystemRandom().uniform, -1, 1))
    open_client = OpenClient(keys, references)
    issue_token = IssueServiceToken(tokens, renew, keys, open_client)
    plain = frozenset(map(canonical_origin, egress.settings.allowed_origins))
    check_client = CheckClient(endpoint, SignInDomains(settings.sign_in_domains), plain)
    seal = SealWay(keys)
    lifetime = timedelta(seconds=settings.release_seconds)
    ends = _ends(stores, endpoint, keys, open_client, clock)
    outdate, end = ends["outdate_connections"], ends["end_connection"]
    member_token = IssueMemberToken(members, renew, keys, open_client, clock, page, outdate)
    link = LinkConnection(members, credentials, keys, clock, log, stores.names, end)
    outside = _outside(settings, stores, log, endpoint, plain)
    find_record = FindMemberRecord(actions, credentials, members)
    inside = sign_in.Inside(find_record, open_client, link, clock)
    return AuthApp(
        read_credential=ReadCredential(credentials, actions, keys),
        set_credential=SetCredential(
            credentials, actions, seal, check_client, tokens, clock, references.rules
        ),
        clear_credential=ClearCredential(credentials, actions, tokens, clock),
        destroy_credential=DestroyCredential(credentials, tokens, ends["end_of_action"]),
        issue_credential=IssueCredential(
            credentials, keys, clock, lifetime, issue_token, member_token, references
        ),
        describe_credential=DescribeCredential(credentials, keys),
        check_actions=CheckActions(credentials, keys),
        check_client=check_client,
        seal_way=seal,
        read_callback=ReadCallback(actions, address),
        issue_service_token=issue_token,
        renew_token=renew,
        issue_member_token=member_token,
        open_client=open_client,
        sign_in_page=page,
        link_connection=link,
        connections=members,
        count_connections=CountConnections(members, credentials),
        **sign_in.member_sign_in(outside, inside),
        **ends,
        read_references=references,
        try_credential=TryCredential(credentials, actions, stores.trials),
    )
