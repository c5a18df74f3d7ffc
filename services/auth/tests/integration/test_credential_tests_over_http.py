"""`POST …/test`: execution makes the call, auth says what its answer means."""

from contextlib import asynccontextmanager

import pytest
from auth_platform import BUILDER, STRANGER, USER, Platform

from contracts.errors import Conflict, Denied, Invalid, Limited
from contracts.facts import Outcome
from contracts.requests import OperationTried, TryOperation
from kit.caller import digest_of
from kit.testing import neighbours, token_of

pytestmark = pytest.mark.integration
PAGE = "https://actions.example.com/aip/act_1/sign-in"


class Execution:
    """Answers `execution.try_operation`."""

    def __init__(self):
        self.asked, self.status, self.refusal = [], 200, None

    async def __call__(self, asked):
        self.asked.append(asked)
        if self.refusal:
            raise self.refusal
        outcome = Outcome.SUCCEEDED if self.status < 400 else Outcome.FAILED
        name = asked.operation or "listPets"
        return OperationTried(
            invocation_id="inv_1", operation=name, outcome=outcome, status=self.status
        )


@pytest.fixture
def execution():
    return Execution()


@pytest.fixture
def platform(nats_url, mongodb_url, database_name):
    return Platform(nats_url, mongodb_url, database_name)


@asynccontextmanager
async def serving(platform, execution):
    async with platform.serving() as (client, _), neighbours(platform.nats_url) as others:
        await others.answer(TryOperation, execution)
        yield client


async def post(client, platform, who=BUILDER, **body):
    return await client.post(f"{platform.path}/test", json=body, headers=who)


async def test_the_answer_says_outcome_status_call_and_sentence(platform, execution):
    async with serving(platform, execution) as client:
        accepted = (await post(client, platform)).json()
        execution.status = 401
        rejected = (await post(client, platform, operation_id="listMore")).json()

    assert accepted == {
        "outcome": "accepted",
        "status": 200,
        "operation_id": "listPets",
        "invocation_id": "inv_1",
        "sentence": "The API answered listPets with 200.",
        "hint": "",
    }
    assert (rejected["outcome"], rejected["status"]) == ("rejected", 401)
    assert "PUT /v1/credentials" in rejected["hint"]
    caller = digest_of(token_of("builder"))
    assert [(each.caller, each.operation) for each in execution.asked] == [
        (caller, None),
        (caller, "listMore"),
    ]
    assert {each.action_id for each in execution.asked} == {platform.action}


async def test_a_body_is_optional_and_has_no_unknown_members(platform, execution):
    async with serving(platform, execution) as client:
        bare = await client.post(f"{platform.path}/test", headers=BUILDER)
        unknown = await post(client, platform, operation="listPets")

    assert (bare.status_code, unknown.status_code) == (200, 422)


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (Conflict("None.", code="execution.nothing_to_try"), 409, "auth.nothing_to_test_with"),
        (
            Invalid("A POST.", code="execution.test_changes_something"),
            422,
            "execution.test_changes_something",
        ),
        (Denied("No domains.", code="policy.no_domains_allowed"), 403, "policy.no_domains_allowed"),
    ],
)
async def test_what_refuses_the_call_is_the_answer(platform, execution, refusal, status, code):
    execution.refusal = refusal
    async with serving(platform, execution) as client:
        answer = await post(client, platform)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_sign_in_that_is_needed_first_is_answered_with_its_address(platform, execution):
    execution.refusal = Denied("Sign in first.", code="auth.sign_in_required")
    execution.refusal.sign_in = PAGE
    async with serving(platform, execution) as client:
        answer = await post(client, platform)

    assert (answer.status_code, answer.json()["code"]) == (403, "auth.sign_in_required")
    assert answer.json()["sign_in"] == PAGE


async def test_a_quota_that_is_used_up_says_when_again(platform, execution):
    execution.refusal = Limited("Wait.", code="platform.rate_limited", retry_after_seconds=7)
    async with serving(platform, execution) as client:
        answer = await post(client, platform)

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


async def test_whoever_may_not_see_the_credentials_tests_none(platform, execution):
    async with serving(platform, execution) as client:
        user = await post(client, platform, who=USER)
        stranger = await post(client, platform, who=STRANGER)

    assert (user.status_code, user.json()["code"]) == (403, "identity.scope_missing")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "catalog.action_not_found")
    assert execution.asked == []
