"""What a service keeps of a removed workspace is deleted, all of it and nothing else."""

import pytest

from contracts.errors import Kind
from contracts.facts import WorkspaceRemoved
from kit.across_workspaces import DELETED_AT_ONCE
from kit.outbox import Outbox
from kit.testing import eventually, running
from kit.workspace_deletion import WorkspaceDeletion, WorkspaceNotDeletedYet
from shared.kit.tests.kit_fakes import Publisher, domains_changed
from shared.kit.tests.kit_service import Thing as StoredThing
from shared.kit.tests.kit_service import service
from shared.kit.tests.kit_things import OURS, THEIRS, Thing, things_of

pytestmark = pytest.mark.integration


class Repository:
    def __init__(self, *collections):
        self.collections = collections


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
async def collections(database, publisher):
    outbox = Outbox("policy", publisher)
    made = [things_of(database, outbox, name=name) for name in ("things", "others")]
    for each in made:
        await each.ensure_indexes()
    return made


async def left(collection):
    found = collection.database[collection.name].find({}, {"_id": True})
    return sorted([each["_id"] async for each in found])


async def test_everything_of_a_workspace_goes_also_tombstones_and_pending_facts(
    collections, publisher
):
    for collection in collections:
        ours = collection.within(OURS)
        await ours.add("live", Thing("live"))
        await ours.remove(await ours.add("removed", Thing("removed")))
        publisher.away = True
        with pytest.raises(Exception, match="not yet in force"):
            await ours.add("pending", Thing("pending"), domains_changed())
        publisher.away = False
        await collection.within(THEIRS).add("theirs", Thing("theirs"))

    await WorkspaceDeletion([Repository(*collections)]).run(OURS)

    assert [await left(collection) for collection in collections] == [["theirs"], ["theirs"]]


async def test_what_takes_longer_than_a_delivery_goes_on_with_the_next(collections):
    things, _ = collections
    count = DELETED_AT_ONCE + 1
    for number in range(count):
        await things.within(OURS).add(f"thing_{number}", Thing(number))
    deletion = WorkspaceDeletion([Repository(*collections)], seconds=0)

    with pytest.raises(WorkspaceNotDeletedYet) as unfinished:
        await deletion.run(OURS)
    await deletion.run(OURS)
    await deletion.run(OURS)

    assert unfinished.value.kind is Kind.UNAVAILABLE  # so the fact comes again, for ever
    assert await left(things) == []


async def test_a_limit_bounds_what_is_deleted_at_once(collections):
    things, _ = collections
    for number in range(3):
        await things.within(OURS).add(f"thing_{number}", Thing(number))

    assert [await things.within(OURS).delete_all(2) for _ in range(3)] == [2, 1, 0]


async def test_every_service_that_keeps_something_deletes_it_when_the_workspace_is_removed(
    nats, mongodb_url
):
    tested = service(nats.url, mongodb_url)
    things = tested.things
    async with running(tested.api):
        for workspace in (OURS, THEIRS):
            await things.within(workspace).add(workspace, StoredThing(workspace))

        await tested.chassis.bus.publish(WorkspaceRemoved(workspace_id=OURS))

        async def gone():
            return await things.within(OURS).find(OURS) is None

        assert await eventually(gone)
        assert await things.within(THEIRS).find(THEIRS)
        await things.within(THEIRS).delete_all(10)


async def test_a_service_that_was_away_deletes_it_when_it_is_back(nats, mongodb_url):
    first = service(nats.url, mongodb_url)
    async with running(first.api):
        await first.things.within(OURS).add("late", StoredThing("late"))
    other = service(nats.url, mongodb_url)
    await other.chassis.bus.connect()
    await other.chassis.bus.publish(WorkspaceRemoved(workspace_id=OURS))
    await other.chassis.bus.stop()

    back = service(nats.url, mongodb_url)
    async with running(back.api):

        async def gone():
            return await back.things.within(OURS).find("late") is None

        assert await eventually(gone)
