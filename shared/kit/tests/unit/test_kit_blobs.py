"""Names of blobs, the fake and the folder, and what goes wrong with a folder."""

import asyncio
import resource
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from kit.blob_settings import BlobsSettings, BlobsUnusable
from kit.blob_sweep import MAX_AT_ONCE, MAX_FAILED, BlobSweep
from kit.blobs import (
    BlobName,
    BlobNotFound,
    BlobStoreUnavailable,
    expiry,
    hour_has_passed,
    whole,
)
from kit.obstore_blobs import ObstoreBlobs
from kit.testing import FrozenClock, MemoryBlobs
from kit.workspace_deletion import WorkspaceDeletion, WorkspaceNotDeletedYet
from shared.kit.tests.blob_suite import NAME, NOW, BlobSuite, all_of


class TestMemoryBlobs(BlobSuite):
    @pytest.fixture
    def store(self):
        return MemoryBlobs()


def in_folder(path):
    return ObstoreBlobs(BlobsSettings(url=path.as_uri()))


class TestBlobsInAFolder(BlobSuite):
    @pytest.fixture
    def store(self, tmp_path):
        return in_folder(tmp_path / "a folder" / "blobs")

    async def test_two_replicas_share_a_folder(self, tmp_path):
        await in_folder(tmp_path).put(NAME, b"from one")

        assert await whole(in_folder(tmp_path), NAME, 10) == b"from one"

    async def test_only_its_owner_sees_into_the_folder(self, tmp_path):
        in_folder(tmp_path / "made" / "here")

        assert (tmp_path / "made" / "here").stat().st_mode & 0o777 == 0o700

    async def test_an_empty_folder_goes_with_its_last_blob(self, tmp_path):
        store = in_folder(tmp_path)
        await store.put(NAME, b"x")

        await store.delete(NAME)

        assert list(tmp_path.rglob("*")) == []

    async def test_what_others_put_into_the_folder_is_left_alone(self, tmp_path):
        for path in ("handover/notes.txt", "handover/2020010100/ws_x/9.han_1"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text("not a blob of ours")

        assert await all_of(in_folder(tmp_path).overdue("handover", NOW)) == []

    async def test_a_full_disk_is_the_store_being_unavailable_and_leaves_nothing(self, tmp_path):
        store = in_folder(tmp_path)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))  # a write fails half-way
        try:
            with pytest.raises(BlobStoreUnavailable) as refused:
                await store.put(NAME, b"x" * 1_000_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        assert refused.value.code == "platform.blob_store_unavailable"
        assert await all_of(store.of_workspace("handover", "ws_ours")) == []
        with pytest.raises(BlobNotFound):
            await whole(store, NAME, 1_000_000)
        await store.put(NAME, b"small ones go on")

    async def test_a_store_that_does_not_answer_in_time_is_unavailable(self, tmp_path):
        store = ObstoreBlobs(BlobsSettings(url=tmp_path.as_uri(), seconds=1e-9))

        with pytest.raises(BlobStoreUnavailable):
            await store.put(NAME, b"x" * 1_000_000)


@pytest.mark.parametrize(
    "part", ["..", "../../etc/passwd", "a/b", "", ".", "a\0b", "ä", "x" * 97, "%2e%2e"]
)
def test_no_id_or_workspace_leads_out_of_its_folder(part):
    for members in ({"id": part}, {"workspace_id": part}):
        given = {"workspace_id": "ws_ours", "id": "han_1", **members}
        with pytest.raises(BlobNotFound):
            BlobName("handover", expires_at=NOW, **given)


def test_a_name_is_read_from_its_path_and_from_no_other():
    assert BlobName.of(NAME.path) == NAME
    for path in (
        "handover/x",
        NAME.path.replace("2026112612", "2026112613"),
        NAME.path.replace("han_1", "../x"),
        NAME.path + "/more",
        "handover/2026112612/ws_ours/99999999999999999999.han_1",
    ):
        assert BlobName.of(path) is None, path


class TestBlobSweep:
    async def test_what_expired_is_deleted_and_the_rest_stays(self):
        store, clock = MemoryBlobs(), FrozenClock(NOW)
        await store.put(NAME, b"x")
        sweep = BlobSweep("sample", store, ("handover",), clock)

        assert await sweep.delete_overdue() == 0
        clock.advance(timedelta(minutes=10))
        assert await sweep.delete_overdue() == 1
        assert store.kept == {}

    async def test_it_goes_on_once_the_store_is_back(self):
        store, clock = MemoryBlobs(), FrozenClock(NOW + timedelta(hours=1))
        await store.put(NAME, b"x")
        sweep = BlobSweep("sample", store, ("handover",), clock)

        store.away = True
        assert await sweep.delete_overdue() == 0
        store.away = False
        assert await sweep.delete_overdue() == 1

    @pytest.mark.parametrize(("stuck", "deleted"), [(1, 29), (MAX_FAILED, 0)])
    async def test_what_cannot_be_deleted_keeps_nothing_else(self, stuck, deleted):
        store, clock = MemoryBlobs(), FrozenClock(NOW + timedelta(hours=1))
        names = [BlobName("handover", "ws_ours", f"han_{number}", NOW) for number in range(30)]
        for name in names:
            await store.put(name, b"x")
        store.stuck = {name.path for name in names[:stuck]}

        assert await BlobSweep("sample", store, ("handover",), clock).delete_overdue() == deleted

    async def test_two_replicas_may_sweep_at_once(self, tmp_path):
        clock = FrozenClock(NOW + timedelta(hours=1))
        stores = [in_folder(tmp_path), in_folder(tmp_path)]
        for number in range(30):
            await stores[0].put(BlobName("handover", "ws_ours", f"han_{number}", NOW), b"x")

        sweeps = [BlobSweep("sample", store, ("handover",), clock) for store in stores]
        await asyncio.gather(*(sweep.delete_overdue() for sweep in sweeps))

        assert list(tmp_path.rglob("*.han_*")) == []

    async def test_one_sweep_deletes_a_bounded_number_and_the_next_goes_on(self):
        store, clock = MemoryBlobs(), FrozenClock(NOW + timedelta(hours=1))
        for number in range(MAX_AT_ONCE + 1):
            await store.put(BlobName("handover", "ws_ours", f"han_{number}", NOW), b"x")
        sweep = BlobSweep("sample", store, ("handover",), clock)

        assert await sweep.delete_overdue() == MAX_AT_ONCE
        assert await sweep.delete_overdue() == 1

    async def test_deleting_a_workspaces_blobs_ends_in_time_and_goes_on_later(self):
        store = MemoryBlobs()
        for number in range(3):
            await store.put(BlobName("handover", "ws_ours", f"han_{number}", NOW), b"x")
        deletion = WorkspaceDeletion([], 0, BlobSweep("sample", store, ("handover",)))

        with pytest.raises(WorkspaceNotDeletedYet):
            await deletion.run("ws_ours")

        assert len(store.kept) == 2
        await WorkspaceDeletion([], blobs=BlobSweep("sample", store, ("handover",))).run("ws_ours")
        assert store.kept == {}

    async def test_a_removed_workspace_takes_its_blobs_along(self):
        store = MemoryBlobs()
        await store.put(NAME, b"x")
        await store.put(BlobName("handover", "ws_theirs", "han_1", NOW), b"x")

        assert await BlobSweep("sample", store, ("handover",)).delete_workspace("ws_ours")
        assert [BlobName.of(path).workspace_id for path in store.kept] == ["ws_theirs"]


class TestBlobsSettings:
    @pytest.mark.parametrize(
        "settings",
        [
            {},
            {"url": ""},
            {"url": "/var/blobs"},
            {"url": "file://blobs"},
            {"url": "file:///"},
            {"url": "https://store/bucket"},
            {"url": "gs://bucket"},
            {"url": "memory:///"},
            {"url": "s3://"},
            {"url": "s3://bucket"},
            {"url": "s3://bucket", "access_key_id": "ours"},
            {"url": "s3://key:secret@bucket", "access_key_id": "a", "secret_access_key": "b"},
            {"url": "s3://key@bucket", "access_key_id": "a", "secret_access_key": "b"},
            {"url": "s3://bucket?x=1", "access_key_id": "a", "secret_access_key": "b"},
            {"url": "s3://bucket#x", "access_key_id": "a", "secret_access_key": "b"},
            {"url": "file:///var/blobs?x=1"},
            {"url": "file:///var/blobs#x"},
            {"url": "s3://b", "access_key_id": "minioadmin", "secret_access_key": "minioadmin"},
            {"url": "s3://b", "access_key_id": "a", "secret_access_key": "changeme"},
            {"url": "s3://b", "access_key_id": "drawn-once", "secret_access_key": "drawn-once"},
            {
                "url": "s3://b",
                "access_key_id": "a",
                "secret_access_key": "b",
                "endpoint": "store:9000",
            },
            {"url": "file:///var/blobs", "seconds": 0},
        ],
        ids=str,
    )
    def test_what_is_missing_half_given_or_unreadable_does_not_start(self, settings):
        with pytest.raises(ValidationError):
            BlobsSettings(**settings)

    def test_a_secret_is_in_no_error(self):
        with pytest.raises(ValidationError) as refused:
            BlobsSettings(url="gs://bucket", access_key_id="a", secret_access_key="do-not-show")

        assert "do-not-show" not in str(refused.value)

    def test_a_bucket_has_an_address_and_a_prefix(self):
        keys = {"access_key_id": "ours", "secret_access_key": "drawn at random"}

        here = BlobsSettings(url="s3://bucket/a/b/", endpoint="http://store:7070/", **keys)
        amazon = BlobsSettings(url="s3://bucket", region="eu-central-1", **keys)

        assert (here.bucket, here.prefix, here.address) == ("bucket", "a/b", "http://store:7070")
        assert amazon.address == "https://s3.eu-central-1.amazonaws.com"

    def test_a_folder_that_cannot_be_made_does_not_start(self, tmp_path):
        (tmp_path / "file").write_text("")

        with pytest.raises(BlobsUnusable, match="BLOBS_URL"):
            in_folder(tmp_path / "file" / "blobs")


@pytest.mark.parametrize(
    ("hour", "passed"),
    [
        ("2026112611", True),
        ("2026112612", True),  # something of it may have expired
        ("2026112613", False),
        ("2027010100", False),
        ("notes", False),
        ("", False),
        ("-1", False),
    ],
)
def test_only_hours_that_began_are_listed(hour, passed):
    assert hour_has_passed(hour, NOW) is passed
    assert hour_has_passed(hour, NOW.astimezone(timezone(timedelta(hours=9)))) is passed


def test_an_expiry_has_whole_seconds():
    assert expiry(datetime(2026, 1, 1, 0, 0, 0, 5, UTC), timedelta(minutes=1)).microsecond == 0
    with pytest.raises(ValueError, match="whole seconds"):
        BlobName("handover", "ws_ours", "han_1", datetime(2026, 1, 1, 0, 0, 0, 5, UTC))
