"""The page of an invitation says where the company's groups may give another role; real servers."""

import pytest

from contracts.ids import WorkspaceId
from identity_service.adapters.mongo_sign_in_settings import MongoSignInSettings
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.html.texts import NOTES
from kit.outbox import Outbox
from kit.testing import RecordedFacts, running
from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from services.identity.tests.signing_in import ORIGIN, PUBLIC

pytestmark = pytest.mark.integration
MAPPING = {"groups": [{"group": "Makers", "role": "builder"}]}


@pytest.fixture
async def client(servers):
    settings = IdentitySettings(**servers, operator_token=OPERATOR_TOKEN, openactions=PUBLIC)
    tokens = []
    async with running(build(settings, tokens.append, announce_sign_in_link=print)) as client:
        client.headers.update(bearer(tokens[0]))
        yield client


async def page_of_an_invitation(client, role="admin"):
    body = {"email": f"{role}@example.com", "name": "Ada", "role": role}
    made = await client.post("/v1/members/invitations", json=body)
    assert made.status_code == 201, made.text
    return (await client.get(made.json()["url"].removeprefix(ORIGIN))).text


async def test_n6_the_page_of_an_invitation_says_where_groups_give_the_role(client, database):
    workspace = (await client.get("/v1/workspace")).json()["id"]
    note = NOTES["role_by_groups"].partition("'")[0]

    before = await page_of_an_invitation(client)
    await MongoSignInSettings(database, Outbox("identity", RecordedFacts())).save(
        None,
        SignInSettings(
            WorkspaceId(workspace), "https://login.example.com", "client", group_claim="groups"
        ),
    )
    without_list = await page_of_an_invitation(client, "builder")
    mapped = await client.put("/v1/members/group-roles", json=MAPPING)
    assert mapped.is_success, mapped.text
    with_list = await page_of_an_invitation(client, "user")
    of_an_owner = await page_of_an_invitation(client, "owner")

    says_so = [note in page for page in (before, without_list, with_list, of_an_owner)]
    assert says_so == [False, False, True, False]
