"""What the database refuses or does not confirm, and the error that a caller gets."""

import pytest

from kit import mongo
from kit.errors import DatabaseRefused
from kit.indexes import Index, migrate
from kit.streams import DEAD_LETTERS_STREAM
from kit.testing import eventually, running
from openactions_local.servers import mongodb_server
from openactions_local.testing import Server
from shared.kit.tests.kit_fakes import domains_changed
from shared.kit.tests.kit_service import service

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]

ONLY_GOOD_NAMES = {
    "$jsonSchema": {"properties": {"state": {"properties": {"name": {"enum": ["good"]}}}}}
}
NOT_REPLICATED = {"code": 64, "errmsg": "waiting for replication timed out"}


def that_obeys_tests(folder, port):
    """The embedded database, with the command by which a server plays a fault."""
    child = mongodb_server(folder, port)
    child.command = [*child.command, "--enable-test-commands"]
    return child


@pytest.fixture
async def mongodb(tmp_path):
    server = Server(that_obeys_tests, tmp_path / "mongodb", "mongodb")
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
async def operator(mongodb):
    """Whoever has the database's own tools."""
    client = mongo.connect(mongodb.url)
    yield client
    client.close()


@pytest.fixture
def tested(nats, mongodb):
    return service(nats.url, mongodb.url)


async def test_f24_a_write_that_is_not_confirmed_is_unknown_and_its_fact_follows(tested, operator):
    async with running(tested.api) as client:
        fault = {
            "failCommands": ["insert", "findAndModify"],
            "writeConcernError": NOT_REPLICATED,
        }
        await operator.admin.command(
            {"configureFailPoint": "failCommand", "mode": {"times": 1}, "data": fault}
        )

        answer = await client.post("/v1/things/thing_1?revision=7")

        assert (answer.status_code, answer.json()["code"]) == (503, "platform.write_unconfirmed")
        assert answer.headers["retry-after"]
        assert (await client.get("/v1/things/thing_1")).status_code == 200

        async def taken():
            return tested.taken.times(7)

        assert await eventually(taken) == 1


async def test_b3_what_the_database_refuses_is_a_fault_and_no_outage(tested, operator):
    async with running(tested.api) as client:
        await operator["kit"].command({"collMod": "things", "validator": ONLY_GOOD_NAMES})

        answer = await client.post("/v1/things/bad")

        assert (answer.status_code, answer.json()["code"]) == (500, "platform.internal")
        assert (await client.post("/v1/things/good")).status_code == 200


async def test_b3_a_fact_whose_write_is_refused_for_ever_is_dead_lettered_with_its_cause(tested):
    refused = DatabaseRefused("DocumentValidationFailure", 121)
    tested.taken.failing = {1: refused}
    async with running(tested.api):
        jetstream = tested.chassis.bus.jetstream
        await tested.chassis.bus.publish(domains_changed(1))
        await tested.chassis.bus.publish(domains_changed(2))

        async def dead_lettered():
            stream = await jetstream.stream_info(DEAD_LETTERS_STREAM)
            return stream.state.messages and tested.taken.times(2)

        await eventually(dead_lettered)
        letter = await jetstream.get_msg(DEAD_LETTERS_STREAM, 1)

    assert letter.headers["oa-reason"] == "DatabaseRefused: DocumentValidationFailure"
    assert tested.taken.times(1) == 1


async def test_b3_a_start_that_the_database_refuses_ends_with_the_cause(tested, operator):
    """A right that its user lacks, such as to make indexes: waiting would not give it."""
    fault = {"failCommands": ["createIndexes"], "errorCode": 13}
    await operator.admin.command(
        {"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": fault}
    )

    with pytest.raises(DatabaseRefused) as refused:
        async with running(tested.api):
            pass

    assert refused.value.code == 13

    assert refused.value.__cause__ is not None


async def test_b3_an_index_that_the_database_refuses_beside_the_old_one_comes_after_it(operator):
    """IndexOptionsConflict, which MongoDB answers where two would differ too little."""
    things = operator["kit"]["things"]
    await things.create_index([("a", 1)], name="oa_listed_00000000", sparse=True)
    fault = {"failCommands": ["createIndexes"], "errorCode": 85}
    await operator.admin.command(
        {"configureFailPoint": "failCommand", "mode": {"times": 1}, "data": fault}
    )
    wanted = Index("listed", (("a", 1),))

    await migrate(things, [wanted])

    assert {*await things.index_information()} == {"_id_", wanted.name}


async def test_b3_a_service_starts_on_an_index_that_an_earlier_release_defined_otherwise(
    tested, operator
):
    things = operator["kit"]["things"]
    await things.create_index([("outbox_since", 1)], name="oa_outbox_00000000")

    async with running(tested.api) as client:
        assert (await client.get("/readyz")).status_code == 200

    made = {index["name"]: dict(index) async for index in things.list_indexes()}
    assert "oa_outbox_00000000" not in made
    assert [index["sparse"] for name, index in made.items() if name.startswith("oa_outbox")]
