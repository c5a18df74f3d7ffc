"""Secrets that stay in a store of the operator's: what is handed out, and to whom."""

import pytest
from auth_rig import ORIGIN, Rig, tampered
from referring_rig import (
    AWS,
    BEARER,
    CANARY,
    KEY,
    NAME,
    PATH,
    VAULT,
    ReferringRig,
    enter,
    handed_out,
    of_key,
    reference,
    referring_rig,
    refusal,
    rules_of,
)

from auth_service.adapters.credential_states import written
from auth_service.domain.credential import ApiKey
from auth_service.domain.errors import CredentialBoundElsewhere, SecretInvalid
from auth_service.domain.placement import Placement
from auth_service.domain.reference_errors import (
    ReferredSecretUnusable,
    SecretNameNotAllowed,
    SecretNotFound,
    SecretReferencesOff,
    SecretStoreUnavailable,
)
from kit.live_secrets import LIVE_SECRETS


@pytest.fixture
def rig():
    return referring_rig()


WAYS = [
    ({**BEARER, "token": VAULT}, [["Authorization", f"Bearer {CANARY}"]], []),
    (
        {**BEARER, "token": {**AWS, "key": "token"}},
        [["Authorization", f"Bearer {CANARY}"]],
        [],
    ),
    (
        {**BEARER, "token": {**AWS, "secret_id": f"{NAME}-text"}},
        [["Authorization", f"Bearer {CANARY}"]],
        [],
    ),
    (
        {**KEY, "placement": "basic", "username": of_key("user"), "password": of_key("password")},
        [["Authorization", "Basic c29tZWJvZHk6cCB3"]],
        [],
    ),
    (
        {**KEY, "placement": "basic", "username": "somebody", "password": of_key("password")},
        [["Authorization", "Basic c29tZWJvZHk6cCB3"]],
        [],
    ),
    (
        {**KEY, "placement": "custom", "name": "X-Api-Key", "value": VAULT},
        [["X-Api-Key", CANARY]],
        [],
    ),
    ({**KEY, "placement": "query", "name": "api_key", "value": VAULT}, [], [["api_key", CANARY]]),
    (
        {
            **KEY,
            "placement": "headers",
            "headers": [{"name": "X-Id", "value": "me"}, {"name": "X-Key", "value": VAULT}],
        },
        [["X-Id", "me"], ["X-Key", CANARY]],
        [],
    ),
]


@pytest.mark.parametrize(("body", "headers", "query"), WAYS)
async def test_wherever_a_secret_is_entered_a_reference_is_taken(rig, body, headers, query):
    await enter(rig, body)

    assert await handed_out(rig) == {"headers": headers, "query": query}


async def test_what_is_in_the_store_now_is_handed_out_and_read_once_for_all_its_keys(rig):
    pair = {"username": of_key("user"), "password": of_key("password")}
    await enter(rig, {**KEY, "placement": "basic", **pair})
    assert rig.secrets.asked == [], "nothing is read when it is entered"
    await handed_out(rig)
    rig.secrets.secrets["vault", PATH] = {"user": "else", "password": "new"}

    [[_, value]] = (await handed_out(rig))["headers"]

    assert value == "Basic ZWxzZTpuZXc="
    assert rig.secrets.asked == [("vault", PATH, "")] * 2


async def test_what_was_read_is_known_to_the_filter_of_logs(rig):
    rig.secrets.secrets["vault", PATH] = {"token": "canary-known-to-logs"}
    await enter(rig, {**BEARER, "token": VAULT})
    await handed_out(rig)

    assert LIVE_SECRETS.spans("it is canary-known-to-logs") != []


async def test_what_the_operator_no_longer_allows_is_not_read_any_more(rig):
    await enter(rig, {**BEARER, "token": VAULT})
    later = ReferringRig(rig.keys, rig.store)
    later.secrets.secrets = rig.secrets.secrets
    allowed = await handed_out(later)

    class Stricter(Rig):
        rules = rules_of("vault:secret/data/other/{workspace_id}/*")

    stricter = Stricter(rig.keys, rig.store)
    refused = await refusal(stricter.issue(stricter.asked()))
    off = Rig(rig.keys, rig.store)

    assert allowed["headers"]
    assert isinstance(refused, SecretNameNotAllowed)
    assert isinstance(await refusal(off.issue(off.asked())), SecretReferencesOff)
    assert (stricter.secrets.asked, off.secrets.asked) == ([], [])


