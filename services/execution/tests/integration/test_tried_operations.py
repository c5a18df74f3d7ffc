"""Calls by which auth has credentials tested: with a real broker, database and API."""

import pytest

from contracts.access import Sharing
from contracts.errors import Limited, PlatformError
from contracts.facts import Outcome, TokenRevoked
from contracts.requests import AccessOfGpt, Authenticate, TryOperation
from kit.caller import digest_of
from kit.testing import eventually, token_of
from services.execution.tests.execution_platform import NO_QUOTAS, OWNER, operation

pytestmark = pytest.mark.integration
CALLER = digest_of(token_of("owner"))
NO_ARGUMENTS = {"type": "object", "properties": {}, "additionalProperties": False}


def asked(caller=CALLER, **changes):
    about = {"caller": caller, "gpt_id": "gpt_1", "action_id": "act_1"}
    return TryOperation(**about | changes)


@pytest.fixture
def pets(platform):
    """A draft with an operation that needs nothing, after two that do not fit."""
    listed = operation("listPets", "GET", platform.api.origin, path="/pets")
    listed = listed.model_copy(update={"parameters": (), "arguments": NO_ARGUMENTS})
    platform.operations = {
        "addPet": operation("addPet", "POST", platform.api.origin),
        "getPet": operation("getPet", "GET", platform.api.origin),
        "listPets": listed,
    }
    return platform


async def refusal(platform, request):
    with pytest.raises(PlatformError) as refused:
        await platform.others.bus.ask(request)
    assert platform.api.requests == []
    return refused.value


async def test_the_call_is_signed_and_in_the_callers_trail(pets):
    tried = await pets.others.bus.ask(asked())

    assert (tried.operation, tried.outcome, tried.status) == ("listPets", Outcome.SUCCEEDED, 200)
    [(method, target, headers, _)] = pets.api.requests
    assert (method, target, headers["x-api-key"]) == ("GET", "/pets", "key-1")

    async def on_record():
        found = await pets.client.get(f"/v1/invocations/{tried.invocation_id}", headers=OWNER)
        return found.status_code == 200 and found.json()["member_id"] == "mem_owner"

    await eventually(on_record)


async def test_a_named_post_is_refused_over_the_bus_and_not_sent(pets):
    refused = await refusal(pets, asked(operation="addPet"))

    assert refused.code == "execution.test_changes_something"
    assert refused.sentence.startswith("addPet may change something")


async def test_a_test_counts_under_the_callers_quota_and_says_when_again(pets):
    quota = {"calls_per_minute_per_member": 1}
    pets.workspace_settings = NO_QUOTAS.model_copy(update=quota)
    await pets.others.bus.ask(asked())

    with pytest.raises(Limited) as refused:
        await pets.others.bus.ask(asked())

    assert refused.value.code == "platform.rate_limited"
    assert refused.value.retry_after_seconds >= 1
    assert len(pets.api.requests) == 1


async def test_who_calls_is_asked_of_identity_and_what_they_may(pets):
    """Nothing that auth says of the caller is believed."""
    unknown = await refusal(pets, asked(caller=digest_of("oat_nobodys")))
    foreign = await refusal(pets, asked(caller=digest_of(token_of("stranger"))))
    pets.access = AccessOfGpt(workspace_id="", sharing=Sharing.PRIVATE, owner="mem_other")
    private = await refusal(pets, asked(action_id="act_1"))

    assert unknown.code == "identity.token_invalid"
    assert foreign.code == "execution.gpt_not_found"
    assert private.code == "access.private"


@pytest.mark.parametrize("lacks", ["credentials:write", "invocations:create"])
async def test_a_token_without_either_scope_tests_nothing(pets, lacks):
    authenticate = pets._authenticate()

    async def limited(question):
        caller = await authenticate(question)
        return caller.model_copy(update={"scopes": caller.scopes - {lacks}})

    pets.answers[Authenticate] = limited

    refused = await refusal(pets, asked())

    assert refused.code == "identity.scope_missing"
    assert lacks in refused.sentence


async def test_a_token_that_was_revoked_tests_nothing(pets):
    await pets.others.bus.ask(asked())
    pets.api.requests.clear()
    pets.revoked.add(CALLER)
    about = {"workspace_id": pets.workspace_id, "token_id": "tok_1", "token_digest": CALLER}
    await pets.others.bus.publish(TokenRevoked(**about))

    async def is_refused():
        try:
            await pets.others.bus.ask(asked())
        except PlatformError as refused:
            return refused.code == "identity.token_invalid"
        return False

    await eventually(is_refused)
