"""Clients, requests and answers of unit tests about OAuth."""

import json
from datetime import UTC, datetime

from auth_service.domain.oauth.answer_document import HttpAnswer
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.profiles import GENERIC
from auth_service.domain.oauth.token_answer import read_token_answer
from auth_service.domain.oauth.token_request import refresh_request
from kit.sealing import Secret

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
CLIENT_SECRET = "canary-client-secret"
REFRESH_TOKEN = "canary-refresh-token"
FORM = "application/x-www-form-urlencoded"


def client_of(profile=GENERIC, **changes):
    settings = {
        "client_id": "client-1",
        "client_secret": Secret(CLIENT_SECRET),
        "token_url": profile.token_url or "https://id.example.com/token",
        "authorization_url": profile.authorization_url or "https://id.example.com/authorize",
        "scopes": ("read", "write"),
    }
    return OAuthClient(profile, **{**settings, **changes})


def answered(body, status=200, content_type="application/json"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpAnswer(status, content_type, raw)


def read(answer, client=None):
    client = client or client_of()
    request = refresh_request(client, Secret(REFRESH_TOKEN))
    return read_token_answer(answer, client, request, NOW)