async def test_a_reference_goes_to_the_hosts_alone_that_it_was_entered_for(rig):
    await enter(rig, {**BEARER, "token": VAULT})
    elsewhere = "https://elsewhere.example.org"

    refused = await refusal(rig.issue(rig.asked(origin=elsewhere)))
    await tampered(rig, origins=(ORIGIN, elsewhere))
    rewritten = await refusal(rig.issue(rig.asked(origin=elsewhere)))

    assert isinstance(refused, CredentialBoundElsewhere)
    assert isinstance(rewritten, CredentialBoundElsewhere)
    assert rig.secrets.asked == []


async def test_whoever_rewrites_what_is_shown_changes_nothing_of_what_is_read(rig):
    shown = (await enter(rig, {**BEARER, "token": VAULT})).records[0].api_key
    foreign = type(shown.references[0])("token", reference("secret/data/x"))
    swapped = ApiKey(Placement.BEARER, ("Authorization",), (), shown.sealed, (foreign,))
    await tampered(rig, way=swapped)

    await handed_out(rig)

    assert rig.secrets.asked == [("vault", PATH, "")]


@pytest.mark.parametrize("key", ["absent", "number", "empty"])
async def test_a_key_without_a_text_is_not_found(rig, key):
    await enter(rig, {**BEARER, "token": of_key(key)})

    refused = await refusal(rig.issue(rig.asked()))

    assert isinstance(refused, SecretNotFound)
    assert repr(key) in refused.sentence
    assert refused.hint


async def test_a_secret_that_is_not_there_is_not_found(rig):
    await enter(rig, {**BEARER, "token": {**VAULT, "path": f"{PATH}-absent"}})

    assert isinstance(await refusal(rig.issue(rig.asked())), SecretNotFound)


async def test_a_store_that_is_away_is_said_so(rig):
    await enter(rig, {**BEARER, "token": VAULT})
    rig.secrets.failure = SecretStoreUnavailable("Vault")

    refused = await refusal(rig.issue(rig.asked()))

    assert (refused.code, refused.retry_after_seconds) == ("auth.secret_store_unavailable", 5.0)


@pytest.mark.parametrize("value", ["canary with spaces", "canary\r\nX-Injected: 1", "canary\n"])
async def test_what_was_read_and_cannot_be_sent_is_refused_without_showing_it(rig, value):
    rig.secrets.secrets["vault", PATH] = {"token": value}
    await enter(rig, {**BEARER, "token": VAULT})

    refused = await refusal(rig.issue(rig.asked()))

    assert isinstance(refused, ReferredSecretUnusable)
    assert refused.code == SecretInvalid.code
    assert "canary" not in refused.sentence + refused.hint


async def test_a_client_secret_is_read_for_each_token_request(rig):
    rig.secrets.secrets["vault", PATH] = {"token": "canary-client-1"}
    body = {"type": "client_credentials", "client_id": "c", "client_secret": VAULT}
    await enter(rig, {**body, "token_url": "https://id.example.com/token"})

    await rig.issue(rig.asked())

    [request] = rig.endpoint.requests
    assert b"canary-client-1" in request.body
    assert rig.secrets.asked == [("vault", PATH, "")]


async def test_a_client_secret_that_is_left_out_keeps_its_reference(rig):
    body = {
        "type": "client_credentials",
        "client_id": "c",
        "token_url": "https://id.example.com/token",
    }
    await enter(rig, {**body, "client_secret": VAULT})

    kept = await enter(rig, {**body, "scope": "more"})

    settings = kept.records[0].client
    assert (settings.scopes, settings.secret_reference) == (("more",), reference(PATH))


async def test_why_a_client_secret_was_not_found_is_said_again_while_nobody_asks(rig):
    body = {
        "type": "client_credentials",
        "client_id": "c",
        "token_url": "https://id.example.com/token",
        "client_secret": of_key("absent"),
    }
    await enter(rig, body)

    first = await refusal(rig.issue(rig.asked()))
    again = await refusal(rig.issue(rig.asked()))

    assert (first.code, first.kind) == (again.code, again.kind)
    assert first.code == "auth.secret_not_found"


async def test_setting_the_same_reference_again_changes_nothing(rig):
    once = await enter(rig, {**BEARER, "token": VAULT})
    again = await enter(rig, {**BEARER, "token": VAULT})
    other = await enter(rig, {**BEARER, "token": of_key("user")})

    assert (again.revision, other.revision) == (once.revision, once.revision + 1)


async def test_the_release_before_finds_an_api_key_without_one(rig):
    """So it neither uses nor changes it (`auth.sign_in_unknown`)."""
    state = written(await enter(rig, {**BEARER, "token": VAULT}))

    assert (state.type, state.api_key) == ("api_key", None)
    assert state.referred_key.envelope
