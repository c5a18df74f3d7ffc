"""What belongs to others looks exactly like what never was."""

import pytest
from catalog_platform import OWNER, PETS, STRANGER, without_trace

from contracts.errors import NotFound
from contracts.requests import ReadAction, ReadGpt

pytestmark = pytest.mark.integration


async def test_a_foreign_schema_is_answered_as_an_unknown_one(platform):
    platform.schemas.known[("ws_theirs", "sch_theirs")] = PETS
    gpt_id = await platform.gpt()

    foreign = await platform.bind(gpt_id, schema_id="sch_theirs")
    unknown = await platform.bind(gpt_id, schema_id="sch_nobodys")

    assert foreign.status_code == 404
    assert without_trace(foreign) == without_trace(unknown)


ROUTES = [
    ("GET", "", None),
    ("PATCH", "", {"name": "n"}),
    ("DELETE", "", None),
    ("POST", "/actions", {"schema_id": "sch_1"}),
    ("PUT", "/actions/{action_id}", {"schema_id": "sch_1"}),
    ("DELETE", "/actions/{action_id}", None),
    ("POST", "/publish", {"sharing": "private"}),
    ("GET", "/versions", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_a_foreign_gpt_is_answered_as_an_unknown_one(platform, method, path, body):
    gpt_id = await platform.gpt()
    filled = path.format(action_id=await platform.action(gpt_id))
    await platform.publish(gpt_id)

    answers = [
        await platform.client.request(
            method, f"/v1/gpts/{id_}{filled}", json=body, headers=STRANGER
        )
        for id_ in (gpt_id, "gpt_01JD000000000000000000000")
    ]

    assert answers[0].json()["code"] == "catalog.gpt_not_found"
    assert without_trace(answers[0]) == without_trace(answers[1])
    assert answers[0].status_code == 404


@pytest.mark.parametrize(("method", "body"), [("PUT", {"schema_id": "sch_1"}), ("DELETE", None)])
async def test_an_action_of_another_gpt_is_answered_as_an_unknown_one(platform, method, body):
    gpt_id, other = await platform.gpt(), await platform.gpt()
    elsewhere = await platform.action(other)

    answers = [
        await platform.client.request(
            method, f"/v1/gpts/{gpt_id}/actions/{id_}", json=body, headers=OWNER
        )
        for id_ in (elsewhere, "act_01JD000000000000000000000")
    ]

    assert answers[0].json()["code"] == "catalog.action_not_found"
    assert without_trace(answers[0]) == without_trace(answers[1])


async def test_neighbours_cannot_tell_foreign_unpublished_and_unknown_apart(platform):
    published, draft = await platform.gpt(), await platform.gpt()
    action_id = await platform.action(published)
    await platform.publish(published)

    gpts = [
        await refusal_of(platform, ReadGpt(workspace_id=workspace, gpt_id=gpt_id))
        for workspace, gpt_id in (
            ("ws_theirs", published),
            ("ws_ours", draft),
            ("ws_ours", "gpt_01JD000000000000000000000"),
        )
    ]
    actions = [
        await refusal_of(platform, ReadAction(workspace_id=workspace, action_id=id_))
        for workspace, id_ in (("ws_theirs", action_id), ("ws_ours", "act_0"))
    ]

    assert {refusal[0] for refusal in gpts} == {"catalog.gpt_not_found"}
    assert {refusal[0] for refusal in actions} == {"catalog.action_not_found"}
    assert len({*gpts}) == len({*actions}) == 1


async def refusal_of(platform, request):
    with pytest.raises(NotFound) as refused:
        await platform.bus.ask(request)
    error = refused.value
    return error.code, error.sentence, error.hint, error.findings
