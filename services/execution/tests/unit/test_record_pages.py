"""How far back a page of the audit trail looks: the embedded database reads all that it may match.

The driver's collection is in memory here, and notes what it is asked for.
"""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.ids import least_id, made_at
from execution_service.adapters.mongo_records import LOOK_BACK, RECORDS, MongoRecords, RecordState
from kit.outbox import Outbox
from kit.testing import RecordedFacts

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AFTER = least_id("inv", NOON)


class Database:
    """The driver's, with one collection that finds as many documents as a test says."""

    codec_options = None

    def __init__(self):
        self.holds = 0
        self.asked = []

    def __getitem__(self, name):
        return self

    def find(self, wanted, members):
        self.asked.append(wanted["_id"])
        return self

    def sort(self, *_):
        return self

    def limit(self, _):
        return self

    async def __aiter__(self):
        state = RECORDS.write(RecordState(None, "started", "gpt_1", "addPet", "mem_1", NOON))
        for number in range(self.holds):
            yield {"_id": f"inv_{number}", "workspace_id": "ws", "revision": 1, "state": state}

    @property
    def looked_back(self):
        """How far each question went; None for one without a limit."""
        oldest = [wanted.get("$gte") for wanted in self.asked]
        return [None if id_ is None else NOON - made_at(id_) for id_ in oldest]


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def records(database):
    return MongoRecords(database, Outbox("execution", RecordedFacts()), timedelta(days=365))


async def test_a13_a_page_that_the_last_minute_fills_reads_nothing_older(database, records):
    database.holds = 3

    assert len(await records.page("ws", 2, AFTER)) == 3

    assert database.looked_back == [timedelta(minutes=1)]


async def test_a13_a_page_that_is_not_full_looks_back_further_each_time_and_in_the_end_at_all(
    database, records
):
    database.holds = 2

    assert len(await records.page("ws", 2, AFTER)) == 2

    assert database.looked_back == [*LOOK_BACK, None]
    assert sorted(LOOK_BACK) == [*LOOK_BACK]
