"""F30: what was encrypted opens where it belongs, as it was written, and nowhere else."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.envelope import EnvelopeKeyRing
from kit.key_ring import Place, Sealed, SecretUnreadable
from kit.sealing import Secret

KEYS = EnvelopeKeyRing({"k1": bytes(range(7, 39)), "k0": bytes(range(99, 131))})
PLACE = Place("ws_1", "credentials", "act_1", "api_key")
SEALED = Sealed(
    "k1",
    "v1|k1|A256GCM|IT/4xQuxF8XWuIogfd2jWJ7OZWVjJ9UN9M/LMHjuWNMVmQzd3GXmkTttq1FdQ9cE4SMDYY9HwnwV"
    "8aVab9bfdtHAEsxomrQqOw1BTJmtAp8B5EhQT6KGmDMTI8I="
    "|bbDzucALJCD8vZ/V|AgRkcN7xmBky0dcVx9EBnm9QWya5q5U=",
)
"""`b"the key"`, sealed by commit b35d436."""
names = st.text(st.characters(codec="utf-8"), max_size=12)
places = st.builds(Place, names, names, names, names, st.integers(min_value=1, max_value=3))


@given(st.binary(max_size=200), places)
async def test_what_was_sealed_opens_in_its_place(plaintext, place):
    sealed = await KEYS.seal(Secret(plaintext), place)

    assert await KEYS.open(sealed, place) == Secret(plaintext)


@given(places, places)
async def test_f30_a_ciphertext_opens_in_no_other_place(written, read):
    sealed = await KEYS.seal(Secret(b"the key"), written)

    if written == read:
        assert (await KEYS.open(sealed, read)).reveal() == b"the key"
    else:
        with pytest.raises(SecretUnreadable):
            await KEYS.open(sealed, read)


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
async def test_f30_moved_by_one_member_it_does_not_open(elsewhere):
    with pytest.raises(SecretUnreadable):
        await KEYS.open(SEALED, elsewhere)


@given(st.integers(min_value=0, max_value=len(SEALED.envelope) - 1))
async def test_f30_cut_anywhere_it_does_not_open(length):
    with pytest.raises(SecretUnreadable):
        await KEYS.open(replace(SEALED, envelope=SEALED.envelope[:length]), PLACE)


@settings(max_examples=300)
@given(
    st.integers(min_value=0, max_value=len(SEALED.envelope) - 1),
    st.characters(codec="ascii", categories=("L", "N", "P", "S", "Cc")),
)
async def test_f30_a_changed_character_is_noticed(at, character):
    text = SEALED.envelope
    changed = replace(SEALED, envelope=text[:at] + character + text[at + 1 :])

    if changed == SEALED:
        assert (await KEYS.open(changed, PLACE)).reveal() == b"the key"
    else:
        with pytest.raises(SecretUnreadable):
            await KEYS.open(changed, PLACE)


@given(st.integers(min_value=3, max_value=5), st.data())
async def test_f30_a_flipped_bit_is_noticed(part, data):
    parts = SEALED.envelope.split("|")
    raw = bytearray(base64.b64decode(parts[part]))
    bit = data.draw(st.integers(min_value=0, max_value=len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    parts[part] = base64.b64encode(raw).decode()

    with pytest.raises(SecretUnreadable):
        await KEYS.open(replace(SEALED, envelope="|".join(parts)), PLACE)


@pytest.mark.parametrize(
    ("part", "text"),
    [(0, "v0"), (0, "v2"), (0, ""), (1, "k0"), (2, "A128GCM"), (2, "none"), (3, ""), (5, "")],
)
async def test_f30_another_version_algorithm_or_key_is_refused(part, text):
    parts = SEALED.envelope.split("|")
    parts[part] = text
    key_id = parts[1]

    with pytest.raises(SecretUnreadable):
        await KEYS.open(Sealed(key_id, "|".join(parts)), PLACE)


async def test_what_an_earlier_release_sealed_opens():
    assert (await KEYS.open(SEALED, PLACE)).reveal() == b"the key"


async def test_halves_of_two_values_do_not_make_a_third():
    another = await KEYS.seal(Secret(b"another"), PLACE)
    mine, other = SEALED.envelope.split("|"), another.envelope.split("|")

    with pytest.raises(SecretUnreadable):
        await KEYS.open(Sealed("k1", "|".join([*mine[:4], *other[4:]])), PLACE)


async def test_another_key_under_the_same_id_opens_nothing():
    with pytest.raises(SecretUnreadable):
        await EnvelopeKeyRing({"k1": bytes(range(50, 82))}).open(SEALED, PLACE)


async def test_rewrapping_leaves_the_content_alone():
    ring = EnvelopeKeyRing({"k2": bytes(range(50, 82)), "k1": bytes(range(7, 39))})

    rewrapped = await ring.rewrap(SEALED, PLACE)

    assert rewrapped.envelope.split("|")[4:] == SEALED.envelope.split("|")[4:]
