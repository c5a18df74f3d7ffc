"""What nobody sends who means well is refused in our words; nothing of it is a fault of ours."""

import pytest
from scim2_models import InvalidSyntaxException

from identity_service.entrypoints.scim_bounds import MAX_DEPTH, demand_shallow
from identity_service.entrypoints.scim_bulk import bulk
from identity_service.entrypoints.scim_requests import MAX_START, part_of_list, wanted_attributes
from identity_service.main import _announcements
from identity_service.settings import IdentitySettings
from services.identity.tests.page_platform import pages


async def test_a_callback_with_too_many_parameters_is_a_page():
    many = "&".join(f"a{each}=1" for each in range(51))
    async with pages() as shown:
        answer = await shown.client.get(f"/v1/session/oidc/callback/ws_x?state=x&{many}")

    assert answer.status_code == 403, answer.text
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("start", [99999999999999999999, -5, 0])
async def test_a_list_that_starts_beyond_all_numbers_is_empty(start):
    part = part_of_list(wanted_attributes(), start=start, count=10, filter_=None)

    assert part.start == (MAX_START if start > 0 else 1)
    assert (await part.answer(3, []))["startIndex"] == part.start


def nested(depth):
    value = 1
    for each in range(depth):
        value = {"a": value} if each % 2 else [value]
    return value


def test_a_body_is_no_deeper_than_it_can_be_written():
    demand_shallow({"a": nested(MAX_DEPTH - 2)})
    for depth in (MAX_DEPTH, 300, 100_000):
        with pytest.raises(InvalidSyntaxException):
            demand_shallow({"a": nested(depth)})


@pytest.mark.parametrize("schemas", [5, True, "text", {"a": 1}, None])
async def test_a_bulk_request_whose_schemas_are_no_list_is_refused(schemas):
    with pytest.raises(InvalidSyntaxException):
        await bulk({"schemas": schemas, "Operations": []}, {})


@pytest.mark.parametrize(
    ("files", "offers"),
    [
        ({}, True),
        ({"owner_token_file": "token"}, False),  # as replicas other than the first
        ({"owner_token_file": "token", "sign_in_link_file": "link"}, True),
    ],
)
def test_no_link_is_printed_where_owner_tokens_are_put_in_a_file(files, offers, tmp_path):
    paths = {name: tmp_path / each for name, each in files.items()}
    urls = {"mongodb_url": "mongodb://localhost", "nats_url": "nats://localhost"}
    announcements = _announcements(IdentitySettings(**urls, **paths), None, None)
    announcements.owner_token("oat_x")

    assert announcements.offer_a_link() is offers
