"""Every route of every service that changes something with an ETag takes `If-Match`."""

import json
from pathlib import Path

import pytest

DOCUMENTS = sorted((Path(__file__).parents[2] / "services").glob("*/openapi.json"))
CHANGING = {"post", "put", "patch", "delete"}
WITHOUT_ETAG = {
    "POST /v1/gpts": "adds a GPT",
    "POST /v1/members": "adds a member",
    "POST /v1/tokens": "adds a token",
    "POST /v1/workspaces": "adds a workspace",
    "DELETE /v1/tokens/{token_id}": "a token never changes, so it has no ETag",
    "POST /v1/session": "begins a session",
    "POST /v1/session/renew": "a session has no ETag: nobody else changes it",
    "DELETE /v1/session": "as above",
    "DELETE /v1/session/all": "as above",
    "DELETE /v1/session/all/{session_id}": "as above",
    "POST /v1/workspaces/{workspace_id}/sign-in-links": "adds a link",
    "POST /v1/members/{member_id}/sign-in-links": "adds a link",
    "POST /v1/members/invitations": "adds an invitation",
    "DELETE /v1/members/invitations/{invitation_id}": "an invitation never changes, so it has none",
    "POST /v1/session/back-channel-logout": "a session has no ETag: nobody else changes it",
    "POST /v1/operator/dead-letters/{sequence}/retry": "a dead letter never changes, it goes",
    "POST /v1/operator/dead-letters/{sequence}/discard": "as above",
    "PUT /v1/workspaces/{workspace_id}/domains": "one operator, who names them all",
    "POST /v1/workspace/sign-in/test": "stores nothing",
    "POST /v1/connections/start": "makes an address, and stores nothing",
    "DELETE /v1/connections/{connection_id}": "its tokens change by themselves, so it has no ETag",
    "PUT /v1/connections/keys/{action_id}": "as above",
    "POST /v1/invocations": "adds an invocation",
    "POST /v1/schemas": "adds a version of a document",
    "DELETE /v1/schemas/{schema_id}": "a version of a document never changes, so it has no ETag",
    "POST /v1/schemas/format": "stores nothing",
    "POST /v1/schemas/repair": "stores nothing",
    "POST /v1/schemas/validate": "stores nothing",
    "POST /v1/schemas/{schema_id}/refetch": "adds a version of a document",
    "POST /v1/schemas/{schema_id}/repairs": "adds a version of a document",
}


def routes():
    for document in DOCUMENTS:
        for path, methods in json.loads(document.read_text())["paths"].items():
            for method in CHANGING & methods.keys():
                yield f"{method.upper()} {path}", methods[method]


ROUTES = dict(routes())


def takes_if_match(route):
    return "if-match" in {each["name"].lower() for each in route.get("parameters", ())}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_route_that_changes_something_with_an_etag_takes_if_match(name):
    assert takes_if_match(ROUTES[name]) is (name not in WITHOUT_ETAG)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_route_answers_412_where_it_takes_if_match_and_nowhere_else(name):
    assert ("412" in ROUTES[name]["responses"]) is takes_if_match(ROUTES[name])


def test_what_has_no_etag_is_a_route_that_there_is():
    assert len(DOCUMENTS) > 1
    assert WITHOUT_ETAG.keys() <= ROUTES.keys()
