"""A write whose answer was lost and that was sent again finds its own result, and is told it."""

import pytest

from kit import mongo
from kit.documents import Overtaken
from kit.errors import NotInForce, WriteUnconfirmed
from kit.mongo import Taken
from kit.outbox import Outbox
from kit.workspace_documents import REMEMBERED_WRITES
from shared.kit.tests.kit_fakes import Publisher, domains_changed
from shared.kit.tests.kit_things import OURS, THEIRS, Thing, things_of

pytestmark = pytest.mark.integration
WRITE = "find_one_and_update"


class SentAgain:
    """A database in front of the real one that makes a write twice and answers to the second.

    So does the driver where the connection broke before the answer, with a server that does not
    know the write again. `between` is what others do meanwhile.
    """

    def __init__(self, database):
        self._database = database
        self.between = None
        self.command = database.command

    def __getitem__(self, name):
        return _SentAgain(self, self._database[name])


class _SentAgain:
    def __init__(self, database, collection):
        self._database, self._collection = database, collection

    def __getattr__(self, name):
        return getattr(self._collection, name)

    async def find_one_and_update(self, *arguments, **options):
        between, self._database.between = self._database.between, None
        if between is not None:
            await self._collection.find_one_and_update(*arguments, **options)
            await between()
        return await self._collection.find_one_and_update(*arguments, **options)


class Away:
    """Reads of this collection find no database."""

    def __init__(self, collection):
        self._collection = collection

    def __getattr__(self, name):
        return getattr(self._collection, name)

    async def find_one(self, *_, **__):
        raise mongo.AutoReconnect


async def nobody():
    """Does anything meanwhile."""


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
def again(database):
    return SentAgain(database)


@pytest.fixture
async def things(again, publisher):
    things = things_of(again, Outbox("policy", publisher))
    await things.ensure_indexes()
    return things


@pytest.fixture
def ours(things):
    return things.within(OURS)


async def test_a_change_that_was_made_and_sent_again_is_a_success(again, ours, publisher):
    seen = await ours.add("thing_1", Thing("a"))
    again.between = nobody

    changed = await ours.change(seen, Thing("b"), domains_changed(1))

    assert changed.revision == 2
    assert await ours.read("thing_1") == changed
    assert [fact.revision for fact in publisher.published] == [1]


async def test_what_was_added_and_sent_again_is_a_success(again, ours, publisher):
    again.between = nobody

    added = await ours.add("thing_1", Thing("a"), domains_changed(1))

    assert added.revision == 1
    assert await ours.read("thing_1") == added
    assert [fact.revision for fact in publisher.published] == [1]


async def test_what_was_removed_and_sent_again_is_a_success(again, ours, publisher):
    seen = await ours.add("thing_1", Thing("a"))
    again.between = nobody

    await ours.remove(seen, domains_changed(1))

    assert await ours.find("thing_1") is None
    assert [fact.revision for fact in publisher.published] == [1]


async def test_a_change_that_another_one_followed_is_a_success_of_its_own_revision(
    again, ours, publisher
):
    seen = await ours.add("thing_1", Thing("a"))

    async def another():
        await ours.change(await ours.read("thing_1"), Thing("c"), domains_changed(2))

    again.between = another
    changed = await ours.change(seen, Thing("b"), domains_changed(1))

    assert changed.revision == 2
    assert (await ours.read("thing_1")).state == Thing("c")
    revisions = [fact.revision for fact in publisher.published]
    assert list(dict.fromkeys(revisions)) == [1, 2], "in their order; each at least once"


async def test_a_change_that_more_followed_than_are_remembered_is_overtaken(again, ours):
    seen = await ours.add("thing_1", Thing("a"))

    async def others():
        for number in range(REMEMBERED_WRITES):
            await ours.change(await ours.read("thing_1"), Thing(f"n{number}"))

    again.between = others
    with pytest.raises(Overtaken):
        await ours.change(seen, Thing("b"))


async def test_a_change_sent_again_whose_fact_is_not_out_is_not_in_force(again, ours, publisher):
    seen = await ours.add("thing_1", Thing("a"))
    publisher.away = True
    again.between = nobody

    with pytest.raises(NotInForce) as refused:
        await ours.change(seen, Thing("b"), domains_changed(1))

    assert refused.value.revision == 2


async def test_where_nobody_can_say_whether_it_was_made_the_write_is_unconfirmed(
    again, things, ours
):
    seen = await ours.add("thing_1", Thing("a"))
    again.between = nobody
    object.__setattr__(things, "_raw", Away(things._raw))

    with pytest.raises(WriteUnconfirmed):
        await ours.change(seen, Thing("b"))


async def test_only_ones_own_write_counts_as_made(again, things, ours):
    await ours.add("thing_1", Thing("a"))

    with pytest.raises(Taken):
        await ours.add("thing_1", Thing("a"))
    with pytest.raises(Taken):
        await ours.add("thing_2", Thing("a"))
    again.between = nobody
    with pytest.raises(Taken):
        await things.within(THEIRS).add("thing_1", Thing("b"))


async def test_a_document_remembers_few_writes(database, ours):
    stored = await ours.add("thing_1", Thing("a"))
    for number in range(REMEMBERED_WRITES + 2):
        stored = await ours.change(stored, Thing(f"n{number}"))

    document = await database["things"].find_one({"_id": "thing_1"})

    revisions = [write["revision"] for write in document["writes"]]
    assert revisions == [*range(stored.revision - REMEMBERED_WRITES + 1, stored.revision + 1)]


async def test_a_write_whose_answer_the_network_lost_is_a_success(mongodb, link_to):
    """With the driver's own second attempt: it gives a shorter time than the first, by which the
    embedded database takes it for another write.
    """
    link = link_to(mongodb.port)
    client = mongo.connect(f"mongodb://127.0.0.1:{link.port}/?directConnection=true")
    ours = things_of(client["kit"], Outbox("policy", Publisher())).within(OURS)
    seen = await ours.add("thing_1", Thing("a"))
    link.lose_answer_to(b"findAndModify")

    changed = await ours.change(seen, Thing("b"))
    client.close()

    assert link.lost_answer
    assert changed.revision == 2
