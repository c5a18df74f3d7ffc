"""Users under `/scim/v2`: what Entra, Okta and hostile directories send."""

from functools import partial

import pytest

from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from services.identity.tests.scim_platform import PATCH, USER, Directory, provisioning_token

pytestmark = pytest.mark.integration
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
async def ours(platform):
    client, owner = platform
    directory = Directory(client, await provisioning_token(client, owner))
    directory.owner = owner
    directory.api = partial(_api, client, owner)
    return directory


async def _api(client, owner, method, path, body=None):
    return await client.request(method, path, json=body, headers=owner)


def found(answer):
    status, body = answer
    assert status == 200, body
    return [each["userName"] for each in body["Resources"]]


async def test_a_user_is_added_found_changed_and_removed(ours):
    ada = await ours.user(
        "Ada@Example.com",
        externalId="E-1",
        name={"givenName": "Ada", "familyName": "Lovelace"},
        emails=[{"value": "ada@example.com", "type": "work", "primary": True}],
    )
    path = f"/Users/{ada['id']}"

    assert (ada["active"], ada["meta"]["version"]) == (True, 'W/"1"')
    member = (await ours.api("GET", f"/v1/members/{ada['id']}")).json()
    assert (member["name"], member["role"]) == ("Ada Lovelace", "user")
    for text in (
        'userName eq "aDA@example.com"',
        'externalId eq "E-1"',
        f'id eq "{ada["id"]}"',
        'emails.value eq "ADA@example.com"',
        'emails[type eq "work"].value eq "ada@example.com"',
        'externalId eq "E-1" and active eq true',
        f'{USER}:userName eq "ada@example.com"',
    ):
        assert found(await ours.get(f"/Users?filter={text}")) == ["Ada@Example.com"], text
    for text in (
        'userName eq "grace@example.com"',
        'externalId eq "e-1"',
        'externalId eq "E-1" and active eq false',
        'emails[type eq "home"].value eq "ada@example.com"',
    ):
        assert found(await ours.get(f"/Users?filter={text}")) == [], text

    replaced = {"schemas": [USER], "userName": "ada@example.com", "displayName": "A. L."}
    status, user = await ours.put(path, replaced)
    assert (status, user["displayName"], user["meta"]["version"]) == (200, "A. L.", 'W/"2"')
    assert "externalId" not in user
    assert (await ours.delete(path))[0] == 204
    assert (await ours.get(path))[0] == 404
    assert (await ours.api("GET", f"/v1/members/{ada['id']}")).status_code == 404


async def test_entra_s_and_okta_s_patches_mean_what_they_mean(ours):
    ada = await ours.user("ada@example.com")
    path = f"/Users/{ada['id']}"

    async def patched(*operations):
        status, user = await ours.patched(path, *operations)
        assert status == 200, user
        return user

    user = await patched(
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "a@example.com"},
        {"op": "Replace", "path": "name.givenName", "value": "Ada"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Engines"},
        {"op": "Replace", "path": 'phoneNumbers[type eq "mobile"].value', "value": "1"},
    )
    assert user["emails"] == [{"value": "a@example.com", "type": "work"}]
    assert user["name"] == {"givenName": "Ada"}
    user = await patched({"op": "Replace", "path": "active", "value": "False"})
    assert user["active"] is False
    user = await patched({"op": "replace", "value": {"active": True, "id": ada["id"]}})
    assert user["active"] is True
    user = await patched(
        {"op": "replace", "value": {"name.familyName": "L", "title": "x", "displayName": "Ada"}}
    )
    assert (user["name"]["familyName"], user["displayName"]) == ("L", "Ada")
    user = await patched({"op": "Add", "path": 'roles[primary eq "True"].value', "value": "Admin"})
    assert user["roles"] == [{"value": "admin", "primary": True}]
    assert (await ours.api("GET", f"/v1/members/{ada['id']}")).json()["role"] == "admin"
    user = await patched({"op": "remove", "path": "roles"})
    assert (await ours.api("GET", f"/v1/members/{ada['id']}")).json()["role"] == "user"


