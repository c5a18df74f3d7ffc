"""What every `KeyRing` promises; run against the fake and against the envelopes."""

from dataclasses import replace

import pytest

from kit.key_ring import KeyUnknown, Place, SecretUnreadable
from kit.sealing import Secret

PLACE = Place("ws_1", "credentials", "act_1", "api_key")
KEY = Secret(b"the key")


class KeyRingSuite:
    """Subclasses supply the fixture `ring_of`: rings by the ids of keys, of which the first one
    writes; the same id is the same key in each.
    """

    async def test_what_was_sealed_opens_in_its_place(self, ring_of):
        ring = ring_of("k1")

        sealed = await ring.seal(KEY, PLACE)

        assert sealed.key_id == ring.writing_key
        assert await ring.open(sealed, PLACE) == KEY

    @pytest.mark.parametrize(
        "elsewhere",
        [
            replace(PLACE, workspace_id="ws_2"),
            replace(PLACE, collection="connections"),
            replace(PLACE, record_id="act_2"),
            replace(PLACE, field="client_secret"),
            replace(PLACE, schema_version=2),
        ],
        ids=["workspace", "collection", "record", "field", "schema version"],
    )
    async def test_f30_it_opens_nowhere_else(self, ring_of, elsewhere):
        ring = ring_of("k1")
        sealed = await ring.seal(KEY, PLACE)

        with pytest.raises((SecretUnreadable, KeyUnknown)):  # another workspace may have no key
            await ring.open(sealed, elsewhere)

    async def test_f30_what_nobody_sealed_does_not_open(self, ring_of):
        ring = ring_of("k1")
        sealed = await ring.seal(KEY, PLACE)

        for altered in (replace(sealed, envelope="v1|k1|x"), replace(sealed, key_id="k2")):
            with pytest.raises(SecretUnreadable):
                await ring.open(altered, PLACE)

    async def test_equal_secrets_look_different(self, ring_of):
        ring = ring_of("k1")

        assert await ring.seal(KEY, PLACE) != await ring.seal(KEY, PLACE)

    async def test_a_key_that_is_not_in_the_ring_is_named_as_the_reason(self, ring_of):
        sealed = await ring_of("k1").seal(KEY, PLACE)

        with pytest.raises(KeyUnknown):
            await ring_of("k9").open(sealed, PLACE)
        with pytest.raises(KeyUnknown):
            await ring_of("k9").rewrap(sealed, PLACE)

    async def test_every_key_of_the_ring_reads_and_the_first_one_writes(self, ring_of):
        old = await ring_of("k1").seal(KEY, PLACE)
        both = ring_of("k2", "k1")

        assert both.known_keys >= {old.key_id, both.writing_key}
        assert await both.open(old, PLACE) == KEY
        assert (await both.seal(KEY, PLACE)).key_id == ring_of("k2").writing_key != old.key_id

    async def test_after_rewrapping_the_new_key_alone_opens_it_in_its_place(self, ring_of):
        old = await ring_of("k1").seal(KEY, PLACE)

        rewrapped = await ring_of("k2", "k1").rewrap(old, PLACE)

        assert rewrapped.key_id == ring_of("k2").writing_key
        assert await ring_of("k2").open(rewrapped, PLACE) == KEY
        with pytest.raises(SecretUnreadable):
            await ring_of("k2").open(rewrapped, replace(PLACE, record_id="act_2"))

    async def test_what_does_not_open_is_not_rewrapped(self, ring_of):
        old = await ring_of("k1").seal(KEY, PLACE)

        with pytest.raises(SecretUnreadable):
            await ring_of("k2", "k1").rewrap(old, replace(PLACE, record_id="act_2"))
