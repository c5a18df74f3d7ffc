"""T9, T10, T11, T13: lists that are searched, versions that are restored, schemas that are deleted;
through the whole embedded platform.
"""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest

from openactions import OpenActions, ProblemError
from tests.e2e.platform_process import PlatformProcess
from tests.e2e.test_draft_and_published import A, apis

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
HOST = A
POLICY = "https://example.com/privacy"
WITHIN_SECONDS = 10.0
RACES = 12


def document(title, port):
    return f"""
openapi: 3.1.0
info: {{title: {title}, version: "1"}}
servers: [{{url: "http://{HOST}:{port}"}}]
security: [{{key: []}}]
components: {{securitySchemes: {{key: {{type: http, scheme: bearer}}}}}}
paths:
  /thing:
    get: {{operationId: getThing, responses: {{"200": {{description: ok}}}}}}
  /other:
    get: {{operationId: getOther, responses: {{"200": {{description: ok}}}}}}
"""


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    with apis() as (port, _):
        form = ["--data", tmp_path_factory.mktemp("data"), "--port", "0", "--demo-port", port]
        passed = {"EGRESS_LET_THROUGH": f"http://{HOST}:{port}=127.0.0.1"}
        with (
            PlatformProcess(form, passed, up_within=150, compared=True) as up,
            OpenActions(up.url, up.token) as owner,
        ):
            owner.put("/v1/domains", {"mode": "list", "domains": [HOST]})
            owner.port = port
            yield owner


def stored(owner, title):
    return owner.post_document("/v1/schemas", document(title, owner.port), "application/yaml")["id"]


def refusal(work, *arguments):
    with pytest.raises(ProblemError) as refused:
        work(*arguments)
    return refused.value


def eventually(work, *arguments):
    """The versions of a removed GPT are forgotten a moment later."""
    end = monotonic() + WITHIN_SECONDS
    while True:
        try:
            return work(*arguments)
        except ProblemError:
            if monotonic() > end:
                raise
            sleep(0.2)


def test_t9_t11_a_schema_is_deleted_once_no_draft_and_no_version_uses_it(owner):
    first, second = stored(owner, "Delete one"), stored(owner, "Delete two")
    gpt = f"/v1/gpts/{owner.post('/v1/gpts', {'name': 'Deleter'})['id']}"
    action = owner.post(f"{gpt}/actions", {"schema_id": first})["id"]

    by_draft = refusal(owner.delete, f"/v1/schemas/{first}")
    owner.post(f"{gpt}/publish", {})
    owner.patch(f"{gpt}/actions/{action}", {"schema_id": second})
    owner.post(f"{gpt}/publish", {})
    by_version = refusal(owner.delete, f"/v1/schemas/{first}")
    owner.delete(gpt)
    eventually(owner.delete, f"/v1/schemas/{first}")

    assert (by_draft.status, by_draft.code) == (409, "schema.in_use")
    [finding] = by_draft.findings
    assert (finding["draft"], finding["versions"]) == (True, [])
    [finding] = by_version.findings
    assert (finding["draft"], finding["versions"]) == (False, [1])
    for path in ("", "/document", "/operations"):
        assert refusal(owner.get, f"/v1/schemas/{first}{path}").status == 404
    owner.delete(f"/v1/schemas/{first}")  # once more
    assert [item["title"] for item in owner.each("/v1/schemas", q="delete")] == ["Delete two"]
    assert stored(owner, "Delete one") != first


def test_t11_binding_and_deleting_at_once_never_leaves_a_draft_without_its_schema(owner):
    gpt = f"/v1/gpts/{owner.post('/v1/gpts', {'name': 'Racer'})['id']}"
    outcomes = set()

    def tried(work, *arguments):
        try:
            work(*arguments)
        except ProblemError as refused:
            return refused.code
        return "done"

    for number in range(RACES):
        schema_id = stored(owner, f"Race {number}")
        with ThreadPoolExecutor(2) as both:
            bound = both.submit(tried, owner.post, f"{gpt}/actions", {"schema_id": schema_id})
            deleted = both.submit(tried, owner.delete, f"/v1/schemas/{schema_id}")
            outcomes.add((bound.result(), deleted.result()))
        actions = [each for each in owner.get(gpt)["actions"] if each["schema_id"] == schema_id]
        there = tried(owner.get, f"/v1/schemas/{schema_id}") == "done"
        assert there or not actions
        assert there is (deleted.result() != "done")
        for each in actions:
            owner.delete(f"{gpt}/actions/{each['id']}")
    assert outcomes <= {
        ("done", "schema.in_use"),
        ("schema.not_found", "done"),
        ("catalog.schema_gone", "done"),
        ("catalog.schema_gone", "schema.in_use"),
        ("done", "schema.removal_overtaken"),
    }, outcomes


