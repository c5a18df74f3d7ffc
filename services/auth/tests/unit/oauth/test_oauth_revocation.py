"""H96: a token is revoked at the provider where it can be, within limits."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from auth_service.domain.oauth.answer_document import HttpAnswer
from auth_service.domain.oauth.profile import Revocation
from auth_service.domain.oauth.profiles import GENERIC, GITHUB, NOTION, SALESFORCE, SLACK
from auth_service.domain.oauth.revocation_request import (
    LONGEST_WAIT,
    MAX_ATTEMPTS,
    Outcome,
    next_attempt,
    outcome_of,
    revocation_request,
)
from kit.sealing import Secret
from services.auth.tests.oauth_clients import CLIENT_SECRET, NOW, answered, client_of

ACCESS, REFRESH = Secret("acc"), Secret("ref")
REVOKE = "https://id.example.com/revoke"


def revoked(profile, refresh_token=REFRESH):
    client = client_of(profile, client_id="client/1")
    return revocation_request(client, profile.revocation, ACCESS, refresh_token)


def test_the_refresh_token_is_revoked_and_else_the_access_token():
    """RFC 7009, 2.1."""
    profile = replace(GENERIC, revocation=Revocation(REVOKE))
    with_refresh, without = revoked(profile), revoked(profile, None)
    client = {"client_id": "client/1", "client_secret": CLIENT_SECRET}

    assert (with_refresh.method, with_refresh.url) == ("POST", REVOKE)
    assert dict(parse_qsl(with_refresh.body.decode())) == {
        "token": "ref",
        "token_type_hint": "refresh_token",
        **client,
    }
    assert dict(parse_qsl(without.body.decode())) == {
        "token": "acc",
        "token_type_hint": "access_token",
        **client,
    }


def test_providers_have_ways_of_their_own():
    github, slack = revoked(GITHUB), revoked(SLACK)
    salesforce, notion = revoked(SALESFORCE), revoked(NOTION)

    assert github.method == "DELETE"
    assert github.url == "https://api.github.com/applications/client%2F1/token"
    assert json.loads(github.body) == {"access_token": "acc"}
    assert dict(github.headers)["authorization"].startswith("Basic ")
    assert (dict(slack.headers)["authorization"], slack.body) == ("Bearer acc", b"")
    assert salesforce.url == "https://login.salesforce.com/services/oauth2/revoke"
    assert json.loads(notion.body) == {"token": "ref"}


def test_salesforce_revokes_where_the_tokens_come_from():
    client = client_of(SALESFORCE, token_url="https://acme.my.salesforce.com/services/oauth2/token")

    assert (
        client.revocation_url(SALESFORCE.revocation)
        == "https://acme.my.salesforce.com/services/oauth2/revoke"
    )


def test_a_request_shows_no_token():
    request = revoked(SLACK)

    assert "acc" not in repr(request).replace("slack.com/api", "")
    assert ACCESS in request.secrets
    assert REFRESH in request.secrets


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (HttpAnswer(200, "", b""), Outcome.REVOKED),
        (HttpAnswer(204, "", b""), Outcome.REVOKED),
        (HttpAnswer(404, "text/html", b"<html>"), Outcome.NEVER),
        (answered({"error": "unsupported_token_type"}, 400), Outcome.NEVER),
        (HttpAnswer(302, "", b""), Outcome.NEVER),
        (HttpAnswer(503, "", b""), Outcome.LATER),
        (HttpAnswer(429, "", b""), Outcome.LATER),
        (None, Outcome.LATER),
    ],
    ids=["200", "204", "404", "unsupported", "302", "503", "429", "no answer"],
)
def test_h96_what_came_of_a_revocation(answer, outcome):
    assert outcome_of(answer, client_of().profile) is outcome


def test_h96_a_provider_may_say_no_with_status_200():
    client = client_of(SLACK)

    assert outcome_of(answered({"ok": True, "revoked": True}), client.profile) is Outcome.REVOKED
    assert outcome_of(answered({"ok": False, "error": "x"}), client.profile) is Outcome.NEVER


def test_h96_it_is_repeated_ever_later_and_not_for_ever():
    waits = [next_attempt(n, NOW, None) for n in range(1, MAX_ATTEMPTS)]

    assert [wait - NOW for wait in waits] == [
        timedelta(seconds=each) for each in (30, 60, 120, 240, 480)
    ]
    assert next_attempt(MAX_ATTEMPTS, NOW, None) is None


@pytest.mark.parametrize(
    ("asked", "wait"),
    [(90.0, timedelta(seconds=90)), (1e9, LONGEST_WAIT), (-5.0, timedelta(seconds=30))],
)
def test_h96_a_provider_says_when_within_an_hour(asked, wait):
    assert next_attempt(1, NOW, asked) == NOW + wait
