"""H95: what a provider, or somebody who poses as one, may put into an ID token."""

import hashlib
import hmac
import json

import pytest
from joserfc.jwk import RSAKey

from identity_service.domain.oidc.errors import IdTokenInvalid
from identity_service.domain.oidc.signed_token import keys_of
from kit.testing import FrozenClock
from services.identity.tests.company import (
    CLIENT,
    ISSUER,
    KEY,
    b64,
    new_company_platform,
    other_keys,
    signed,
)

KEYS = other_keys()
PUBLIC = KEY.as_dict(private=False)
STRANGER = RSAKey.generate_key(2048, {"kid": "first"})
EPOCH = int(FrozenClock()().timestamp())
HUGE = 10**400


@pytest.fixture
async def platform():
    made = await new_company_platform()
    await made.invite()
    made.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
    return made


def with_header(**header):
    return lambda claims: signed(claims, header=header)


def as_none(claims):
    head = b64(json.dumps({"alg": "none"}).encode())
    return f"{head}.{b64(json.dumps(claims).encode())}."


def as_hmac_of_the_public_key(claims):
    head = b64(json.dumps({"alg": "HS256", "kid": "first"}).encode())
    signed_part = f"{head}.{b64(json.dumps(claims).encode())}"
    signature = hmac.digest(KEY.as_pem(private=False), signed_part.encode(), "sha256")
    return f"{signed_part}.{b64(signature)}"


def with_doubled_name(claims):
    text = json.dumps(claims)
    return signed(claims, payload=(text[:-1] + ', "sub": "u2"}').encode())


def with_another_signature(claims):
    return signed(claims)[:-8] + "AAAAAAAA"


def with_other_claims_under_the_signature(claims):
    head, _, signature = signed(claims).split(".")
    return f"{head}.{b64(json.dumps({**claims, 'sub': 'u2'}).encode())}.{signature}"


CLAIMS = {
    "another issuer": {"iss": "https://login.evil.com"},
    "the issuer with a slash": {"iss": ISSUER + "/"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another"},
    "no audience": {"aud": None},
    "an audience that is no text": {"aud": {CLIENT: 1}},
    "several audiences and no azp": {"aud": [CLIENT, "another"]},
    "another azp": {"azp": "another"},
    "an azp that is null in JSON": {"aud": [CLIENT, "another"], "azp": 1},
    "expired": {"exp": EPOCH - 61},
    "no exp": {"exp": None},
    "exp as text": {"exp": str(EPOCH + 300)},
    "exp as true": {"exp": True},
    "exp below zero": {"exp": -1},
    "exp beyond all numbers": {"exp": HUGE},
    "exp as infinity": {"exp": float("inf")},
    "no iat": {"iat": None},
    "iat in the future": {"iat": EPOCH + 61},
    "iat long ago": {"iat": EPOCH - 700},
    "iat beyond all numbers": {"iat": HUGE},
    "not before later": {"nbf": EPOCH + 61},
    "not before as text": {"nbf": "now"},
    "no nonce": {"nonce": None},
    "another nonce": {"nonce": "text"},
    "a nonce that is a list": {"nonce": ["text"]},
    "another access token": {"at_hash": b64(hashlib.sha256(b"other").digest()[:16])},
    "an at_hash that is a number": {"at_hash": 7},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 1},
    "a long subject": {"sub": "u" * 256},
    "a subject with a line break": {"sub": "u\n1"},
    "a session that is a list": {"sid": ["s1"]},
    "half a character as the nonce": {"nonce": "\ud800"},
    "half a character as the session": {"sid": "\ud800"},
    "half a character as the subject": {"sub": "u\udfff"},
    "half a character in a list that nobody reads": {"amr": [{"\udc00": 1}]},
}
TOKENS = {
    "unsigned": as_none,
    "signed with the public key as a shared secret": as_hmac_of_the_public_key,
    "of another signature": with_another_signature,
    "with other claims under the signature": with_other_claims_under_the_signature,
    "of a stranger's key of that name": lambda claims: signed(claims, STRANGER),
    "of a key that it brings along": lambda claims: signed(
        claims, STRANGER, {"kid": None, "jwk": STRANGER.as_dict(private=False)}
    ),
    "of an algorithm that is not allowed": with_header(alg="RS384"),
    "with an algorithm that is a list": lambda claims: _head({"alg": ["RS256"]}, claims),
    "without an algorithm": lambda claims: _head({"kid": "first"}, claims),
    "with a critical extension": with_header(crit=["b64"], b64=True),
    "a logout token": with_header(typ="logout+jwt"),
    "an access token": with_header(typ="at+jwt"),
    "with a key's name that is a number": lambda claims: _head({"alg": "RS256", "kid": 1}, claims),
    "in which a name stands twice": with_doubled_name,
    "that is a list": lambda claims: signed(claims, payload=b"[]"),
    "that is nested without end": lambda claims: signed(claims, payload=b"[" * 60_000),
    "with a constant of no JSON": lambda claims: signed(claims, payload=b'{"exp": NaN}'),
    "encrypted": lambda claims: "a.b.c.d.e",
    "of two parts": lambda claims: signed(claims).rpartition(".")[0],
    "with blanks": lambda claims: signed(claims) + " ",
    "of letters that are not ASCII": lambda claims: signed(claims) + "é",
    "of a megabyte": lambda claims: signed({**claims, "more": "x" * 70_000}),
    "of a name that nobody has": with_header(kid="nobody"),
}