def test_t9_t10_a_version_is_read_and_restored_with_its_credential(owner):
    schema_id = stored(owner, "Restore")
    gpt = f"/v1/gpts/{owner.post('/v1/gpts', {'name': 'First', 'instructions': 'One.'})['id']}"
    body = {"schema_id": schema_id, "operations": ["getThing"], "privacy_policy_url": POLICY}
    action = owner.post(f"{gpt}/actions", body)["id"]
    key = {"type": "api_key", "placement": "bearer", "token": "a-key-of-ours"}
    owner.put(f"/v1/credentials/{action}", key)
    owner.post(f"{gpt}/publish", {})
    owner.patch(gpt, {"name": "Second", "instructions": ""})
    owner.delete(f"{gpt}/actions/{action}")
    owner.post(f"{gpt}/publish", {})

    versions = owner.get(f"{gpt}/versions")["items"]
    first = owner.get(f"{gpt}/versions/1")
    restored = owner.post(f"{gpt}/versions/1/restore")

    assert [(each["version"], each["published"]) for each in versions] == [(2, True), (1, False)]
    assert first.items() >= versions[1].items()
    assert (first["name"], first["instructions"]) == ("First", "One.")
    assert (restored["name"], restored["published_version"]) == ("First", 2)
    assert [each["id"] for each in restored["actions"]] == [action]
    assert owner.get(f"{gpt}/actions/{action}")["privacy_policy_url"] == POLICY
    assert owner.get(f"/v1/credentials/{action}")["usable"]
    assert owner.post(f"{gpt}/publish", {})["warnings"] == []
    assert refusal(owner.get, f"{gpt}/versions/9").code == "catalog.version_not_found"


def test_t10_an_edit_keeps_what_it_does_not_name_and_a_replacement_says_what_goes(owner):
    schema_id = stored(owner, "Edit")
    gpt = f"/v1/gpts/{owner.post('/v1/gpts', {'name': 'Editor'})['id']}"
    body = {"schema_id": schema_id, "name": "Mine", "privacy_policy_url": POLICY}
    action = f"{gpt}/actions/{owner.post(f'{gpt}/actions', body)['id']}"

    kept = owner.patch(action, {"operations": ["getThing"]})
    replaced = owner.put(action, {"schema_id": schema_id})

    assert (kept["name"], kept["privacy_policy_url"]) == ("Mine", POLICY)
    assert "catalog.privacy_policy_removed" in [each["code"] for each in replaced["warnings"]]
    assert refusal(owner.patch, gpt, {"name": None}).status == 422
    access = owner.patch(f"{gpt}/access", {"sharing": "workspace"})
    assert (access["sharing"], access["members"]) == ("workspace", [])
    settings = owner.patch("/v1/settings", {"unique_hosts": False})
    assert settings["custom_actions_enabled"] is True


def test_t13_publishing_warns_of_a_missing_credential_and_of_actions_that_are_off(owner):
    gpt = f"/v1/gpts/{owner.post('/v1/gpts', {'name': 'Warned'})['id']}"
    action = owner.post(f"{gpt}/actions", {"schema_id": stored(owner, "Warn")})["id"]
    owner.patch("/v1/settings", {"custom_actions_enabled": False})
    try:
        warned = owner.post(f"{gpt}/publish", {})["warnings"]
    finally:
        owner.patch("/v1/settings", {"custom_actions_enabled": True})

    assert [(each["code"], each["action_id"]) for each in warned] == [
        ("catalog.credential_missing", action),
        ("policy.custom_actions_disabled", None),
    ]


def test_t9_t10_lists_are_searched_paged_and_of_the_objects_shape(owner):
    for name, description in (("List A", "of cats"), ("List B", "of dogs"), ("Dogs", "List")):
        owner.post("/v1/gpts", {"name": name, "description": description})
    first = owner.get("/v1/gpts", q="LIST", limit=2)
    rest = owner.get("/v1/gpts", q="LIST", limit=2, cursor=first["next_cursor"])
    found = [*first["items"], *rest["items"]]

    assert [item["name"] for item in found] == ["Dogs", "List B", "List A"]
    for item in found:
        assert owner.get(f"/v1/gpts/{item['id']}").items() >= item.items()
    assert [item["name"] for item in owner.each("/v1/gpts", q="of dogs")] == ["List B"]

    schema_id = stored(owner, "List of operations")
    operations = owner.get(f"/v1/schemas/{schema_id}/operations")
    page = owner.get(f"/v1/schemas/{schema_id}/operations", limit=1)
    assert page["items"] == operations[:1]
    assert [*owner.each(f"/v1/schemas/{schema_id}/operations", limit=1)] == operations
    assert [item["domain"] for item in owner.each("/v1/domains/entries", q="OLD")] == [HOST]
    for path in ("/v1/gpts", "/v1/schemas", "/v1/domains/entries", "/v1/invocations"):
        refused = refusal(lambda path=path: owner.get(path, cursor="%"))
        assert (refused.status, refused.code) == (422, "platform.cursor_invalid")


def test_t9_invocations_are_listed_by_what_was_called(owner):
    gpt_id = owner.post("/v1/gpts", {"name": "Caller"})["id"]
    owner.post(f"/v1/gpts/{gpt_id}/actions", {"schema_id": stored(owner, "Call")})
    owner.post(f"/v1/gpts/{gpt_id}/publish", {})
    ids = []
    for operation in ("getThing", "getOther"):
        ids.append(owner.invoke(gpt_id, operation)["id"])
        owner.invocation(ids[-1])

    def found(**wanted):
        return [each["id"] for each in owner.each("/v1/invocations", gpt_id=gpt_id, **wanted)]

    record = owner.invocation(ids[1])
    assert found() == ids[::-1]
    assert found(operation="getThing") == ids[:1]
    assert found(host=HOST, member_id=record["member_id"], limit=1) == ids[::-1]
    assert found(host="other.example") == []
    assert found(outcome="succeeded") == ids[::-1]
    assert found(outcome="failed") == []
    assert found(since="2020-01-01T00:00:00Z") == ids[::-1]
    assert found(before="2020-01-01T00:00:00Z") == []
    assert refusal(lambda: found(outcome="lost")).status == 422
