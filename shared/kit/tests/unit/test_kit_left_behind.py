"""The sweep's age is the database's: a service's clock may be wrong."""

from datetime import UTC, datetime, timedelta

from kit.outbox import GRACE, Outbox
from shared.kit.tests.kit_fakes import Publisher
from shared.kit.tests.kit_things import things_of

DATABASES_TIME = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)


def left(id_, ago):
    return {"_id": id_, "outbox": [], "outbox_since": DATABASES_TIME - ago}


class Database:
    """The driver's, with one collection of these documents."""

    codec_options = None

    def __init__(self, *waiting):
        self.waiting = waiting
        self.asked_for_time = 0

    def __getitem__(self, name):
        return self

    async def command(self, name, codec_options):
        assert (name, codec_options) == ("hello", self.codec_options)
        self.asked_for_time += 1
        return {"localTime": DATABASES_TIME.replace(tzinfo=None)}

    def find(self, wanted, members):
        [(member, _)] = wanted.items()
        assert member in members
        return self

    def sort(self, member, direction):
        self.waiting = sorted(self.waiting, key=lambda each: each[member], reverse=direction < 0)
        return self

    def batch_size(self, _):
        return self

    async def __aiter__(self):
        for document in self.waiting:
            yield document


async def ids_of(database, grace):
    things = things_of(database, Outbox("policy", Publisher()))
    return [document["_id"] async for document in things.left_behind(grace)]


async def test_b4_what_waits_too_long_is_found_by_the_databases_clock():
    database = Database(left("new", GRACE - timedelta(milliseconds=1)), left("old", GRACE))

    assert await ids_of(database, GRACE) == ["old"]
    assert await ids_of(database, timedelta(0)) == ["old", "new"]


async def test_the_databases_clock_is_asked_once_a_sweep_and_only_where_something_waits():
    idle, busy = Database(), Database(left("a", GRACE), left("b", GRACE))

    assert await ids_of(idle, GRACE) == []
    assert await ids_of(busy, GRACE) == ["a", "b"]

    assert (idle.asked_for_time, busy.asked_for_time) == (0, 1)
