"""Every route of every service demands a scope, or stands here with what it demands instead."""

import pytest

from contracts.principal import Role, Scope
from tests.contract.survey import scopes_of, services

SURVEYED = services()
OPERATORS = "the operator's token"
WITHOUT_SCOPE = {
    "POST /v1/invocations": "a hot route: it demands `invocations:create` itself (invoke.py)",
    "POST /v1/session/renew": "a secret that is good for nothing else",
    "GET /v1/operator/dead-letters": OPERATORS,
    "POST /v1/operator/dead-letters/{sequence}/retry": OPERATORS,
    "POST /v1/operator/dead-letters/{sequence}/discard": OPERATORS,
    "GET /v1/workspaces": OPERATORS,
    "POST /v1/workspaces": OPERATORS,
    "GET /v1/workspaces/{workspace_id}": OPERATORS,
    "DELETE /v1/workspaces/{workspace_id}": OPERATORS,
    "POST /v1/workspaces/{workspace_id}/restore": OPERATORS,
    "POST /v1/workspaces/{workspace_id}/sign-in-links": OPERATORS,
    "GET /v1/workspaces/{workspace_id}/domains": OPERATORS,
    "PUT /v1/workspaces/{workspace_id}/domains": OPERATORS,
    "GET /v1/session/link/{secret}": "the link's secret",
    "POST /v1/session/link/{secret}": "the link's secret, and the mark of its page",
    "GET /v1/session/invitation/{secret}": "the invitation's secret",
    "POST /v1/session/invitation/{secret}": "the invitation's secret, and the mark of its page",
    "GET /v1/session/signed-in": "a session (`session_of`)",
    "POST /v1/session/sign-out": "the mark of a page that was made for the session",
    "GET /v1/session/sign-in": "nothing: it says how to sign in",
    "POST /v1/session/oidc": "the mark of the page that says how to sign in",
    "GET /v1/session/oidc": "nothing: it leads to a company's sign-in",
    "GET /v1/session/oidc/callback": "nothing: it says to begin anew",
    "GET /v1/session/oidc/callback/{workspace_id}": "a state that this browser was given, once",
    "POST /v1/session/oidc/choose/{secret}": "the choice's secret, and the mark of its page",
    "GET /v1/session/oidc/sign-out": "nothing: it leads to where a company signs people out",
    "POST /v1/session/back-channel-logout": "a logout token that a company's sign-in signed",
    "GET /v1/session/signed-out": "a session, if there is one: it says whether one is signed out",
    "GET /aip/{action_id}/oauth/start/{ticket}": "the session of whom the ticket names",
    "GET /aip/{action_id}/sign-in": "a session (`session_of`)",
    "POST /aip/{action_id}/sign-in": "the mark of a page that was made for the session",
    "GET /aip/{action_id}/oauth/callback": "a session, and a state of its browser, once",
    "GET /v1/session/renew": "a secret that is good for nothing else",
}


def routes():
    for service in SURVEYED:
        for route in service.api.state.allowed.routes:
            for method in route.methods:
                yield f"{method} {route.path}", scopes_of(route.dependant)
        for method, path in service.api.state.allowed.hot:
            yield f"{method} {path}", []


ROUTES = dict(routes())


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_route_demands_a_scope_that_there_is(name):
    if name in WITHOUT_SCOPE:
        assert ROUTES[name] == []
    else:
        assert ROUTES[name] != []
        assert all(isinstance(scope, Scope) for scope in ROUTES[name])


def test_what_demands_no_scope_is_a_route_that_there_is():
    assert WITHOUT_SCOPE.keys() <= ROUTES.keys()


def test_every_scope_is_demanded_by_a_route():
    demanded = {scope for scopes in ROUTES.values() for scope in scopes}

    assert {*Scope} - demanded == {Scope.USERS_IMPERSONATE}  # the header `OpenActions-User` does


def roles(node, models, place=""):
    """Each member or parameter that is called `role`, and the values that it permits."""
    if isinstance(node, list):
        for each in node:
            yield from roles(each, models, place)
    if not isinstance(node, dict):
        return
    if "role" in (properties := node.get("properties", {})):
        yield place, permitted(properties["role"], models)
    if node.get("name") == "role" and "schema" in node:
        yield place, permitted(node["schema"], models)
    for name, each in node.items():
        yield from roles(each, models, f"{place}/{name}")


def permitted(schema, models):
    if reference := schema.get("$ref"):
        return permitted(models[reference.rpartition("/")[2]], models)
    inner = [permitted(each, models) for each in schema.get("anyOf", ())]
    return frozenset(schema.get("enum", ())).union(*inner)


@pytest.mark.parametrize("service", SURVEYED, ids=lambda service: service.name)
def test_wherever_a_role_is_named_it_is_one_that_there_is(service):
    document = service.api.openapi()
    found = dict(roles(document, document["components"]["schemas"]))

    assert {place: values for place, values in found.items() if values != {*Role}} == {}
    assert found or service.name != "identity"
