"""Our requests for tokens, judged by authorization servers that others wrote.

pytest tests/oauth -m integration
"""

import ssl
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_urlsafe
from urllib.parse import urlsplit

import httpx
import pytest

from auth_service.adapters.egress_token_endpoint import EgressTokenEndpoint
from auth_service.domain.oauth.authorization_answer import read_callback
from auth_service.domain.oauth.authorization_request import authorization_address
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.errors import TokenAnswerUnusable, TokenRefused
from auth_service.domain.oauth.profile import Revocation, TokenExchangeMethod
from auth_service.domain.oauth.profiles import PROFILES
from auth_service.domain.oauth.revocation_request import Outcome, outcome_of, revocation_request
from auth_service.domain.oauth.token_answer import read_token_answer
from auth_service.domain.oauth.token_request import (
    client_credentials_request,
    code_request,
    refresh_request,
)
from egress import Egress
from kit.sealing import Secret
from shared.egress.tests.peer import Authority
from tests.oauth.independent_providers import (
    KINDS,
    REDIRECT_URI,
    SECRET,
    Provider,
    bring,
    provider,
)

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
BY_POST = ("by post", TokenExchangeMethod.DEFAULT_POST)
BY_BASIC = ("by basic", TokenExchangeMethod.BASIC_AUTH_HEADER)
MAX_STEPS = 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("providers")
    bring(made)
    return made


@pytest.fixture(scope="module", params=[*KINDS])
def peer(request, folder):
    with provider(request.param, folder, Authority(folder)) as found:
        yield found


@pytest.fixture(params=[BY_POST, BY_BASIC], ids=["by_post", "by_basic"])
def client(request, peer: Provider):
    client_id, exchange = request.param
    revocation = Revocation(peer.url(peer.kind.revoke))
    profile = replace(PROFILES["generic"], exchange=exchange, revocation=revocation)
    return OAuthClient(
        profile,
        client_id,
        Secret(SECRET),
        peer.url(peer.kind.token),
        peer.url(peer.kind.authorize),
        tuple(peer.kind.scope.split()),
    )


class Asking:
    def __init__(self, peer, client, endpoint):
        self.peer, self.client, self.endpoint = peer, client, endpoint

    async def tokens(self, request):
        answer = await self.endpoint.send(request, "ws/act")
        return read_token_answer(answer, self.client, request, datetime.now(UTC))

    async def brought_back(self, state, verifier):
        """What a browser brings that has been through the sign-in; `oidc-provider` sets cookies."""
        leads_to = authorization_address(self.client, REDIRECT_URI, state, verifier)
        trusted = ssl.create_default_context(cafile=self.peer.ca_file)
        named = {"sni_hostname": urlsplit(self.peer.origin).hostname}
        async with httpx.AsyncClient(verify=trusted) as browser:  # noqa: TID251 - a test's own server
            cookies: dict[str, str] = {}
            for _ in range(MAX_STEPS):
                answer = await browser.send(self._request(leads_to, cookies, named))
                cookies |= _cookies_of(answer)
                leads_to = answer.headers["location"]
                if leads_to.startswith(REDIRECT_URI):
                    return urlsplit(leads_to).query
                leads_to = leads_to if "://" in leads_to else self.peer.url(leads_to)
        raise AssertionError(leads_to)

    def _request(self, url, cookies, named):
        headers = {"host": urlsplit(self.peer.origin).netloc}
        if cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        there = url.replace(self.peer.origin, f"https://127.0.0.1:{self.peer.port}")
        return httpx.Request("GET", there, headers=headers, extensions=named)

    async def signed_in(self):
        state, verifier = token_urlsafe(), token_urlsafe(32)
        query = await self.brought_back(state, verifier)
        answer = read_callback(query, self.client.profile)
        assert answer.state == state
        answer.ensure_from(self.peer.origin, names_itself=False)
        code = answer.granted_code()
        return await self.tokens(code_request(self.client, code, REDIRECT_URI, Secret(verifier)))


def _cookies_of(answer):
    pairs = (each.partition(";")[0] for each in answer.headers.get_list("set-cookie"))
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


@pytest.fixture
async def asking(peer, client):
    egress = Egress(peer.settings)
    await egress.start()
    yield Asking(peer, client, EgressTokenEndpoint(egress))
    await egress.close()


async def test_a_code_becomes_tokens_which_are_renewed_until_they_are_revoked(asking):
    first = await asking.signed_in()
    again = await asking.tokens(refresh_request(asking.client, first.refresh_token))

    assert first.lifetime > 0
    newest = again.refresh_token or first.refresh_token
    revocation = asking.client.profile.revocation
    request = revocation_request(asking.client, revocation, again.access_token, newest)
    answer = await asking.endpoint.send(request, "ws/act")
    assert outcome_of(answer, asking.client.profile) is Outcome.REVOKED
    if asking.peer.kind.checks_clients:
        assert first.access_token.reveal() != again.access_token.reveal()
        with pytest.raises(TokenRefused) as refused:
            await asking.tokens(refresh_request(asking.client, newest))
        assert refused.value.ends_grant


async def test_a_rotated_refresh_token_that_comes_again_ends_the_grant(asking):
    if not asking.peer.kind.checks_clients:
        pytest.skip("takes any refresh token")
    first = await asking.signed_in()
    await asking.tokens(refresh_request(asking.client, first.refresh_token))

    with pytest.raises(TokenRefused) as refused:
        await asking.tokens(refresh_request(asking.client, first.refresh_token))

    assert refused.value.ends_grant


async def test_a_code_is_good_for_the_verifier_of_its_request_alone(asking):
    query = await asking.brought_back("state", token_urlsafe(32))
    code = read_callback(query, asking.client.profile).granted_code()
    other = Secret(token_urlsafe(32))

    # the mock server's error is none of RFC 6749
    with pytest.raises((TokenRefused, TokenAnswerUnusable)):
        await asking.tokens(code_request(asking.client, code, REDIRECT_URI, other))


async def test_an_action_gets_a_token_for_itself(asking):
    # `oidc-provider` gives no scope of people to a client itself
    alone = replace(asking.client, scopes=())

    tokens = await asking.tokens(client_credentials_request(alone))

    assert tokens.access_token.reveal()
    assert tokens.lifetime > 0


async def test_a_wrong_secret_is_refused_and_ends_nothing(asking):
    if not asking.peer.kind.checks_clients:
        pytest.skip("takes any client")
    wrong = replace(asking.client, client_secret=Secret("another"))

    with pytest.raises(TokenRefused) as refused:
        await asking.tokens(client_credentials_request(wrong))

    assert not refused.value.ends_grant