def _head(header, claims):
    _, payload, signature = signed(claims).split(".")
    return f"{b64(json.dumps(header).encode())}.{payload}.{signature}"


async def refused(platform):
    with pytest.raises(IdTokenInvalid) as caught:
        await platform.came()
    assert await platform.nobody_is_signed_in()
    return caught.value.sentence


async def test_h95_a_token_as_it_should_be_signs_in(platform):
    member = await platform.member_who_came()

    assert member.id == "mem_ada"


@pytest.mark.parametrize("name", CLAIMS)
async def test_h95_a_token_that_claims_otherwise_signs_nobody_in(platform, name):
    platform.company.claims = CLAIMS[name]

    await refused(platform)


@pytest.mark.parametrize("name", TOKENS)
async def test_h95_a_token_of_another_make_signs_nobody_in(platform, name):
    platform.company.token = TOKENS[name]

    await refused(platform)


async def test_h95_a_key_that_is_too_short_is_none(platform):
    public = KEY.as_dict(private=False)
    short = {**public, "n": public["n"][:-200]}

    assert [len(keys_of({"keys": [key]})) for key in (public, short)] == [1, 0]


@pytest.mark.parametrize(
    "key",
    [
        None,
        {},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": ["RSA"]},
        {"kty": "RSA", "n": 7, "e": "AQAB"},
        {"kty": "RSA", "n": "é" * 400, "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "OKP", "crv": "Ed25519", "x": 7},
        {**PUBLIC, "use": "enc"},
        {**PUBLIC, "key_ops": ["encrypt"]},
        {**PUBLIC, "key_ops": 7},
        {**PUBLIC, "e": "é"},
    ],
)
def test_h95_what_is_no_key_for_signatures_is_left_out(key):
    assert len(keys_of({"keys": [key, PUBLIC]})) == 1


@pytest.mark.parametrize(
    ("bits", "is_usable"),
    [(1_024, False), (2_047, False), (2_048, True), (8_192, True), (8_193, False)],
)
def test_f11_rsa_keys_have_as_many_bits_as_they_may(bits, is_usable):
    modulus = (1 << bits - 1) | 1
    key = {**PUBLIC, "n": b64(modulus.to_bytes((bits + 7) // 8, "big"))}

    assert len(keys_of({"keys": [key]})) == is_usable


@pytest.mark.parametrize("document", [{}, {"keys": {}}, {"keys": [PUBLIC] * 101}])
def test_h95_what_is_no_set_of_keys_is_refused(document):
    with pytest.raises(ValueError, match="no set"):
        keys_of(document)


async def test_h95_which_of_two_keys_signed_must_be_said(platform):
    platform.company.keys = [KEY, KEYS["RS256"]]
    platform.company.token = with_header(kid=None)

    assert "does not say which" in await refused(platform)


async def test_h95_an_algorithm_that_the_provider_does_not_name_is_refused(platform):
    platform.company.configuration = {"id_token_signing_alg_values_supported": ["RS256"]}
    platform.company.keys = [*platform.company.keys, KEYS["ES256"]]
    platform.company.token = lambda claims: signed(claims, KEYS["ES256"], {"alg": "ES256"})
    await platform.providers.discover(ISSUER, anew=True)

    assert "algorithm" in await refused(platform)


@pytest.mark.parametrize("algorithm", KEYS)
async def test_h95_each_algorithm_that_is_allowed_signs_in(platform, algorithm):
    key, digest = KEYS[algorithm], "sha512" if algorithm == "EdDSA" else "sha256"
    half = hashlib.new(digest, b"at").digest()
    platform.company.keys = list(KEYS.values())
    platform.company.claims = {"at_hash": b64(half[: len(half) // 2])}
    platform.company.token = lambda claims: signed(claims, key, {"alg": algorithm})

    assert (await platform.member_who_came()).id == "mem_ada"


@pytest.mark.parametrize("seconds", [-59, 59])
async def test_h95_clocks_may_differ_by_a_minute(platform, seconds):
    at = EPOCH + seconds
    platform.company.claims = {"iat": at, "nbf": at, "exp": at + 1}

    assert (await platform.member_who_came()).id == "mem_ada"


async def test_h95_among_several_audiences_azp_names_us(platform):
    platform.company.claims = {"aud": ["another", CLIENT], "azp": CLIENT}

    assert (await platform.member_who_came()).id == "mem_ada"


async def test_h95_a_provider_may_change_its_keys(platform):
    await platform.member_who_came()
    platform.seconds.at += 60
    platform.company.keys = [KEYS["RS256"]]
    platform.company.token = lambda claims: signed(claims, KEYS["RS256"])

    assert (await platform.member_who_came()).id == "mem_ada"


async def test_h95_invented_keys_make_us_ask_once_a_minute_for_an_issuer(platform):
    await platform.member_who_came()
    platform.company.token = with_header(kid="nobody")
    for _ in range(5):
        with pytest.raises(IdTokenInvalid):
            await platform.came()
    assert platform.company.asked.count("/keys") == 1
    for _ in range(61):
        platform.seconds.at += 1
        with pytest.raises(IdTokenInvalid):
            await platform.came()

    assert platform.company.asked.count("/keys") == 2
