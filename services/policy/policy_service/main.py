from fastapi import FastAPI

import policy_service
from contracts.origin import host_of
from egress.settings import AllowedOrigins
from kit.service import Chassis, Components, assemble
from policy_service.adapters.mongo_rules import MongoRules
from policy_service.adapters.mongo_settings import MongoSettings
from policy_service.app import PolicyApp
from policy_service.entrypoints import http, rpc, settings_routes
from policy_service.settings import PolicySettings
from policy_service.usecases.allow_domain import AllowDomain
from policy_service.usecases.change_settings import ChangeSettings
from policy_service.usecases.check_hosts import CheckHosts
from policy_service.usecases.decide_invocation import DecideInvocation
from policy_service.usecases.disallow_domain import DisallowDomain
from policy_service.usecases.list_domains import ListDomains
from policy_service.usecases.read_settings import ReadSettings
from policy_service.usecases.replace_domains import ReplaceDomains


def build(settings: PolicySettings, operators: AllowedOrigins | None = None) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it.

    Without `operators` only public domains may be listed.
    """
    operators_hosts = frozenset(map(host_of, operators.allowed_origins if operators else ()))
    chassis = Chassis("policy", settings)
    rules = MongoRules(chassis.database, chassis.outbox)
    switches = MongoSettings(chassis.database, chassis.outbox)
    app = PolicyApp(
        rules=rules,
        list_domains=ListDomains(rules),
        replace_domains=ReplaceDomains(rules, settings.max_domains, operators_hosts),
        allow_domain=AllowDomain(rules, settings.max_domains, operators_hosts),
        disallow_domain=DisallowDomain(rules),
        decide_invocation=DecideInvocation(rules, switches),
        check_hosts=CheckHosts(rules),
        read_settings=ReadSettings(switches, settings.max_calls_per_minute),
        change_settings=ChangeSettings(switches, settings.max_calls_per_minute),
    )
    components = Components(
        app=app,
        routes=[http.router, settings_routes.router],
        consumers=[rpc.router],
        repositories=[rules, switches],
    )
    return assemble(chassis, components, description=policy_service.__doc__)
