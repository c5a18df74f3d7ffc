"""F30: what was encrypted opens where it belongs, as it was written, and nowhere else."""

import base64
from dataclasses import replace

import pytest
from auth_fakes import key_ring
from hypothesis import given, settings
from hypothesis import strategies as st

from auth_service.adapters.envelope import EnvelopeKeyRing
from auth_service.domain.errors import KeyUnknown, SecretUnreadable
from auth_service.domain.sealed_field import Place, Sealed
from kit.sealing import Secret

KEYS = EnvelopeKeyRing({"k1": bytes(range(7, 39)), "k0": bytes(range(99, 131))})
PLACE = Place("ws_1", "credentials", "act_1", "api_key")
SEALED = KEYS.seal(Secret(b"the key"), PLACE)
names = st.text(st.characters(codec="utf-8"), max_size=12)
places = st.builds(Place, names, names, names, names, st.integers(min_value=1, max_value=3))


@given(st.binary(max_size=200), places)
def test_what_was_sealed_opens_in_its_place(plaintext, place):
    assert KEYS.open(KEYS.seal(Secret(plaintext), place), place) == Secret(plaintext)


@given(places, places)
def test_f30_a_ciphertext_opens_in_no_other_place(written, read):
    sealed = KEYS.seal(Secret(b"the key"), written)

    if written == read:
        assert KEYS.open(sealed, read).reveal() == b"the key"
    else:
        with pytest.raises(SecretUnreadable):
            KEYS.open(sealed, read)


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, workspace_id="ws_2"),
        replace(PLACE, collection="connections"),
        replace(PLACE, record_id="act_2"),
        replace(PLACE, field="client_secret"),
        replace(PLACE, schema_version=2),
        replace(PLACE, workspace_id="ws_1c", collection="redentials"),
    ],
    ids=["workspace", "collection", "record", "field", "schema version", "shifted boundary"],
)
def test_f30_moved_by_one_member_it_does_not_open(elsewhere):
    with pytest.raises(SecretUnreadable):
        KEYS.open(SEALED, elsewhere)


@given(st.integers(min_value=0, max_value=len(SEALED.envelope) - 1))
def test_f30_cut_anywhere_it_does_not_open(length):
    with pytest.raises(SecretUnreadable):
        KEYS.open(replace(SEALED, envelope=SEALED.envelope[:length]), PLACE)


@settings(max_examples=300)
@given(
    st.integers(min_value=0, max_value=len(SEALED.envelope) - 1),
    st.characters(codec="ascii", categories=("L", "N", "P", "S", "Cc")),
)
def test_f30_a_changed_character_is_noticed(at, character):
    text = SEALED.envelope
    changed = replace(SEALED, envelope=text[:at] + character + text[at + 1 :])

    if changed == SEALED:
        assert KEYS.open(changed, PLACE).reveal() == b"the key"
    else:
        with pytest.raises(SecretUnreadable):
            KEYS.open(changed, PLACE)


@given(st.integers(min_value=3, max_value=5), st.data())
def test_f30_a_flipped_bit_is_noticed(part, data):
    parts = SEALED.envelope.split("|")
    raw = bytearray(base64.b64decode(parts[part]))
    bit = data.draw(st.integers(min_value=0, max_value=len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    parts[part] = base64.b64encode(raw).decode()

    with pytest.raises(SecretUnreadable):
        KEYS.open(replace(SEALED, envelope="|".join(parts)), PLACE)


@pytest.mark.parametrize(
    ("part", "text"),
    [(0, "v0"), (0, "v2"), (0, ""), (1, "k0"), (2, "A128GCM"), (2, "none"), (3, ""), (5, "")],
)
def test_f30_another_version_algorithm_or_key_is_refused(part, text):
    parts = SEALED.envelope.split("|")
    parts[part] = text
    key_id = parts[1]

    with pytest.raises(SecretUnreadable):
        KEYS.open(Sealed(key_id, "|".join(parts)), PLACE)


def test_halves_of_two_values_do_not_make_a_third():
    mine, other = (
        SEALED.envelope.split("|"),
        KEYS.seal(Secret(b"another"), PLACE).envelope.split("|"),
    )

    with pytest.raises(SecretUnreadable):
        KEYS.open(Sealed("k1", "|".join([*mine[:4], *other[4:]])), PLACE)


def test_equal_secrets_look_different():
    assert KEYS.seal(Secret(b"the key"), PLACE) != SEALED


def test_a_key_that_is_not_in_the_ring_is_named_as_the_reason():
    with pytest.raises(KeyUnknown):
        key_ring("k9").open(SEALED, PLACE)


def test_another_key_under_the_same_id_opens_nothing():
    with pytest.raises(SecretUnreadable):
        key_ring("k1").open(SEALED, PLACE)


def test_rewrapping_changes_the_key_and_leaves_the_content_alone():
    ring = EnvelopeKeyRing({"k2": bytes(range(50, 82)), "k1": bytes(range(7, 39))})

    rewrapped = ring.rewrap(SEALED, PLACE)

    assert rewrapped.key_id == "k2"
    assert rewrapped.envelope.split("|")[4:] == SEALED.envelope.split("|")[4:]
    only_new = EnvelopeKeyRing({"k2": bytes(range(50, 82))})
    assert only_new.open(rewrapped, PLACE).reveal() == b"the key"
