import copy
import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from contracts.errors import PlatformError
from contracts.ids import ActionId, WorkspaceId
from kit.sealing import (
    Recipient,
    RecipientInvalid,
    SealBinding,
    SealBroken,
    SealExpired,
    Secret,
    length_prefixed,
    seal,
)

BINDING = SealBinding(
    WorkspaceId("ws_1"),
    ActionId("act_1"),
    "https://api.example.com",
    datetime(2026, 11, 22, 12, 0, 0, 123_457, tzinfo=UTC),
)


IN_TIME = BINDING.expires_at - timedelta(microseconds=1)


def test_only_the_recipient_opens_what_was_sealed_for_it():
    recipient = Recipient.fresh()
    sealed = seal(b"the key", recipient.public_key, BINDING)

    assert recipient.open(sealed, BINDING, IN_TIME) == b"the key"
    with pytest.raises(SealBroken):
        Recipient.fresh().open(sealed, BINDING, IN_TIME)


@pytest.mark.parametrize(
    "other",
    [
        replace(BINDING, workspace_id=WorkspaceId("ws_2")),
        replace(BINDING, action_id=ActionId("act_2")),
        replace(BINDING, origin="https://api.example.org"),
        replace(BINDING, expires_at=BINDING.expires_at + timedelta(microseconds=1)),
        replace(BINDING, workspace_id=WorkspaceId("ws_1a"), action_id=ActionId("ct_1")),
    ],
    ids=["workspace", "action", "origin", "expiry", "shifted boundary"],
)
def test_a_sealed_secret_opens_for_nothing_but_its_binding(other):
    recipient = Recipient.fresh()
    sealed = seal(b"the key", recipient.public_key, BINDING)

    with pytest.raises(SealBroken):
        recipient.open(sealed, other, IN_TIME)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_a12_a_sealed_secret_does_not_open_after_its_time(late):
    recipient = Recipient.fresh()
    sealed = seal(b"the key", recipient.public_key, BINDING)

    with pytest.raises(SealExpired):
        recipient.open(sealed, BINDING, BINDING.expires_at + late)


def test_the_same_moment_in_another_time_zone_is_the_same_binding():
    recipient = Recipient.fresh()
    elsewhere = BINDING.expires_at.astimezone(timezone(timedelta(hours=5)))
    sealed = seal(b"the key", recipient.public_key, replace(BINDING, expires_at=elsewhere))

    assert recipient.open(sealed, BINDING, IN_TIME) == b"the key"


@pytest.mark.parametrize("at", [0, 31, 32, 60, -1])
def test_a_changed_character_breaks_the_seal(at):
    recipient = Recipient.fresh()
    sealed = seal(b"the key", recipient.public_key, BINDING)
    position = range(len(sealed.rstrip("=")))[at]
    changed = "A" if sealed[position] != "A" else "Q"

    with pytest.raises(SealBroken):
        recipient.open(sealed[:position] + changed + sealed[position + 1 :], BINDING, IN_TIME)


@pytest.mark.parametrize("garbage", ["", "AAAA", "not base64!", "é", "A" * 200])
def test_garbage_is_a_broken_seal(garbage):
    with pytest.raises(SealBroken):
        Recipient.fresh().open(garbage, BINDING, IN_TIME)


@pytest.mark.parametrize("key", ["", "AAAA", "not base64!", "é", "A" * 43 + "="])
def test_nothing_is_sealed_for_what_is_no_public_key(key):
    with pytest.raises(RecipientInvalid) as refused:
        seal(b"the key", key, BINDING)
    assert "the key" not in str(refused.value)


@pytest.mark.parametrize("planted", ["s3cret-canary", b"s3cret-canary"])
def test_a_secret_shows_itself_only_when_asked(planted):
    secret = Secret(planted)

    assert secret.reveal() == planted
    shown = [repr(secret), str(secret), f"{secret}", f"{[secret]!r}", str(dir(secret))]
    assert not any("s3cret" in text for text in shown)
    for escape in (pickle.dumps, copy.copy, copy.deepcopy, hash, vars):
        with pytest.raises(TypeError):
            escape(secret)


def test_secrets_are_compared_by_what_they_hold():
    assert Secret("one") == Secret("one")
    assert Secret("one") != Secret("two")
    assert Secret("one") != "one"


def test_length_prefixes_keep_parts_apart():
    assert length_prefixed(b"ab", b"c") != length_prefixed(b"a", b"bc")
    assert length_prefixed(b"a") == b"\x00\x00\x00\x01a"


def test_a_broken_seal_is_a_refusal_with_a_next_step():
    refusal = SealBroken()

    assert isinstance(refusal, PlatformError)
    assert refusal.hint
