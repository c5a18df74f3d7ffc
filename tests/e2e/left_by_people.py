"""What people leave in identity who join by invitation, by directory, and by company sign-in."""

from datetime import UTC, datetime

from contracts.ids import MemberId, WorkspaceId, new_id
from identity_service.adapters.company_sign_in import company_stores
from identity_service.domain.oidc.attempt import Attempt, Choice
from identity_service.domain.oidc.id_token import Person
from identity_service.domain.oidc.logout_token import Logout
from identity_service.domain.oidc.sign_in_settings import (
    ConfirmedDomains,
    Identity,
    SignInSettings,
)
from kit import mongo
from kit.mongo_workspace_keys import MongoWorkspaceKeys
from kit.outbox import Outbox
from services.identity.tests.scim_platform import Directory, provisioning_token
from shared.kit.tests.kit_fakes import Publisher

ISSUER, CLIENT = "https://login.acme.com", "openactions"


async def use_a_directory(client, owner):
    """An invitation that nobody used, a user and a group of a directory, and the trace of a user
    who was removed; the user's id.
    """
    headers = {"authorization": f"Bearer {owner}"}
    invited = {"email": "grace@acme.com", "role": "user"}
    made = await client.post("/v1/members/invitations", json=invited, headers=headers)
    assert made.status_code == 201, made.text
    roles = {"groups": [{"group": "Makers", "role": "builder"}]}
    set_ = await client.put("/v1/members/group-roles", json=roles, headers=headers)
    assert set_.status_code == 200, set_.text
    directory = Directory(client, await provisioning_token(client, headers))
    user = await directory.user("alan@acme.com")
    await directory.group("Makers", user["id"])
    left = await directory.user("ada@acme.com")
    assert (await directory.delete(f"/Users/{left['id']}"))[0] == 204
    return user["id"]


async def leave_company_sign_in(mongodb, workspace_id, member_id):
    """As it is where people sign in with their company's account: one document of each kind."""
    within, now = WorkspaceId(workspace_id), datetime.now(UTC)
    client = mongo.connect(mongodb.url)
    stores = company_stores(client["identity"], Outbox("identity", Publisher()))
    await stores.confirmed.put(ConfirmedDomains(within, ("acme.com",)))
    await stores.settings.save(None, SignInSettings(within, ISSUER, CLIENT, revision=1))
    await MongoWorkspaceKeys(client["identity"], Outbox("identity", Publisher())).add(
        within, "k1", "the key that seals a client secret"
    )
    identity = (new_id("idn"), within, MemberId(member_id), ISSUER, f"sub of {member_id}")
    await stores.identities.add(Identity(*identity))
    ids = [new_id(kind) for kind in ("att", "cho", "jti")]
    attempt = (ids[0], within, ISSUER, CLIENT, "nonce", "verifier", "/")
    await stores.ended_attempts.end(Attempt(*attempt, chooses=True, created_at=now), now)
    begun = {"_id": new_id("att"), "workspace_id": within, "revision": 1, "v": 1}
    begun["state"] = {"state_digest": member_id, "created_at": now}
    await client["identity"]["sign_in_attempts"].insert_one(begun)  # by the release before
    person = Person(ISSUER, member_id, None, "alan@acme.com", "Alan", None)
    choice = (f"choice {ids[1]}", "browser", [within], person, CLIENT, "/", now)
    await stores.choices.add(Choice(ids[1], *choice))
    await stores.logout_tokens.note(within, Logout(ISSUER, CLIENT, ids[2], member_id, None), now)
    client.close()
