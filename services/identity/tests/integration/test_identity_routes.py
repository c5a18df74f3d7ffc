"""Lists, and what the operator does with workspaces, over HTTP (T9, T10)."""

import pytest

from services.identity.tests.operating import OPERATOR_TOKEN, bearer

pytestmark = pytest.mark.integration
OPERATOR = bearer(OPERATOR_TOKEN)


async def test_t9_the_operator_lists_reads_closes_and_restores_workspaces(start):
    async with start(operator_token=OPERATOR_TOKEN) as (client, [ours]):
        made = await client.post("/v1/workspaces", json={"title": "Acme"}, headers=OPERATOR)
        path = f"/v1/workspaces/{made.json()['id']}"
        first = await client.get("/v1/workspaces?limit=1", headers=OPERATOR)
        cursor = first.json()["next_cursor"]
        rest = await client.get(f"/v1/workspaces?limit=1&cursor={cursor}", headers=OPERATOR)
        found = await client.get("/v1/workspaces?q=ACM", headers=OPERATOR)
        wrong = await client.request("DELETE", path, json={"title": "acme"}, headers=OPERATOR)
        closed = await client.request("DELETE", path, json={"title": "Acme"}, headers=OPERATOR)
        read = await client.get(path, headers=OPERATOR)
        restored = await client.post(f"{path}/restore", headers=OPERATOR)
        unknown = await client.get("/v1/workspaces/ws_0", headers=OPERATOR)
        theirs = [await client.get(each, headers=bearer(ours)) for each in (path, "/v1/workspaces")]

    assert [item["title"] for item in first.json()["items"]] == ["Acme"]
    assert (len(rest.json()["items"]), rest.json()["next_cursor"]) == (1, None)
    assert found.json()["items"] == [
        {"id": made.json()["id"], "title": "Acme", "closing_until": None}
    ]
    assert (wrong.status_code, closed.status_code) == (422, 200)
    assert closed.json()["closing_until"] is not None
    assert read.json() == closed.json()
    assert restored.json() == found.json()["items"][0]
    assert unknown.status_code == 404
    assert [answer.status_code for answer in theirs] == [401, 401]


async def test_t10_a_list_item_is_the_object(platform):
    client, owner = platform
    for path in ("/v1/members", "/v1/tokens"):
        [item] = (await client.get(path, headers=owner)).json()["items"]

        read = (await client.get(f"{path}/{item['id']}", headers=owner)).json()

        item.pop("last_used_at", None)  # written after the answer
        read.pop("last_used_at", None)
        assert read == item


async def test_t9_members_and_tokens_are_filtered(platform):
    client, owner = platform
    body = {"name": "Ada", "role": "user"}
    ada = (await client.post("/v1/members", json=body, headers=owner)).json()["id"]
    token = {"name": "ci", "member_id": ada}
    await client.post("/v1/tokens", json=token, headers=owner)

    async def names(path):
        return [item["name"] for item in (await client.get(path, headers=owner)).json()["items"]]

    assert await names("/v1/members?role=user") == ["Ada"]
    assert await names("/v1/members?q=aDA") == ["Ada"]
    assert await names(f"/v1/tokens?member_id={ada}") == ["ci"]
    assert await names("/v1/tokens?q=CI") == ["ci"]
    refused = await client.get("/v1/members?role=king", headers=owner)
    assert refused.status_code == 422


@pytest.mark.parametrize("path", ["/v1/members", "/v1/tokens", "/v1/workspaces"])
async def test_t9_a_cursor_that_nobody_made_is_refused_with_a_sentence(start, path):
    async with start(operator_token=OPERATOR_TOKEN) as (client, [ours]):
        headers = OPERATOR if path == "/v1/workspaces" else bearer(ours)
        refused = await client.get(f"{path}?cursor=%F0", headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (422, "platform.cursor_invalid")


async def test_t10_a_member_keeps_what_an_edit_does_not_name_and_null_is_refused(platform):
    client, owner = platform
    body = {"name": "Ada", "role": "user"}
    ada = (await client.post("/v1/members", json=body, headers=owner)).json()["id"]

    async def edit(**body):
        return await client.patch(f"/v1/members/{ada}", json=body, headers=owner)

    renamed, raised = await edit(name="Ada L."), await edit(role="builder")
    refused = await edit(name=None)

    assert (renamed.json()["name"], renamed.json()["role"]) == ("Ada L.", "user")
    assert (raised.json()["name"], raised.json()["role"]) == ("Ada L.", "builder")
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["findings"]] == ["/body/name"]
