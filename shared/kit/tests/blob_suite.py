"""What every `BlobStore` promises; run against the fake, a folder and an S3 server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.blobs import BlobName, BlobNotFound, BlobUnreadable, whole

NOW = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)
NAME = BlobName("handover", "ws_ours", "han_1", NOW + timedelta(minutes=10))


async def all_of(names):
    return [name async for name in names]


class BlobSuite:
    """Subclasses supply the fixture `store`."""

    async def test_what_was_put_is_read_whole_and_in_chunks(self, store):
        content = bytes(range(256)) * 12_000
        await store.put(NAME, content)

        chunks = [chunk async for chunk in store.stream(NAME)]

        assert len(chunks) > 1
        assert b"".join(chunks) == content == await whole(store, NAME, len(content))

    async def test_nothing_and_one_byte_are_content_too(self, store):
        for number, content in enumerate((b"", b"x")):
            name = replace(NAME, id=f"han_{number}")
            await store.put(name, content)
            assert await whole(store, name, 1) == content

    async def test_what_is_longer_than_was_put_is_not_read(self, store):
        await store.put(NAME, b"12345")

        with pytest.raises(BlobUnreadable):
            await whole(store, NAME, 4)

    @pytest.mark.parametrize(
        "other",
        [
            replace(NAME, workspace_id="ws_theirs"),
            replace(NAME, area="other"),
            replace(NAME, id="han_2"),
            replace(NAME, expires_at=NAME.expires_at + timedelta(seconds=1)),
        ],
        ids=["workspace", "area", "id", "expiry"],
    )
    async def test_it_is_found_under_its_own_name_only(self, store, other):
        await store.put(NAME, b"ours")

        with pytest.raises(BlobNotFound):
            await whole(store, other, 10)

    async def test_deleting_twice_succeeds(self, store):
        await store.put(NAME, b"ours")

        await store.delete(NAME)
        await store.delete(NAME)

        with pytest.raises(BlobNotFound):
            await whole(store, NAME, 10)

    async def test_putting_again_replaces(self, store):
        await store.put(NAME, b"first")
        await store.put(NAME, b"second")

        assert await whole(store, NAME, 10) == b"second"

    async def test_what_is_overdue_is_listed_in_its_area_and_nothing_else(self, store):
        late = [
            replace(NAME, id="han_a", expires_at=NOW - timedelta(days=2)),
            replace(NAME, id="han_b", expires_at=NOW, workspace_id="ws_theirs"),
        ]
        kept = [
            NAME,
            replace(NAME, id="han_c", expires_at=NOW + timedelta(seconds=1)),
            replace(late[0], area="other"),
        ]
        for name in late + kept:
            await store.put(name, b"x")

        assert sorted(await all_of(store.overdue("handover", NOW)), key=str) == sorted(
            late, key=str
        )
        assert await all_of(store.overdue("nothing", NOW)) == []

    async def test_a_workspaces_blobs_are_listed_whatever_their_expiry(self, store):
        ours = [replace(NAME, id=f"han_{n}", expires_at=NOW + timedelta(days=n)) for n in range(3)]
        theirs = replace(NAME, workspace_id="ws_ours2")
        for name in [*ours, theirs]:
            await store.put(name, b"x")

        found = await all_of(store.of_workspace("handover", "ws_ours"))

        assert sorted(found, key=str) == sorted(ours, key=str)

    @pytest.mark.parametrize(
        "unchecked", ["..", "../..", "", ".", "a/b", "ws_ours/", "*", "x" * 97]
    )
    async def test_an_id_that_no_workspace_has_lists_nothing(self, store, unchecked):
        await store.put(NAME, b"x")

        assert await all_of(store.of_workspace("handover", unchecked)) == []

    async def test_what_is_deleted_while_it_is_listed_ends_the_list_well(self, store):
        names = [replace(NAME, id=f"han_{n}", expires_at=NOW) for n in range(20)]
        for name in names:
            await store.put(name, b"x")

        async for name in store.overdue("handover", NOW):
            await store.delete(name)

        assert await all_of(store.overdue("handover", NOW)) == []