async def test_a_bulk_of_one_is_carried_out_and_of_two_refused(ours):
    schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    data = {"schemas": [USER], "userName": "ada@example.com"}
    one = {"method": "POST", "path": "/Users", "bulkId": "b1", "data": data}

    _, answer = await ours.post("/Bulk", {"schemas": schemas, "Operations": [one]})
    _, again = await ours.post("/Bulk", {"schemas": schemas, "Operations": [one]})
    status, refused = await ours.post("/Bulk", {"schemas": schemas, "Operations": [one, one]})

    [made], [taken] = answer["Operations"], again["Operations"]
    assert (made["status"], made["bulkId"]) == ("201", "b1")
    id_ = made["location"].rpartition("/")[2]
    assert (taken["status"], taken["response"]["scimType"]) == ("409", "uniqueness")
    assert (status, refused["status"]) == (413, "413")
    off = {"op": "replace", "path": "active", "value": False}
    patch = {"schemas": [PATCH], "Operations": [off]}
    for method, data, expected in (("PATCH", patch, "200"), ("DELETE", None, "204")):
        operation = {"method": method, "path": f"/Users/{id_}", "data": data}
        _, done = await ours.post("/Bulk", {"schemas": schemas, "Operations": [operation]})
        assert done["Operations"][0]["status"] == expected
    assert (await ours.get(f"/Users/{id_}"))[0] == 404


async def test_a_post_that_is_repeated_is_a_conflict_and_leads_to_who_is_there(ours):
    ada = await ours.user("ada@example.com")

    status, refused = await ours.post("/Users", {"schemas": [USER], "userName": "ADA@example.com"})

    assert (status, refused["status"], refused["scimType"]) == (409, "409", "uniqueness")
    assert "(identity.user_name_taken)" in refused["detail"]
    _, body = await ours.get('/Users?filter=userName eq "ADA@example.com"')
    assert [each["id"] for each in body["Resources"]] == [ada["id"]]


async def test_lists_have_parts(ours):
    for number in range(5):
        await ours.user(f"u{number}@example.com")

    _, first = await ours.get("/Users?startIndex=1&count=2")
    _, last = await ours.get("/Users?startIndex=5&count=10&attributes=userName")
    _, none = await ours.get("/Users?count=0")

    assert (first["totalResults"], first["itemsPerPage"], first["startIndex"]) == (5, 2, 1)
    assert [each["userName"] for each in first["Resources"]] == [
        "u0@example.com",
        "u1@example.com",
    ]
    [only] = last["Resources"]
    assert {*only} == {"schemas", "id", "userName"}
    assert (none["totalResults"], none["Resources"]) == (5, [])


async def test_a_version_that_is_no_longer_so_is_refused(ours):
    ada = await ours.user("ada@example.com")
    path, name = f"/Users/{ada['id']}", {"op": "replace", "path": "displayName", "value": "A"}
    old = {"if-match": 'W/"1"'}

    assert (await ours.get(path, headers={"if-none-match": 'W/"1"'}))[0] == 304
    assert (await ours.patched(path, name, headers=old))[0] == 200
    changed = {**name, "value": "B"}
    status, refused = await ours.patched(path, changed, headers=old)
    assert (status, refused["status"]) == (412, "412")
    assert (await ours.delete(path, headers=old))[0] == 412


@pytest.mark.parametrize(
    "text",
    [
        'userName sw "a"',
        "userName pr",
        'not (userName eq "a")',
        'userName eq "a" or userName eq "b"',
        'displayName eq "a"',
        "userName eq 1",
        'userName eq {"$ne": null}',
        'userName[$where eq "1"]',
        'password eq "x"',
        'userName eq "' + "a" * 500 + '"',
        "(" * 250 + 'id eq "a"' + ")" * 200,
        " and ".join(['id eq "a"'] * 11),
        "userName eq",
    ],
)
async def test_h99_filters_are_bounded_and_compare_with_texts(ours, text):
    await ours.user("ada@example.com")

    status, refused = (
        await ours.get("/Users", headers=None)
        if False
        else await ours.ask("GET", f"/Users?filter={text.replace('$', '%24')}")
    )

    assert (status, refused["scimType"]) == (400, "invalidFilter"), refused
    assert refused["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


@pytest.mark.parametrize("value", ["$ne", ".*", "^", '{"$gt": ""}', "a\\u0000"])
async def test_h99_what_looks_like_an_operator_is_a_text(ours, value):
    await ours.user("ada@example.com", externalId="x")
    escaped = value.replace('"', '\\"').replace("$", "%24")

    for name in ("userName", "externalId", "emails.value", "id"):
        status, body = await ours.get(f'/Users?filter={name} eq "{escaped}"')
        assert (status, body["totalResults"]) == (200, 0)


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "replace", "path": "userName", "value": {"$ne": None}}, "invalidValue"),
        ({"op": "replace", "path": "userName", "value": " "}, "invalidValue"),
        ({"op": "replace", "path": "userName", "value": "a\n"}, "invalidValue"),
        ({"op": "replace", "path": "userName", "value": "a" * 400}, "invalidValue"),
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "replace", "path": "id", "value": "mem_1"}, "mutability"),
        ({"op": "replace", "path": "groups", "value": []}, "mutability"),
        ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
        ({"op": "move", "path": "active", "value": True}, "invalidValue"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "replace", "path": "roles", "value": [{"value": "king"}]}, "invalidValue"),
        ({"op": "add", "path": "emails[", "value": "x"}, "invalidPath"),
        ({"op": "add", "path": "e" * 600, "value": "x"}, "invalidSyntax"),
    ],
)
async def test_a_patch_that_cannot_be_is_refused_in_scims_words(ours, operation, scim_type):
    ada = await ours.user("ada@example.com")

    status, refused = await ours.patched(f"/Users/{ada['id']}", operation)

    assert (status, refused.get("scimType")) == (400, scim_type), refused
    assert "pydantic" not in refused["detail"]
    assert (await ours.get(f"/Users/{ada['id']}"))[1] == ada


