"""Settings of a company's sign-in that are changed on the condition of what is there."""

from datetime import timedelta

import pytest

from services.identity.tests.company import CLIENT, ISSUER, OWNER
from services.identity.tests.page_platform import pages, principal_of
from services.identity.tests.session_platform import OURS

PATH = "/v1/workspace/sign-in"


class Owner:
    """Takes whatever comes for the owner."""

    address = None

    async def of(self, request):
        return principal_of(OWNER)


@pytest.fixture
async def ours():
    async with pages() as shown:
        shown.api.state.verifier = Owner()
        yield shown


@pytest.mark.parametrize("if_match", ['"1"', "*"])
async def test_n13_what_is_not_there_fails_a_condition(ours, if_match):
    condition = {"if-match": if_match}
    if if_match != "*":
        condition = {"if-match": (await ours.client.get(PATH)).headers["etag"]}
    first = await ours.client.delete(PATH, headers=condition)

    again = await ours.client.delete(PATH, headers=condition)
    body = {"issuer": ISSUER, "client_id": CLIENT}
    put = await ours.client.put(PATH, json=body, headers=condition)
    unconditional = await ours.client.delete(PATH)

    assert (first.status_code, unconditional.status_code) == (204, 204)
    for refused in (again, put):
        assert (refused.status_code, refused.json()["code"]) == (412, "platform.changed_meanwhile")
    assert await ours.platform.sign_in_settings.find(OURS) is None


async def test_n13_any_revision_will_do_where_one_is_there(ours):
    body = {"issuer": ISSUER, "client_id": "another"}

    before = (await ours.client.get(PATH)).headers["etag"]
    put = await ours.client.put(PATH, json=body, headers={"if-match": "*"})

    assert put.status_code == 200
    assert int(put.headers["etag"].strip('"')) == int(before.strip('"')) + 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_n13_what_was_read_of_removed_settings_suits_no_later_ones(ours, method):
    stale = {"if-match": (await ours.client.get(PATH)).headers["etag"]}
    body = {"issuer": ISSUER, "client_id": CLIENT}
    await ours.client.delete(PATH)
    ours.platform.clock.advance(timedelta(seconds=1))
    made = await ours.client.put(PATH, json=body)

    asked = {"json": {**body, "client_id": "another"}} if method == "PUT" else {}
    refused = await ours.client.request(method, PATH, headers=stale, **asked)

    assert (refused.status_code, refused.json()["code"]) == (412, "platform.changed_meanwhile")
    now = await ours.client.get(PATH)
    assert (now.headers["etag"], now.json()["client_id"]) == (made.headers["etag"], CLIENT)
