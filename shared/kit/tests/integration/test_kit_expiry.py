"""B6: expired documents go although the embedded database's own clean-up is off."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.across_workspaces import DELETED_AT_ONCE
from kit.expiry import AIM, Expiry
from kit.outbox import Outbox
from kit.retention import TOMBSTONE_LIFE, Expires
from kit.testing import eventually, running
from shared.kit.tests.kit_fakes import Publisher
from shared.kit.tests.kit_service import service
from shared.kit.tests.kit_things import OURS, Thing, things_of

pytestmark = pytest.mark.integration
MONTH = timedelta(days=30)
LONG_AGO = datetime.now(UTC) - TOMBSTONE_LIFE - timedelta(minutes=1)


@pytest.fixture
async def things(database):
    things = things_of(database, Outbox("policy", Publisher()))
    await things.ensure_indexes(expiring=False)
    return things


async def removed_long_ago(things, *ids):
    ours = things.within(OURS)
    for id_ in ids:
        await ours.remove(await ours.add(id_, Thing(id_)))
    await things.database["things"].update_many(
        {"_id": {"$in": [*ids]}}, {"$set": {"settled": LONG_AGO}}
    )


async def deleted(things, since=timedelta(hours=1)):
    """One round, from so long before on."""
    expiry = Expiry(things.database, [things])
    await things.database["expiry"].insert_many(
        {"_id": f"things.{member}", "until": LONG_AGO - since} for member in things.expiring
    )
    await expiry.delete(things)


async def left(things):
    found = things.database["things"].find({}, {"_id": True})
    return sorted([each["_id"] async for each in found])


async def test_b6_what_a_ttl_index_says_is_deleted_and_nothing_else(things):
    await removed_long_ago(things, "long ago")
    ours = things.within(OURS)
    await ours.add("kept", Thing("kept"))
    await ours.remove(await ours.add("just removed", Thing("just removed")))

    await deleted(things)

    assert await left(things) == ["just removed", "kept"]


async def test_b6_no_index_deletes_documents_whatever_an_earlier_start_made(database):
    """The embedded database's own clean-up has nothing to do, and goes through no collection."""
    things = things_of(database, Outbox("policy", Publisher()), kept=Expires("at", MONTH))
    await things.ensure_indexes()
    before = await indexes(things)
    deleting = {tuple(each["key"]) for each in before if "expireAfterSeconds" in each}
    await database["things"].create_index([("settled", 1)], expireAfterSeconds=60, name="settled_1")

    assert len(deleting) == 3
    for _ in range(2):  # and back to a database that deletes, and here again
        await things.ensure_indexes(expiring=False)
        plain = await indexes(things)
        assert [each["name"] for each in plain if "expireAfterSeconds" in each] == []
        assert {tuple(each["key"]) for each in plain} == {tuple(each["key"]) for each in before}

        await things.ensure_indexes()
        again = await indexes(things)
        assert {tuple(each["key"]) for each in again if "expireAfterSeconds" in each} == deleting


async def test_b6_a_date_that_is_no_longer_declared_deletes_nothing_whichever_start_made_its_index(
    database,
):
    """The second start has the first one's plain index delete."""
    by_date = things_of(database, Outbox("policy", Publisher()), kept=Expires("at", MONTH))
    for expiring in (False, True):
        await by_date.ensure_indexes(expiring=expiring)

    await things_of(database, Outbox("policy", Publisher())).ensure_indexes()

    assert "state.at" not in {key for each in await indexes(by_date) for key in each["key"]}


async def indexes(things):
    return [dict(each) async for each in things.database["things"].list_indexes()]


async def test_b6_more_than_are_deleted_at_once_go_too(things):
    ids = [f"thing_{number}" for number in range(DELETED_AT_ONCE + 1)]
    await removed_long_ago(things, *ids)

    await deleted(things)

    assert await left(things) == []


async def test_b6_a_span_has_its_first_moment_and_not_its_last(things):
    await removed_long_ago(things, "at the moment")
    minute, between = timedelta(minutes=1), things.across_workspaces.delete_between
    moment = LONG_AGO.replace(microsecond=LONG_AGO.microsecond // 1000 * 1000)

    assert await between("settled", moment - minute, moment) == 0
    assert await between("settled", moment, moment + minute) == 1


def test_b6_every_date_is_gone_through_that_has_an_index_of_its_own(things_by_date):
    assert things_by_date.expiring == {"settled": TOMBSTONE_LIFE, "state.at": MONTH}


@pytest.fixture
def things_by_date(database):
    return things_of(database, Outbox("policy", Publisher()), kept=Expires("at", MONTH))


class Returning:
    """The driver's collection; what is found is back before it is deleted."""

    def __init__(self, raw):
        self._raw = raw

    def __getattr__(self, name):
        return getattr(self._raw, name)

    def find(self, *_):
        return self

    async def __aiter__(self):
        yield {"_id": "back"}
        await self._raw.update_one({"_id": "back"}, {"$unset": {"settled": ""}})


async def test_b6_what_comes_back_while_it_is_deleted_stays(things, database):
    await removed_long_ago(things, "back")
    raced = things_of({"things": Returning(database["things"])}, Outbox("policy", Publisher()))
    object.__setattr__(raced, "database", database)

    dates = LONG_AGO - timedelta(minutes=1), LONG_AGO + timedelta(minutes=1)
    assert await raced.across_workspaces.delete_between("settled", *dates) == 0

    assert await left(things) == ["back"]


@pytest.mark.timeout(60)
async def test_b6_a_service_that_is_told_to_deletes_what_expired(nats, mongodb):
    tested = service(nats.url, mongodb.url, deletes_expired=True)
    await removed_long_ago(tested.things, "long ago")

    async def gone():
        return await left(tested.things) == []

    async with running(tested.api):
        await eventually(gone, within_seconds=15)


@pytest.mark.timeout(120)
async def test_b6_a_backlog_keeps_no_other_query_waiting(things):
    """Of 5,000 documents, one a second, some hundreds at most are read at once."""
    expired = [
        {
            "_id": f"thing_{each}",
            "workspace_id": OURS,
            "settled": LONG_AGO + timedelta(seconds=each),
        }
        for each in range(-5_000, 0)
    ]
    for first in range(0, len(expired), 500):  # one of 5,000 may not be answered in time
        await things.database["things"].insert_many(expired[first : first + 500])
    read = Reads(things)

    await deleted(read, since=timedelta(hours=2))

    assert await left(things) == []
    assert max(read.found) <= 3 * AIM


class Reads:
    """The collection, and how many documents each span of its had."""

    def __init__(self, things):
        self._things = things
        self.found = []

    def __getattr__(self, name):
        return getattr(self._things, name)

    @property
    def across_workspaces(self):
        return self

    async def delete_between(self, *span):
        found = await self._things.across_workspaces.delete_between(*span)
        self.found.append(found)
        return found
