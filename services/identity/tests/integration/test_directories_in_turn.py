"""Many patches of one directory at once, on a real broker and database."""

import asyncio

import pytest

from identity_service.entrypoints.scim_shares import PLACES_OF_ONE
from services.identity.tests.scim_platform import PATCH, Directory, provisioning_token

pytestmark = pytest.mark.integration


async def test_patches_beyond_a_workspaces_share_are_429_and_say_when_to_come_again(platform):
    client, owner = platform
    headers = await provisioning_token(client, owner)
    directory = Directory(client, headers)
    people = [(await directory.user(f"p{each}"))["id"] for each in range(5)]
    path = f"/Groups/{(await directory.group('Big', *people))['id']}"
    operation = {"op": "remove", "path": 'members[value eq "nobody"]'}
    body = {"schemas": [PATCH], "Operations": [operation] * 20}

    sent = (client.patch(f"/scim/v2{path}", json=body, headers=headers) for _ in range(30))
    answers = await asyncio.gather(*sent)

    refused = [each for each in answers if each.status_code == 429]
    assert {each.status_code for each in answers} == {200, 429}
    assert len(answers) - len(refused) >= PLACES_OF_ONE
    assert refused[0].headers["retry-after"] == "1"
    assert "platform.share_exceeded" in refused[0].json()["detail"]
    assert (await directory.get(path))[0] == 200
