"""What auth makes of catalog's answer."""

from dataclasses import dataclass
from typing import Any

import pytest

from auth_service.adapters.bus_actions import BusActions
from auth_service.domain.action_hosts import ActionHosts, KeptSet
from contracts.requests import ActionOrigins

ANSWER = {
    "gpt_id": "gpt_1",
    "action_id": "act_1",
    "schema_id": "sch_1",
    "origins": ["https://b.example:443", "https://A.example", "https://a.example"],
}


@dataclass
class Bus:
    answer: dict[str, Any]

    async def ask(self, question):
        return ActionOrigins.model_validate(self.answer)


async def hosts_of(**more):
    return await BusActions(Bus(ANSWER | more)).hosts("ws_1", "act_1")


async def test_origins_come_in_their_canonical_spelling_each_once():
    hosts = await hosts_of(
        published_origins=["https://C.example"],
        kept=[{"origin_set": "0" * 64, "versions": [2, 1]}],
        gpt_name="Vet",
    )

    assert hosts == ActionHosts(
        ("https://a.example", "https://b.example"),
        ("https://c.example",),
        (KeptSet("0" * 64, (2, 1)),),
        gpt_id="gpt_1",
        gpt_name="Vet",
    )


@pytest.mark.parametrize("published", [None, []])
async def test_what_is_not_published_calls_nothing(published):
    hosts = await hosts_of(published_origins=published, kept=[])

    assert (hosts.published_set, hosts.releases_known) == ("", True)


async def test_a_catalog_of_the_release_before_says_nothing_of_releases():
    assert not (await hosts_of()).releases_known