async def test_bodies_are_bounded_and_json(ours):
    async def sent(content, type_="application/scim+json"):
        headers = {**ours.headers, "content-type": type_}
        answer = await ours.client.post("/scim/v2/Users", content=content, headers=headers)
        assert answer.headers["content-type"] == "application/scim+json"
        return answer.status_code, answer.json().get("scimType")

    assert await sent(b"{") == (400, "invalidSyntax")
    assert await sent(b"[]") == (400, "invalidSyntax")
    assert await sent(b"{}", "text/plain") == (415, None)
    assert await sent(b'{"a": ' + b"[" * 5_000) == (400, "invalidSyntax")
    assert await sent(b"{" + b" " * 300_000 + b"}") == (413, None)
    as_json = b'{"schemas": ["%s"], "userName": "a"}' % USER.encode()
    assert await sent(as_json, "application/json") == (201, None)
    assert (await ours.patched("/Users/mem_1", *[{"op": "remove"}] * 101))[0] == 400


async def test_whoever_was_invited_by_hand_is_taken_over_with_their_role(ours):
    status, made = await ours.post("/Users", {"schemas": [USER], "userName": "hand"})
    assert status == 201
    admin = {"role": "admin"}
    assert (await ours.api("PATCH", f"/v1/members/{made['id']}", admin)).status_code == 200

    renamed = {"op": "replace", "path": "displayName", "value": "By hand"}
    assert (await ours.patched(f"/Users/{made['id']}", renamed))[0] == 200

    assert (await ours.api("GET", f"/v1/members/{made['id']}")).json()["role"] == "admin"


