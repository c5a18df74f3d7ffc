"""What a workspace and a member may call in a minute, and at once."""

import asyncio
import re

import pytest

from contracts.facts import SettingsChanged
from contracts.requests import ReadSettings
from execution_service.settings import ExecutionSettings
from kit.testing import eventually, running
from openactions_local.servers import free_port
from services.execution.tests.execution_platform import (
    DEFAULTS,
    NO_QUOTAS,
    OWNER,
    STRANGER,
    execution,
)
from services.execution.tests.upstream import HOST

pytestmark = pytest.mark.integration

A_CALL_A_MINUTE = 1
"""No two are admitted at once."""


def quotas(**numbers):
    return NO_QUOTAS.model_copy(update=numbers)


async def statuses(platform, times, **call):
    calls = await asyncio.gather(*(platform.invoke(**call) for _ in range(times)))
    return sorted(each.status_code for each in calls)


async def test_h107_f46_a_workspace_that_floods_is_refused_and_another_is_not(platform):
    platform.workspace_settings = quotas(calls_per_minute=A_CALL_A_MINUTE)

    flood = await statuses(platform, 50)
    stranger = await platform.invoke(caller=STRANGER)

    assert flood == [200] + [429] * 49
    assert stranger.json()["code"] == "execution.operation_not_found"
    assert len(platform.api.requests) == 1


@pytest.mark.parametrize(
    ("quota", "whose", "name"),
    [
        ("calls_per_minute", "This workspace", "workspace"),
        ("calls_per_minute_per_member", "You", "member"),
    ],
)
async def test_h107_a_refusal_says_which_limit_how_much_and_when_again(
    platform, quota, whose, name
):
    platform.workspace_settings = quotas(**{quota: A_CALL_A_MINUTE})
    await platform.invoke()

    refused = await platform.invoke()

    problem, wait = refused.json(), refused.headers["retry-after"]
    assert (refused.status_code, problem["code"]) == (429, "platform.rate_limited")
    assert problem["detail"] == (
        f"{whose} may make 1 call a minute, spread over it: one in 60 s. These are made; the next "
        f"call is possible in {wait} s."
    )
    assert 1 <= int(wait) <= 61
    assert refused.headers["ratelimit"] == f'"{name}";r=0;t={wait}'
    assert refused.headers["ratelimit-policy"] == f'"{name}";q=1;w=60'


async def test_every_answer_says_what_is_left_of_both_quotas(platform):
    platform.workspace_settings = DEFAULTS
    answers = [
        await platform.invoke(),
        await platform.invoke(bones="wrong"),
        await platform.invoke("getUnknown"),
    ]

    assert [each.status_code for each in answers] == [200, 422, 404]
    for each in answers:
        assert each.headers["ratelimit-policy"] == '"workspace";q=100;w=1, "member";q=20;w=1'
        left = re.fullmatch(
            r'"workspace";r=(\d+);t=1, "member";r=(\d+);t=1', each.headers["ratelimit"]
        )
        assert 45 <= int(left[1]) < 50
        assert 15 <= int(left[2]) < 20


async def test_without_quotas_nothing_is_counted_and_no_header_says_so(platform):
    platform.workspace_settings = quotas()

    called = await platform.invoke()

    assert called.status_code == 200
    assert not [name for name in called.headers if name.startswith("ratelimit")]


async def test_a_changed_quota_is_in_force_once_its_fact_arrived(platform):
    await platform.invoke()
    platform.workspace_settings = quotas(calls_per_minute=A_CALL_A_MINUTE)
    changed = SettingsChanged(workspace_id=platform.workspace_id, revision=1)
    await platform.others.bus.publish(changed)

    async def refused():
        return (await platform.invoke()).status_code == 429

    await eventually(refused)
    platform.workspace_settings = quotas()
    await platform.others.bus.publish(
        SettingsChanged(workspace_id=platform.workspace_id, revision=2)
    )

    async def admitted():
        return await statuses(platform, 2) == [200, 200]

    await eventually(admitted)


async def test_warm_calls_ask_nobody_for_their_quotas(platform):
    for _ in range(3):
        await platform.invoke()

    assert platform.times_asked(ReadSettings) == 1


async def test_a_workspace_keeps_to_what_it_allows_at_once(platform):
    platform.workspace_settings = quotas(concurrent_calls=2)
    await platform.invoke()
    platform.api.may_answer.clear()
    under_way = [asyncio.ensure_future(platform.invoke(id="slow")) for _ in range(2)]

    async def both_arrived():
        return len(platform.api.requests) == 3

    await eventually(both_arrived)
    refused = await platform.invoke()
    platform.api.may_answer.set()
    await asyncio.gather(*under_way)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (429, "execution.concurrent_calls")
    assert "has 2 calls under way here" in problem["detail"]
    assert refused.headers["retry-after"] == "1"
    assert (await platform.invoke()).status_code == 200


async def test_g15_two_replicas_share_a_quota(
    platform, nats_url, mongodb_url, database_name, api, blobs
):
    nobody_at = f"http://{HOST}:{free_port()}"
    other = execution(nats_url, mongodb_url, database_name, api, nobody_at, blobs=blobs)
    platform.workspace_settings = quotas(calls_per_minute=A_CALL_A_MINUTE)

    async with running(other) as client:
        answers = []
        for each in (platform.client, client):
            body = {"gpt_id": "gpt_1", "operation": "getPet", "arguments": {"id": "1"}}
            calls = (each.post("/v1/invocations", json=body, headers=OWNER) for _ in range(10))
            answers += await asyncio.gather(*calls)

    admitted = [each for each in answers if each.status_code == 200]
    assert 1 <= len(admitted) <= 2  # the second one where a new window began meanwhile


def test_the_settings_of_the_service_have_no_quota():
    """They are the workspaces' own; the operator's limit is policy's."""
    assert not [name for name in ExecutionSettings.model_fields if "per_minute" in name]
