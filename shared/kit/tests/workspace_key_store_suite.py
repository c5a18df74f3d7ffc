"""What every `WorkspaceKeyStore` promises; run against the fake and against the database."""

import pytest

from kit.documents import Overtaken


class WorkspaceKeyStoreSuite:
    """Subclasses supply the fixture `store`, which is empty."""

    async def test_a_key_is_found_by_its_workspace_and_root(self, store):
        await store.add("ws_1", "k1", "sealed")

        assert await store.find("ws_1", "k1") == "sealed"
        assert await store.find("ws_1", "k2") is None
        assert await store.find("ws_2", "k1") is None

    async def test_no_key_is_ever_replaced(self, store):
        await store.add("ws_1", "k1", "first")

        with pytest.raises(Overtaken):
            await store.add("ws_1", "k1", "second")

        assert await store.find("ws_1", "k1") == "first"
