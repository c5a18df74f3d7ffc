"""The sweep's age is the database's: a service's clock may be wrong."""

from datetime import UTC, datetime, timedelta

from kit.outbox import GRACE, Outbox
from shared.kit.tests.kit_fakes import Publisher
from shared.kit.tests.kit_things import things_of

DATABASES_TIME = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)


class Database:
    """The driver's, with one collection that is empty and notes what it was asked for."""

    codec_options = None

    def __init__(self):
        self.asked = []

    def __getitem__(self, name):
        return self

    async def command(self, name, codec_options):
        assert (name, codec_options) == ("hello", self.codec_options)
        return {"localTime": DATABASES_TIME.replace(tzinfo=None)}

    def find(self, wanted, members):
        self.asked.append(wanted)
        return self

    def sort(self, *_):
        return self

    def batch_size(self, _):
        return self

    async def __aiter__(self):
        for nothing in ():
            yield nothing


async def test_b4_what_waits_too_long_is_judged_by_the_databases_clock():
    database = Database()
    things = things_of(database, Outbox("policy", Publisher()))

    for grace in (GRACE, timedelta(0)):
        assert [left async for left in things.left_behind(grace)] == []

    assert [wanted["outbox_since"]["$lte"] for wanted in database.asked] == [
        DATABASES_TIME - GRACE,
        DATABASES_TIME,
    ]
