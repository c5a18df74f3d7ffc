import os

import pytest

from kit.envelope import EnvelopeKeyRing
from kit.testing import MemoryKeyRing, MemoryWorkspaceKeys
from shared.kit.tests.key_ring_suite import KeyRingSuite
from shared.kit.tests.workspace_rings import ring_of_workspaces


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


class TestKeyRingOfWorkspaces(KeyRingSuite):
    @pytest.fixture
    def ring_of(self):
        keys, store = {key_id: os.urandom(32) for key_id in ("k1", "k2", "k9")}, {}
        kept = MemoryWorkspaceKeys(store)
        return lambda *ids: ring_of_workspaces({key_id: keys[key_id] for key_id in ids}, kept)
