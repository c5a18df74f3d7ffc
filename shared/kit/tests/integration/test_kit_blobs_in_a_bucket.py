"""The store for blobs on a real S3 server (localbucket, which checks no signatures)."""

import asyncio
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from kit.blob_settings import BlobsSettings
from kit.blobs import BlobNotFound, BlobStoreUnavailable, whole
from kit.obstore_blobs import ObstoreBlobs
from openactions_local.child import Child, program
from openactions_local.testing import Server
from shared.kit.tests.blob_suite import NAME, BlobSuite

pytestmark = pytest.mark.integration
FROM_SETTINGS_ALONE = """
import asyncio
from kit.blob_settings import BlobsSettings
from kit.obstore_blobs import ObstoreBlobs
from shared.kit.tests.blob_suite import NAME

asyncio.run(ObstoreBlobs(BlobsSettings()).put(NAME, b"x"))
"""


def bucket_server(folder, port):
    """A bucket is a folder: there is one, `blobs`."""
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    command = [program("localbucket"), str(folder), "--port", str(port)]
    return Child("localbucket", command, folder.with_suffix(".log"))


@pytest.fixture
async def server(tmp_path):
    server = Server(bucket_server, tmp_path / "buckets", "http")
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
def named(server):
    """What the operator sets."""
    return {
        "url": "s3://blobs/of/ours",
        "endpoint": server.url,
        "access_key_id": "ours",
        "secret_access_key": "drawn at random",
    }


@pytest.fixture
def store(named):
    return ObstoreBlobs(BlobsSettings(**named))


class TestBlobsInABucket(BlobSuite):
    """The fixture `store` is this file's."""


async def test_two_replicas_on_two_hosts_share_a_bucket(store, named):
    other = ObstoreBlobs(BlobsSettings(**named))
    await store.put(NAME, b"from one")

    assert await whole(other, NAME, 10) == b"from one"
    await other.delete(NAME)
    with pytest.raises(BlobNotFound):
        await whole(store, NAME, 10)


async def test_a_store_that_is_away_is_said_within_seconds_and_used_once_it_is_back(server, store):
    await server.kill()

    started = monotonic()
    for asked in (store.put(NAME, b"x"), whole(store, NAME, 10), store.delete(NAME)):
        with pytest.raises(BlobStoreUnavailable):
            await asked
    assert monotonic() - started < 12

    await server.start()
    await store.put(NAME, b"x")
    assert await whole(store, NAME, 10) == b"x"


async def test_a_store_that_is_frozen_is_unavailable_after_its_seconds(server, named):
    store = ObstoreBlobs(BlobsSettings(**named, seconds=0.3))
    server.freeze()

    with pytest.raises(BlobStoreUnavailable):
        await store.put(NAME, b"x")
    with pytest.raises(BlobStoreUnavailable):
        await whole(store, NAME, 10)

    server.thaw()


async def test_a_bucket_that_is_not_there_is_the_store_being_unavailable(named):
    store = ObstoreBlobs(BlobsSettings(**{**named, "url": "s3://nothing"}))

    with pytest.raises(BlobStoreUnavailable):
        await store.put(NAME, b"x")


async def test_where_it_connects_is_what_the_settings_say_whatever_aws_variables_say(
    named, tmp_path
):
    """Obstore connects from Rust, which no audit hook sees; and it reads AWS_… by itself."""
    elsewhere = "http://127.0.0.1:9"
    environment = {
        **{f"BLOBS_{name.upper()}": value for name, value in named.items()},
        "AWS_ENDPOINT_URL_S3": elsewhere,
        "AWS_ENDPOINT_URL": elsewhere,
        "AWS_ENDPOINT": elsewhere,
        "AWS_BUCKET": "theirs",
        "AWS_REGION": "eu-west-9",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
        "PYTHONPATH": str(Path(__file__).parents[4]),
    }
    command = [sys.executable, "-c", FROM_SETTINGS_ALONE]

    ended = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert (tmp_path / "buckets/blobs/of/ours" / NAME.path).read_bytes() == b"x"
