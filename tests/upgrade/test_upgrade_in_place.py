"""F41: the old release writes, this one starts on its data, the old one again, and this one stays.

With the servers, the data folder and the environments that an operator would have.
"""

import asyncio

import pytest
from typer.testing import CliRunner

from kit import mongo
from kit.testing import eventually
from openactions import OpenActions
from openactions_local.demo import demo_server
from openactions_local.operating.stream_commands import app as streams
from openactions_local.platform import migrate_streams
from openactions_local.servers import accepts, free_port, mongodb_server, nats_server
from tests.e2e.platform_process import OPENACTIONS, PlatformProcess
from tests.upgrade import old_release
from tests.upgrade.walk import call_everything, write_everything

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

EXPIRED_WITHIN_SECONDS = 120  # the database looks once a minute


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    try:
        return old_release.install(tmp_path_factory.mktemp("release"))
    except old_release.NoOldRelease as reason:
        pytest.skip(f"The old release cannot be installed here: {reason}")


@pytest.fixture
def servers(tmp_path):
    ports = [free_port(), free_port()]
    children = [mongodb_server(tmp_path / "db", ports[0]), nats_server(tmp_path / "nats", ports[1])]
    for child, port in zip(children, ports, strict=True):
        child.start()
        asyncio.run(child.ready(lambda port=port: accepts(port)))
    yield {
        "MONGODB_URL": f"mongodb://127.0.0.1:{ports[0]}",
        "NATS_URL": f"nats://127.0.0.1:{ports[1]}",
    }
    for child in children:
        asyncio.run(child.stop())


@pytest.fixture
def up(servers, tmp_path):
    """Starts a release's platform on the same data; the demo API is at `up.demo_port`."""
    demo_port = free_port()
    arguments = ["--data", tmp_path / "data", "--port", "0", "--demo-port", demo_port]

    def start(program=OPENACTIONS):
        return PlatformProcess(arguments, servers, program=program)

    start.demo_port = demo_port
    with demo_server(demo_port):
        yield start


def assert_it_is_all_there(platform, walked):
    assert platform.get("/v1/workspace")["title"] == "Before the upgrade"
    assert walked.member_id in ids(platform.get("/v1/members"))
    assert walked.token_id in ids(platform.get("/v1/tokens"))
    assert platform.get(f"/v1/schemas/{walked.schema_id}")["verified"]
    assert platform.get(f"/v1/gpts/{walked.gpt_id}")["description"] == "Kept"
    assert len(platform.get(f"/v1/gpts/{walked.gpt_id}/versions")["items"]) == 2
    assert platform.get(f"/v1/credentials/{walked.action_id}")["type"] == "api_key"
    assert platform.get("/v1/domains")["domains"] == ["example.com"]
    for invocation in walked.invocations:
        assert platform.invocation(invocation)["outcome"] == "succeeded"


def put_streams_back(url):
    """As an operator does before the installation goes back a release."""
    arguments = ["apply", "--layout", "previous", "--yes", "--replicas", "1", "--nats-url", url]
    ended = CliRunner().invoke(streams, arguments)
    assert ended.exit_code == 0, ended.output


def ids(page):
    return {item["id"] for item in page["items"]}


async def leave_an_old_record(url, invocation_id):
    client = mongo.connect(url)
    records = client["execution"]["invocations"]
    [record] = [each async for each in records.find({"_id": invocation_id})]
    at = record["state"]["at"]
    old = {**record, "_id": "inv_old", "state": {**record["state"], "at": at.replace(year=2020)}}
    await records.insert_one(old)
    client.close()


async def old_record_expires(url):
    client = mongo.connect(url)

    async def gone():
        return await client["execution"]["invocations"].count_documents({"_id": "inv_old"}) == 0

    await eventually(gone, within_seconds=EXPIRED_WITHIN_SECONDS)
    client.close()


def test_f41_a_release_starts_on_the_data_of_the_last_one_and_back(release, up, servers):
    with up(release.openactions) as old:
        token = old.token
        walked = write_everything(old.url, token, up.demo_port)

    asyncio.run(migrate_streams(servers["NATS_URL"]))
    with up() as new, OpenActions(new.url, token) as platform:
        assert_it_is_all_there(platform, walked)
        made_last = call_everything(platform, walked.gpt_id)
    put_streams_back(servers["NATS_URL"])

    with up(release.openactions) as old, OpenActions(old.url, token) as platform:
        assert_it_is_all_there(platform, walked)
        before = call_everything(platform, walked.gpt_id)
        for invocation in (*made_last, *before):
            assert platform.invocation(invocation)["outcome"] == "succeeded"
    asyncio.run(leave_an_old_record(servers["MONGODB_URL"], walked.invocations[0]))
    asyncio.run(migrate_streams(servers["NATS_URL"]))

    with up() as new, OpenActions(new.url, token) as platform:
        assert_it_is_all_there(platform, walked)
        calls = call_everything(platform, walked.gpt_id)
        again = write_everything(new.url, token, up.demo_port)
        assert_it_is_all_there(platform, again)
        assert set(calls) <= ids(platform.get("/v1/invocations"))
        asyncio.run(old_record_expires(servers["MONGODB_URL"]))
