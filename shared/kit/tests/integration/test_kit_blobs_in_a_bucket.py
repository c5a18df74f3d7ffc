"""The store for blobs on a real S3 server (localbucket, which checks no signatures)."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest
from structlog.testing import capture_logs

from kit.blob_settings import BlobsSettings, BlobsUnusable
from kit.blob_sweep import BlobSweep
from kit.blobs import BlobNotFound, BlobStoreUnavailable, whole
from kit.obstore_blobs import ObstoreBlobs
from openactions_local.child import Child, program
from openactions_local.testing import Server
from shared.egress.tests.peer import Authority
from shared.kit.tests.blob_suite import NAME, NOW, BlobSuite, all_of

pytestmark = pytest.mark.integration
FROM_SETTINGS_ALONE = """
import asyncio
import os
from kit.blob_settings import BlobsSettings
from kit.obstore_blobs import ObstoreBlobs
from shared.kit.tests.blob_suite import NAME

before = dict(os.environ)

async def put():
    await ObstoreBlobs(BlobsSettings()).put(NAME, b"x")
    await asyncio.sleep(0.5)  # a process that ends at once may be aborted by the library's threads

asyncio.run(put())
assert os.environ == before
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
    with pytest.raises(BlobStoreUnavailable):
        await whole(store, NAME, 10)
    with pytest.raises(BlobStoreUnavailable):
        await store.delete(NAME)
    for listed in (store.overdue("handover", NOW), store.of_workspace("handover", "ws_ours")):
        with pytest.raises(BlobStoreUnavailable):
            await all_of(listed)


async def test_a_sweep_of_a_bucket_that_is_not_there_goes_on_and_logs_an_error(named):
    store = ObstoreBlobs(BlobsSettings(**{**named, "url": "s3://nothing"}))

    with capture_logs() as logged:
        assert await BlobSweep("sample", store, ("handover",)).delete_overdue() == 0

    [missing, _] = logged
    assert (missing["event"], missing["log_level"]) == ("blob_store_missing", "error")
    assert (missing["doing"], missing["setting"]) == ("list", "BLOBS_URL")


async def put_in_environment(named, variables):
    """By a process of its own, with these variables."""
    environment = {
        **{f"BLOBS_{name.upper()}": value for name, value in named.items()},
        **variables,
        "PYTHONPATH": str(Path(__file__).parents[4]),
    }
    command = [sys.executable, "-c", FROM_SETTINGS_ALONE]
    ended = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]


async def test_where_it_connects_is_what_the_settings_say_whatever_aws_variables_say(
    named, tmp_path
):
    """Obstore connects from Rust, which no audit hook sees; and it reads AWS_… by itself."""
    elsewhere = "http://127.0.0.1:9"
    variables = {
        "AWS_ENDPOINT_URL_S3": elsewhere,
        "AWS_ENDPOINT_URL": elsewhere,
        "AWS_ENDPOINT": elsewhere,
        "AWS_BUCKET": "theirs",
        "AWS_REGION": "eu-west-9",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
    }

    await put_in_environment(named, variables)

    assert (tmp_path / "buckets/blobs/of/ours" / NAME.path).read_bytes() == b"x"


PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


async def test_no_proxy_of_the_environment_is_used(named, tmp_path):
    """It would see what services hand over, and every key."""
    await put_in_environment(named, dict.fromkeys(PROXIES, "http://127.0.0.1:9"))

    assert (tmp_path / "buckets/blobs/of/ours" / NAME.path).read_bytes() == b"x"


@asynccontextmanager
async def recording_store(tls=None):
    """Answers every PUT; the heads of its requests, and where it is."""
    requests = []

    async def answer(reader, writer):
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 0\r\n\r\n')
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield requests, f"https://{address}" if tls else f"http://{address}"


async def test_no_session_token_of_the_environment_is_sent_beside_our_keys(named):
    variables = {
        "AWS_SESSION_TOKEN": "theirs",
        "AWS_TOKEN": "theirs",
        "AWS_ACCESS_KEY_ID": "theirs",
        "AWS_SECRET_ACCESS_KEY": "theirs",
        "AWS_SERVER_SIDE_ENCRYPTION": "AES256",
        "AWS_REQUEST_PAYER": "true",
    }
    async with recording_store() as (requests, endpoint):
        await put_in_environment({**named, "endpoint": endpoint}, variables)

    [request] = requests
    assert b"credential=ours/" in request.lower()
    for header in (b"security-token", b"theirs", b"server-side-encryption", b"request-payer"):
        assert header not in request.lower()


@pytest.mark.parametrize("is_named", [True, False])
async def test_certificates_of_the_settings_are_trusted_and_no_other_private_ones(
    named, tmp_path, is_named
):
    authority = Authority(tmp_path)
    async with recording_store(authority.context(ip="127.0.0.1")) as (requests, endpoint):
        trusted = {"ca_file": authority.ca_file} if is_named else {}
        settings = BlobsSettings(**{**named, "endpoint": endpoint}, **trusted, seconds=5)
        store = ObstoreBlobs(settings)
        if is_named:
            await store.put(NAME, b"x")
        else:
            with pytest.raises(BlobStoreUnavailable):
                await store.put(NAME, b"x")

    assert len(requests) == is_named


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_certificates_that_cannot_be_read_stop_the_start(named, tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(BlobsUnusable, match="BLOBS_CA_FILE"):
        ObstoreBlobs(BlobsSettings(**named, ca_file=path))