async def test_a_405_of_scim_names_the_methods_and_a_wrong_path_leads_to_scim(ours):
    async def refused(method, path):
        return await ours.client.request(method, path, headers=ours.headers)

    for path, allowed in (
        ("/scim/v2/Users", "GET, HEAD, POST"),
        ("/scim/v2/Groups/grp_1", "DELETE, GET, HEAD, PATCH, PUT"),
        ("/scim/v2/Schemas", "GET, HEAD"),
    ):
        answer = await refused("DELETE" if path.count("/") == 3 else "POST", path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        head = await refused("HEAD", path)
        assert head.status_code == (404 if "grp_1" in path else 200)
    for path in ("/scim/v2/Nothing", "/scim/Users", "/scim/v1/Users", "/scim/v2/Users/a/b"):
        answer = await refused("GET", path)
        assert answer.status_code == 404
        assert "/scim/v2/Users" in answer.json()["detail"]
        assert "/v1/;" not in answer.json()["detail"]


async def test_a_token_without_the_scope_and_a_request_without_a_token_are_refused(ours):
    for headers, expected in ((ours.owner, 403), ({}, 401), (bearer("oat_x"), 401)):
        stranger = Directory(ours.client, headers)
        for path in ("/Users", "/Schemas", "/ServiceProviderConfig", "/Nothing"):
            status, refused = await stranger.get(path)
            assert (status, refused["status"]) == (expected, str(expected))
            assert refused["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


async def test_the_scope_is_only_in_tokens_that_name_it(ours):
    made = await ours.api("POST", "/v1/tokens", {"name": "all"})
    assert (await Directory(ours.client, bearer(made.json()["token"])).get("/Users"))[0] == 403
    builder = (await ours.api("POST", "/v1/members", {"name": "B", "role": "builder"})).json()
    wanted = {"name": "x", "member_id": builder["id"], "scopes": ["members:provision"]}

    refused = await ours.api("POST", "/v1/tokens", wanted)

    assert (refused.status_code, refused.json()["code"]) == (403, "identity.scopes_exceeded")


async def test_nobody_rises_above_the_role_behind_the_token_and_an_owner_stays(ours):
    admin = Directory(ours.client, await provisioning_token(ours.client, ours.owner, role="admin"))
    king = {"schemas": [USER], "userName": "k", "roles": [{"value": "owner", "primary": True}]}

    status, refused = await admin.post("/Users", king)
    assert (status, "identity.role_above_own" in refused["detail"]) == (403, True)
    user = await ours.user("k", roles=[{"value": "owner"}])
    off = {"op": "replace", "path": "active", "value": False}
    for work in (admin.patched(f"/Users/{user['id']}", off), admin.delete(f"/Users/{user['id']}")):
        status, refused = await work
        assert (status, "identity.role_above_own" in refused["detail"]) == (403, True)
    assert (await ours.patched(f"/Users/{user['id']}", off))[0] == 200


async def test_the_last_owner_who_gets_in_cannot_be_deprovisioned(ours):
    [owner] = (await ours.api("GET", "/v1/members?q=Owner")).json()["items"]
    address = {"email": "only@acme.example"}
    named = await ours.api("PATCH", f"/v1/members/{owner['id']}", address)
    assert named.status_code == 200
    only = await ours.user(address["email"], roles=[{"value": "owner"}])
    assert only["id"] == owner["id"]

    off = {"op": "replace", "path": "active", "value": False}
    for work in (ours.patched(f"/Users/{only['id']}", off), ours.delete(f"/Users/{only['id']}")):
        status, refused = await work
        assert status == 409, refused
        assert "identity.last_owner" in refused["detail"]


async def test_an_owner_whose_loan_alone_lets_another_one_in_cannot_be_removed(ours):
    [owner] = (await ours.api("GET", "/v1/members?q=Owner")).json()["items"]
    other = await ours.user("other", roles=[{"value": "owner"}])
    token = {"name": "t", "member_id": other["id"]}
    assert (await ours.api("POST", "/v1/tokens", token)).status_code == 201

    refused = await ours.api("DELETE", f"/v1/members/{owner['id']}")

    assert (refused.status_code, refused.json()["code"]) == (409, "identity.last_owner_token")


async def test_h97_of_another_workspace_is_as_what_is_not_there(start):
    async with start(operator_token=OPERATOR_TOKEN) as (client, [token]):
        ours = Directory(client, await provisioning_token(client, bearer(token)))
        made = await client.post(
            "/v1/workspaces", json={"title": "Theirs"}, headers=bearer(OPERATOR_TOKEN)
        )
        owner = bearer(made.json()["owner_token"])
        theirs = Directory(client, await provisioning_token(client, owner))
        user = await theirs.user("eve", externalId="E")
        group = await theirs.group("Builders", user["id"])

        for kind, there, missing in (
            ("Users", user, "mem_01M8E5PVWM84WAF4K7JV6XR4GT"),
            ("Groups", group, "grp_01M8E5PVWM84WAF4K7JV6XR4GT"),
        ):
            id_ = there["id"]
            body = {"schemas": there["schemas"], "userName": "x", "displayName": "x"}
            change = {"op": "replace", "path": "externalId", "value": "x"}
            for one, other in (
                await _both(ours.get, kind, id_, missing),
                await _both(ours.delete, kind, id_, missing),
                await _both(ours.put, kind, id_, missing, body),
                await _both(ours.patched, kind, id_, missing, change),
            ):
                assert one == other
                assert one[0] == 404
        assert found(await ours.get('/Users?filter=externalId eq "E"')) == []
        assert found(await ours.get(f'/Users?filter=id eq "{user["id"]}"')) == []
        assert (await ours.get("/Groups"))[1]["totalResults"] == 0
        status, refused = await ours.post(
            "/Groups",
            {"displayName": "x", "schemas": group["schemas"], "members": [{"value": user["id"]}]},
        )
        assert (status, "identity.unknown_group_member" in refused["detail"]) == (400, True)
        mine = await ours.user("eve", externalId="E")
        assert mine["id"] != user["id"]


async def _both(call, kind, id_, missing, *more):
    return await call(f"/{kind}/{id_}", *more), await call(f"/{kind}/{missing}", *more)
