"""Binding schemas to actions, on a real broker and database."""

import pytest
from catalog_platform import OWNER, POLICY

from contracts.requests import ReadAction

pytestmark = pytest.mark.integration


async def test_an_action_offers_all_that_is_ready_under_an_id_of_its_own(platform):
    gpt_id = await platform.gpt()

    bound = await platform.bind(gpt_id, privacy_policy_url=POLICY)

    action = bound.json()
    assert bound.status_code == 201
    assert action.pop("id").startswith("act_")
    assert action == {
        "gpt_id": gpt_id,
        "name": "Pets",
        "schema_id": "sch_1",
        "operations": ["getPet", "addPet"],
        "origins": ["https://api.example.com"],
        "privacy_policy_url": POLICY,
        "base_url": None,
        "server_variables": {},
        "revision": 2,
        "warnings": [],
    }


async def test_a_rebound_action_keeps_its_id_and_is_replaced(platform):
    gpt_id = await platform.gpt()
    action_id = await platform.action(gpt_id)

    rebound = await platform.client.put(
        f"/v1/gpts/{gpt_id}/actions/{action_id}",
        json={"schema_id": "sch_1", "operations": ["addPet", "addPet"], "name": "Mine"},
        headers=OWNER,
    )

    read = (await platform.client.get(f"/v1/gpts/{gpt_id}", headers=OWNER)).json()
    assert rebound.status_code == 200
    assert [(action["id"], action["operations"]) for action in read["actions"]] == [
        (action_id, ["addPet"])
    ]


async def test_operations_that_cannot_be_bound_are_each_named(platform):
    gpt_id = await platform.gpt()

    refused = await platform.bind(gpt_id, operations=["getPet", "broken", "nothing"])

    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.operations_unusable")
    named = [finding["operation"] for finding in refused.json()["findings"]]
    assert named == ["broken", "nothing"]


async def test_more_than_ten_actions_are_refused(platform):
    gpt_id = await platform.gpt()
    for _ in range(10):
        await platform.action(gpt_id, operations=["getPet"])

    refused = await platform.bind(gpt_id, operations=["getPet"])

    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.too_many_actions")


async def test_more_operations_than_a_gpt_may_offer_are_refused_before_anybody_is_asked(platform):
    gpt_id = await platform.gpt()

    refused = await platform.bind(gpt_id, operations=[f"op{number}" for number in range(129)])

    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.too_many_operations")


async def test_an_actions_origins_are_answered_from_its_draft(platform):
    gpt_id = await platform.gpt()
    action_id = await platform.action(gpt_id)

    origins = await platform.bus.ask(ReadAction(workspace_id="ws_ours", action_id=action_id))

    assert (origins.gpt_id, origins.schema_id) == (gpt_id, "sch_1")
    assert origins.gpt_name == "Vet"
    assert origins.origins == ("https://api.example.com",)
