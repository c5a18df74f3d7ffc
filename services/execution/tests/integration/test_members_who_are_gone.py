"""A member is removed or switched off, and what waits of theirs is denied; calls of members for
whom a backend acts; with a real broker, database and API.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from contracts.facts import MemberChanged
from contracts.ids import new_id
from contracts.principal import Via, via_of_key
from execution_service.adapters.mongo_stored_calls import MongoStoredCalls
from execution_service.domain.stored_call import AskedCall, State
from kit.envelope import EnvelopeKeyRing
from kit.outbox import Outbox
from kit.testing import RecordedFacts, eventually
from services.execution.tests.execution_platform import KEYS, OWNER
from services.execution.tests.fakes import tool
from services.execution.tests.stored import stored_call

pytestmark = pytest.mark.integration
ADA = {**OWNER, "openactions-user": "Ada@example.com"}


@pytest.fixture
def settings():
    """A call that waits for its API is not given up."""
    return {"patience": 20}


@pytest.fixture
def stored(database):
    """The calls that the service stores."""
    return MongoStoredCalls(
        database,
        Outbox("execution", RecordedFacts()),
        EnvelopeKeyRing.of(SecretStr(KEYS)),
        max_of_workspace=100,
    )


def waiting_call(workspace_id, member_id, **fields):
    now = datetime.now(UTC)
    return stored_call(
        new_id("inv"),
        workspace_id=workspace_id,
        member_id=member_id,
        asked=AskedCall(workspace_id, "gpt_1", "addPet", {"id": "1"}),
        at=now,
        lease_until=now + timedelta(hours=1),
        is_accepted=True,
        pinned=tool("addPet", origin=""),
        **fields,
    )


@pytest.mark.parametrize("active", [True, False], ids=["removed", "switched off"])
async def test_what_waits_of_a_member_who_is_gone_is_denied(platform, stored, active):
    ours = platform.workspace_id
    waiting = [
        waiting_call(ours, "mem_gone"),
        waiting_call(ours, "mem_gone", state=State.WAITING_FOR_APPROVAL),
    ]
    others = [waiting_call(ours, "mem_stays"), waiting_call("ws_theirs", "mem_gone")]
    for call in (*waiting, *others):
        await stored.add(call)
    gone = MemberChanged(
        workspace_id=ours, member_id="mem_gone", role=None, revision=2, active=active
    )

    async def denied():
        states = [(await stored.find(ours, call.id)).state for call in waiting]
        return states == [State.DENIED] * 2

    await platform.others.bus.publish(gone)
    await eventually(denied)

    path = f"/v1/invocations/{waiting[0].id}"
    shown = (await platform.client.get(path, headers=OWNER)).json()
    assert (shown["state"], shown["code"]) == ("denied", "execution.caller_gone")
    for call in others:
        assert (await stored.find(call.workspace_id, call.id)).state is State.RECEIVED
    assert platform.api.requests == []


async def test_a_call_on_behalf_of_a_member_is_theirs_and_names_the_token(platform):
    body = {"gpt_id": "gpt_1", "operation": "addPet", "arguments": {"id": "1"}}

    called = await platform.client.post("/v1/invocations", json=body, headers=ADA)
    path = f"/v1/invocations/{called.json()['id']}"

    async def on_record():
        return (await platform.client.get(path, headers=OWNER)).status_code == 200

    await eventually(on_record)
    record = (await platform.client.get(path, headers=OWNER)).json()
    assert called.json()["outcome"] == "succeeded"
    assert (record["member_id"], record["via"]) == ("mem_ada", "on_behalf_of")
    assert record["acted_by"] == "tok_owner"


async def test_a_stored_call_is_kept_by_the_members_id_and_not_by_their_address(platform, stored):
    body = {"gpt_id": "gpt_1", "operation": "addPet", "arguments": {"id": "1"}}
    headers = {**ADA, "prefer": "respond-async"}

    accepted = await platform.client.post("/v1/invocations", json=body, headers=headers)

    assert accepted.status_code == 202
    kept = await stored.find(platform.workspace_id, accepted.json()["id"])
    assert (kept.member_id, kept.acted_by) == ("mem_ada", "tok_owner")
    assert via_of_key(kept.token_digest) is Via.ON_BEHALF_OF
    assert kept.token_digest.endswith(":mem_ada")
    wait = {**OWNER, "prefer": "wait=10"}
    shown = (await platform.client.get(accepted.headers["location"], headers=wait)).json()
    assert (shown["state"], shown["acted_by"]) == ("succeeded", "tok_owner")


@pytest.mark.parametrize("named", ["", "ada", "mem_1, mem_2"])
async def test_a_header_that_names_nobody_is_refused(platform, named):
    headers = {**OWNER, "openactions-user": named}

    refused = await platform.invoke(caller=headers)

    assert (refused.status_code, refused.json()["code"]) == (422, "platform.on_behalf_invalid")
    assert platform.api.requests == []


@pytest.mark.parametrize("operation", ["getPet", "addPet"])
@pytest.mark.parametrize("prefer", [{"prefer": "respond-async"}, {}], ids=["accepted", "direct"])
async def test_n1_a_call_that_the_api_got_ends_as_what_happened(
    platform, stored, operation, prefer
):
    platform.api.may_answer.clear()
    older = waiting_call(platform.workspace_id, "mem_ada")  # denied after all newer ones are seen
    await stored.add(older)
    body = {"gpt_id": "gpt_1", "operation": operation, "arguments": {"id": "slow"}}
    headers = {**ADA, **prefer}
    asked = asyncio.create_task(platform.client.post("/v1/invocations", json=body, headers=headers))
    await eventually(lambda: asyncio.sleep(0, bool(platform.api.requests)))

    await platform.others.bus.publish(
        MemberChanged(
            workspace_id=platform.workspace_id, member_id="mem_ada", role=None, revision=2
        )
    )

    async def denied():
        return (await stored.find(platform.workspace_id, older.id)).state is State.DENIED

    await eventually(denied)
    platform.api.may_answer.set()
    path = f"/v1/invocations/{(await asked).json()['id']}"

    async def outcome():
        shown = await platform.client.get(path, headers=OWNER)
        return shown.is_success and shown.json()["outcome"]

    await eventually(outcome)
    record = (await platform.client.get(path, headers=OWNER)).json()
    assert (record["state"], record["status"]) == ("succeeded", 200)
    assert record["method"] == {"getPet": "GET", "addPet": "POST"}[operation]
    assert (record["host"], record["member_id"]) == ("api.example.com", "mem_ada")
