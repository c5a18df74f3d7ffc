import os

import pytest

from kit.envelope import EnvelopeKeyRing
from kit.testing import MemoryKeyRing
from shared.kit.tests.key_ring_suite import KeyRingSuite


class TestMemoryKeyRing(KeyRingSuite):
    @pytest.fixture
    def ring_of(self):
        kept = {}
        return lambda *key_ids: MemoryKeyRing(key_ids, kept)


class TestEnvelopeKeyRing(KeyRingSuite):
    @pytest.fixture
    def ring_of(self):
        keys = {key_id: os.urandom(32) for key_id in ("k1", "k2", "k9")}
        return lambda *key_ids: EnvelopeKeyRing({key_id: keys[key_id] for key_id in key_ids})
