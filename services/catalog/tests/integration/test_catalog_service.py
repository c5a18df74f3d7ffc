"""GPTs on a real broker and database, as their builders see them."""

import json

import pytest
from catalog_platform import OWNER, STRANGER, USER

from contracts.facts import GptChanged

pytestmark = pytest.mark.integration


async def test_a_gpt_is_created_read_and_edited(platform):
    gpt_id = await platform.gpt(instructions="Be kind.", starters=["Is my cat ill?"])

    read = await platform.client.get(f"/v1/gpts/{gpt_id}", headers=OWNER)
    edited = await platform.client.patch(
        f"/v1/gpts/{gpt_id}",
        json={"name": " Vets "},
        headers={**OWNER, "if-match": read.headers["etag"]},
    )

    assert gpt_id.startswith("gpt_")
    assert read.json()["starters"] == ["Is my cat ill?"]
    assert (edited.json()["name"], edited.json()["instructions"]) == ("Vets", "Be kind.")
    assert edited.headers["etag"] == '"2"'
    assert [fact.revision for fact in await platform.published(GptChanged, gpt_id)] == [1, 2]


async def test_an_edit_that_changes_nothing_states_nothing(platform):
    gpt_id = await platform.gpt()

    edited = await platform.client.patch(f"/v1/gpts/{gpt_id}", json={"name": "Vet"}, headers=OWNER)

    assert edited.json()["revision"] == 1
    assert len(await platform.published(GptChanged, gpt_id)) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"name": ""}, "/body/name", id="empty name"),
        pytest.param({"name": "   "}, "/body/name", id="blank name"),
        pytest.param({"name": "n" * 51}, "/body/name", id="long name"),
        pytest.param({"name": "\ud800"}, "/body/name", id="lone surrogate"),
        pytest.param({"name": "a\0b"}, "/body/name", id="control character"),
        pytest.param({"name": "n", "description": "d" * 301}, "/body/description", id="describes"),
        pytest.param({"name": "n", "instructions": "i" * 32_001}, "/body/instructions", id="tells"),
        pytest.param({"name": "n", "starters": ["s"] * 13}, "/body/starters", id="starters"),
        pytest.param({"name": "n", "model": "m"}, "/body/model", id="unknown member"),
    ],
)
async def test_a_gpt_beyond_its_limits_is_refused_naming_the_member(platform, body, pointer):
    text = json.dumps(body)  # ASCII, so that it can hold what UTF-8 cannot
    headers = {**OWNER, "content-type": "application/json"}

    refused = await platform.client.post("/v1/gpts", content=text, headers=headers)

    assert refused.status_code == 422
    assert [finding["pointer"] for finding in refused.json()["findings"]] == [pointer]


async def test_a_gpt_at_its_limits_is_kept(platform):
    words = {"name": "ü" * 50, "description": "d" * 300, "instructions": "ü" * 32_000}

    gpt_id = await platform.gpt(**words, starters=["s"] * 12)

    read = (await platform.client.get(f"/v1/gpts/{gpt_id}", headers=OWNER)).json()
    assert {member: read[member] for member in words} == words


async def test_the_slower_of_two_editors_is_told(platform):
    gpt_id = await platform.gpt()
    seen = {**OWNER, "if-match": '"1"'}
    await platform.client.patch(f"/v1/gpts/{gpt_id}", json={"name": "First"}, headers=seen)

    for method, path, body in (
        ("PATCH", "", {"name": "Second"}),
        ("POST", "/actions", {"schema_id": "sch_1"}),
        ("POST", "/publish", {}),
        ("DELETE", "", None),
    ):
        late = await platform.client.request(
            method, f"/v1/gpts/{gpt_id}{path}", json=body, headers=seen
        )
        assert (late.status_code, late.json()["code"]) == (412, "platform.changed_meanwhile")


async def test_lists_are_paged_newest_first_and_searched_by_name(platform):
    ids = [await platform.gpt(name=name) for name in ("Weather", "Pets", "weather two")]

    first = (await platform.client.get("/v1/gpts?limit=2", headers=OWNER)).json()
    rest = await platform.client.get(
        "/v1/gpts", params={"limit": 2, "cursor": first["next_cursor"]}, headers=OWNER
    )
    found = (await platform.client.get("/v1/gpts", params={"q": "WEA"}, headers=OWNER)).json()
    theirs = (await platform.client.get("/v1/gpts", headers=STRANGER)).json()

    assert [item["id"] for item in first["items"] + rest.json()["items"]] == ids[::-1]
    assert rest.json()["next_cursor"] is None
    assert [item["name"] for item in found["items"]] == ["weather two", "Weather"]
    assert theirs["items"] == []


@pytest.mark.parametrize("query", ["q=%00", "q=" + "n" * 101, "limit=0", "limit=101", "cursor=A"])
async def test_a_list_that_cannot_be_asked_for_is_refused(platform, query):
    refused = await platform.client.get(f"/v1/gpts?{query}", headers=USER)

    assert refused.status_code == 422


async def test_users_read_and_only_builders_build(platform):
    gpt_id = await platform.gpt()

    for method, path in (
        ("POST", ""),
        ("PATCH", f"/{gpt_id}"),
        ("DELETE", f"/{gpt_id}"),
        ("POST", f"/{gpt_id}/actions"),
        ("POST", f"/{gpt_id}/publish"),
    ):
        refused = await platform.client.request(
            method, f"/v1/gpts{path}", json={"name": "n", "schema_id": "s"}, headers=USER
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "identity.scope_missing")


async def test_b2_whoever_may_not_use_a_gpt_does_not_find_it(platform):
    gpt_id = await platform.gpt()
    path = f"/v1/gpts/{gpt_id}"

    hidden = await platform.client.get(path, headers=USER)
    listed = {"members": [{"member_id": "mem_user", "level": "can_view"}]}
    shared = await platform.client.put(f"{path}/access", json=listed, headers=OWNER)
    seen = await platform.client.get(path, headers=USER)
    found = await platform.client.get("/v1/gpts", headers=USER)

    assert (hidden.status_code, hidden.json()["code"]) == (404, "catalog.gpt_not_found")
    assert (shared.status_code, shared.json()["owner"]) == (200, "mem_owner")
    assert (seen.status_code, [item["id"] for item in found.json()["items"]]) == (200, [gpt_id])


@pytest.mark.parametrize(
    "body",
    [
        {"members": [{"member_id": "m", "level": "can_fly"}]},
        {"members": [{"member_id": "m", "level": "can_chat"}] * 2},
        {"members": [{"member_id": f"m{each}", "level": "can_chat"} for each in range(501)]},
        {"sharing": "friends"},
        {"owner": ""},
        {"everybody": True},
    ],
)
async def test_access_that_makes_no_sense_is_refused(platform, body):
    gpt_id = await platform.gpt()

    refused = await platform.client.put(f"/v1/gpts/{gpt_id}/access", json=body, headers=OWNER)

    assert refused.status_code == 422
