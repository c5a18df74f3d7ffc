"""Vault Transit as a root, against a double: no real Vault was ever asked."""

import json
from urllib.parse import urlsplit

import pytest

from contracts.errors import Unavailable
from kit.key_ring import KeyServiceUnavailable, KeyUnknown, SecretUnreadable
from kit.key_services.exchange import PAUSE_SECONDS, Asking
from kit.key_services.settings import KeysSettings
from kit.key_services.vault_transit import VaultTransitRoot
from kit.workspace_keys import KeyOwner
from shared.kit.tests.vault_double import TOKEN, VaultDouble
from shared.kit.tests.workspace_rings import Clock

KEY = b"k" * 32
OWNER = KeyOwner("auth", "ws_1", "k1")


class Answer:
    def __init__(self, status, body):
        self.status, self.body = status, body


class Way:
    """`Exchange` to the double, without a network."""

    def __init__(self, vault):
        self.vault, self.posts, self.is_cut = vault, 0, False

    async def post(self, url, headers, body):
        self.posts += 1
        if self.is_cut:
            raise Unavailable("No connection.", code="egress.connect_failed")
        status, answer = self.vault.answer(urlsplit(url).path, dict(headers), body)
        return Answer(status, json.dumps(answer).encode())


class Rig:
    def __init__(self, name="root", **settings):
        self.vault, self.clock = VaultDouble(), Clock()
        self.way = Way(self.vault)
        given = {"vault_url": "https://vault.example.com:8200", "vault_token": TOKEN, **settings}
        asking = Asking("auth", self.way, self.clock)
        self.root = VaultTransitRoot(name, KeysSettings(**given), asking)


@pytest.mark.parametrize("knows_associated_data", [True, False], ids=["of today", "before 1.13"])
async def test_a_key_opens_for_its_owner_and_f30_for_nobody_else(knows_associated_data):
    rig = Rig()
    rig.vault.knows_associated_data = knows_associated_data
    wrapped = await rig.root.wrap(KEY, OWNER)

    assert await rig.root.unwrap(wrapped, OWNER) == KEY
    for other in (KeyOwner("auth", "ws_2", "k1"), KeyOwner("identity", "ws_1", "k1")):
        with pytest.raises(SecretUnreadable):
            await rig.root.unwrap(wrapped, other)


async def test_vaults_own_rotation_needs_nothing_here():
    rig = Rig()
    old = await rig.root.wrap(KEY, OWNER)

    rig.vault.rotate()

    assert await rig.root.unwrap(old, OWNER) == KEY
    assert (await rig.root.wrap(KEY, OWNER)).startswith("vault:v2:")


async def test_what_is_asked_carries_token_and_namespace_and_no_key_in_clear():
    rig = Rig(vault_namespace="team", vault_mount="transit")

    await rig.root.wrap(KEY, OWNER)

    [(path, headers)] = rig.vault.asked
    assert path == "/v1/transit/encrypt/root"
    assert (headers["x-vault-token"], headers["x-vault-namespace"]) == (TOKEN, "team")


async def test_a_token_in_a_file_is_read_at_each_use(tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    rig = Rig(vault_token=f"@{file}")
    wrapped = await rig.root.wrap(KEY, OWNER)

    rig.vault.token = "hvs.renewed-by-the-agent"
    file.write_text(rig.vault.token)
    assert await rig.root.unwrap(wrapped, OWNER) == KEY

    file.unlink()
    with pytest.raises(KeyServiceUnavailable):
        await rig.root.unwrap(wrapped, OWNER)


@pytest.mark.parametrize("gone", ["key", "old version", "engine"])
async def test_f29_what_vault_does_not_have_any_more_is_an_unknown_key(gone):
    rig = Rig()
    wrapped = await rig.root.wrap(KEY, OWNER)
    if gone == "key":
        rig.vault.keys.clear()
    elif gone == "old version":
        rig.vault.rotate()
        rig.vault.min_decryption_version = 2
    else:
        rig = Rig(vault_mount="elsewhere")

    with pytest.raises(KeyUnknown):
        await rig.root.unwrap(wrapped, OWNER)


@pytest.mark.parametrize("altered", ["vault:v1:AAAA", "vault:v9:AAAA", "", "nothing"])
async def test_f30_what_vault_did_not_make_is_refused(altered):
    with pytest.raises(SecretUnreadable):
        await Rig().root.unwrap(altered, OWNER)


@pytest.mark.parametrize("status", [307, 403, 429, 473, 500, 502, 503])
async def test_f28_any_other_answer_is_a_key_service_that_is_not_available(status):
    rig = Rig()
    rig.vault.status = status

    with pytest.raises(KeyServiceUnavailable):
        await rig.root.wrap(KEY, OWNER)


async def test_f28_after_a_failure_nobody_else_waits_for_the_same_one():
    rig = Rig()
    wrapped = await rig.root.wrap(KEY, OWNER)
    rig.way.is_cut, before = True, rig.way.posts
    for _ in range(3):
        with pytest.raises(KeyServiceUnavailable):
            await rig.root.unwrap(wrapped, OWNER)
    assert rig.way.posts == before + 1

    rig.way.is_cut = False
    rig.clock.seconds += PAUSE_SECONDS
    assert await rig.root.unwrap(wrapped, OWNER) == KEY


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"<html>", b'{"data": {}}', b'{"data": {"plaintext": 1}}']
)
async def test_an_answer_that_is_no_answer_of_vaults_opens_nothing(body):
    rig = Rig()

    async def post(url, headers, sent):
        return Answer(200, body)

    rig.way.post = post
    for refused in (rig.root.wrap(KEY, OWNER), rig.root.unwrap("vault:v1:x", OWNER)):
        with pytest.raises(KeyServiceUnavailable):
            await refused
