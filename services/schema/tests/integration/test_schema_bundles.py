"""Bundles from a real server, through egress: what is fetched, and what never is."""

import pytest

from kit.testing import bearer

pytestmark = pytest.mark.integration

BUILDER = bearer("builder")
TOP = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\nservers: [{url: "https://api.acme.io"}]\n'
PATHS = """\
/things:
  get:
    operationId: listThings
    summary: All things
    responses:
      "200":
        description: things
        content: {application/json: {schema: {$ref: "../schemas/thing.json"}}}
"""
THING = '{"type": "object", "properties": {"parent": {"$ref": "#"}, "name": {"type": "string"}}}'


@pytest.fixture
def three_files(site):
    site.texts |= {
        "/v1/openapi.yaml": TOP + 'paths:\n  /things: {$ref: "paths/all.yaml#/~1things"}\n',
        "/v1/paths/all.yaml": PATHS,
        "/v1/schemas/thing.json": THING,
    }
    return site.url("/v1/openapi.yaml")


async def imported(client, url, **more):
    return await client.post("/v1/schemas", json={"url": url, **more}, headers=BUILDER)


async def test_a_document_in_three_files_is_stored_as_one_and_can_be_called(
    service, site, three_files
):
    client, _ = service

    alone = (await imported(client, three_files)).json()
    whole = (await imported(client, three_files, bundle=True)).json()

    assert alone["operations"] == []
    assert [each["verdict"] for each in whole["operations"]] == ["ready"]
    assert (alone["bundled"], whole["bundled"]) == (False, True)
    text = (await client.get(f"/v1/schemas/{whole['id']}/document", headers=BUILDER)).text
    assert '$ref: "#/x-bundled/paths_all/~1things"' in text


async def test_a_bundle_is_fetched_again_as_a_bundle(service, site, three_files):
    client, _ = service
    first = (await imported(client, three_files, bundle=True)).json()

    same = (await client.post(f"/v1/schemas/{first['id']}/refetch", headers=BUILDER)).json()
    site.texts["/v1/paths/all.yaml"] = PATHS.replace("listThings", "allThings")
    newer = (await client.post(f"/v1/schemas/{first['id']}/refetch", headers=BUILDER)).json()

    assert same["id"] == first["id"]
    assert (newer["previous_id"], newer["bundled"]) == (first["id"], True)
    assert newer["operations"][0]["name"] == "allThings"


async def test_a_url_is_validated_like_an_import_and_nothing_is_kept(service, site, three_files):
    client, _ = service

    found = (
        await client.post(
            "/v1/schemas/validate", json={"url": three_files, "bundle": True}, headers=BUILDER
        )
    ).json()

    assert (found["valid"], [each["name"] for each in found["operations"]]) == (
        True,
        ["listThings"],
    )
    assert (await client.get("/v1/schemas", headers=BUILDER)).json()["items"] == []


@pytest.mark.parametrize(
    "reference",
    [
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "//other.example.com/x",
        "http://[::1]",
    ],
)
async def test_h70_another_origin_is_never_fetched_and_stays_a_finding(service, site, reference):
    client, _ = service
    site.texts["/openapi.yaml"] = TOP + f"paths: {{/a: {{$ref: '{reference}'}}}}\n"

    stored = (await imported(client, site.url("/openapi.yaml"), bundle=True)).json()

    remote = [each for each in stored["findings"] if each["code"] == "schema.reference_remote"]
    assert reference in remote[0]["message"]
    assert site.asked == ["/openapi.yaml"]


async def test_h79_a_part_that_leads_inside_is_not_followed_and_the_rest_is_kept(
    service, site, three_files
):
    client, _ = service
    site.moved["/v1/schemas/thing.json"] = "http://127.0.0.1:1/"

    stored = (await imported(client, three_files, bundle=True)).json()

    assert stored["findings"][0]["code"] == "schema.bundle_part_missing"
    assert "redirect is refused" in stored["findings"][0]["message"]
    assert [each["name"] for each in stored["operations"]] == ["listThings"]


async def test_a_part_may_move_within_its_origin(service, site, three_files):
    client, _ = service
    site.texts["/v2/thing.json"] = THING
    site.moved["/v1/schemas/thing.json"] = "/v2/thing.json"

    stored = (await imported(client, three_files, bundle=True)).json()

    assert stored["findings"] == []


async def test_more_than_fifty_documents_are_refused_with_a_next_step(service, site):
    client, _ = service
    paths = "".join(f"  /p{n}: {{$ref: 'p{n}.yaml'}}\n" for n in range(51))
    site.texts["/openapi.yaml"] = f"{TOP}paths:\n{paths}"
    site.texts |= {f"/p{n}.yaml": "get: {}" for n in range(51)}

    refused = await imported(client, site.url("/openapi.yaml"), bundle=True)

    assert refused.status_code == 422
    assert refused.json()["code"] == "schema.too_many_references"
    assert refused.json()["hint"]


async def test_a_text_is_not_bundled_because_nothing_says_where_it_was(service):
    client, _ = service

    refused = await client.post(
        "/v1/schemas", json={"text": "openapi: 3.1.0", "bundle": True}, headers=BUILDER
    )

    assert refused.json()["code"] == "schema.body_not_understood"
    assert "`bundle` needs a `url`" in refused.json()["detail"]
