"""The workspace's settings, as callers and neighbours see them."""

import pytest

from contracts.facts import SettingsChanged
from contracts.requests import Answer, Authenticate, Decide, ReadSettings, Role
from kit.testing import bearer, known_callers, neighbours, refusing, running
from policy_service.main import build
from policy_service.settings import PolicySettings

pytestmark = pytest.mark.integration

OWNER, ADMIN, BUILDER, USER, STRANGER = (
    bearer(name) for name in ("owner", "admin", "builder", "user", "stranger")
)
DEFAULTS = {
    "custom_actions_enabled": True,
    "unique_hosts": False,
    "first_call_asks": True,
    "tolerant_arguments": True,
    "calls_per_minute": 6_000,
    "calls_per_minute_per_member": 1_200,
    "concurrent_calls": None,
    "revision": 0,
}


@pytest.fixture
def more():
    """Settings that a test gives the service."""
    return {}


@pytest.fixture
async def platform(nats_url, mongodb_url, database_name, more):
    settings = PolicySettings(
        mongodb_url=mongodb_url,
        mongodb_database=database_name,
        nats_url=nats_url,
        stream_replicas=1,
        **more,
    )
    async with neighbours(nats_url) as others:
        ours = [(role.value, "ws_ours", role) for role in Role]
        callers = known_callers(*ours, ("stranger", "ws_theirs", Role.OWNER))
        await others.answer(Authenticate, callers)
        async with running(build(settings)) as client:
            yield client, others.bus


def a_call(workspace_id="ws_ours"):
    return Decide(
        workspace_id=workspace_id,
        member_id="mem_1",
        gpt_id="gpt_1",
        action_id="act_1",
        operation="getThing",
        method="GET",
        host="api.example.com",
        consequential=False,
    )


async def test_a_new_workspace_has_the_defaults(platform):
    client, bus = platform

    shown = await client.get("/v1/settings", headers=BUILDER)
    answered = await bus.ask(ReadSettings(workspace_id="ws_ours"))

    assert (shown.json(), shown.headers["etag"]) == (DEFAULTS, '"0"')
    assert answered.model_dump() == DEFAULTS


async def test_disabled_custom_actions_stop_every_call_of_their_own_workspace_only(platform):
    client, bus = platform
    for headers in (OWNER, STRANGER):
        await client.put("/v1/domains", json={"mode": "all"}, headers=headers)
    before = await bus.ask(a_call())

    changed = await client.put(
        "/v1/settings", json={"custom_actions_enabled": False}, headers=ADMIN
    )

    verdict = await bus.ask(a_call())
    assert (before.answer, changed.status_code) == (Answer.ALLOW, 200)
    assert changed.json() == {**DEFAULTS, "custom_actions_enabled": False, "revision": 1}
    assert verdict.answer is Answer.DENY
    assert verdict.code == "policy.custom_actions_disabled"
    assert verdict.sentence == (
        "Custom actions are disabled for your workspace. Contact your admin to enable them."
    )
    assert (await bus.ask(a_call("ws_theirs"))).answer is Answer.ALLOW
    assert not (await bus.ask(ReadSettings(workspace_id="ws_ours"))).custom_actions_enabled
    stored = await bus.jetstream.get_last_msg("FACTS", SettingsChanged.subject)
    assert SettingsChanged.model_validate_json(stored.data).workspace_id == "ws_ours"


@pytest.mark.parametrize(
    ("headers", "reads", "writes"),
    [(OWNER, 200, 200), (ADMIN, 200, 200), (BUILDER, 200, 403), (USER, 403, 403)],
    ids=["owner", "admin", "builder", "user"],
)
async def test_owners_and_admins_change_settings_and_builders_read_them(
    platform, headers, reads, writes
):
    client, _ = platform

    assert (await client.get("/v1/settings", headers=headers)).status_code == reads
    body = {"unique_hosts": True}
    assert (await client.put("/v1/settings", json=body, headers=headers)).status_code == writes


@pytest.mark.parametrize(
    "body",
    [{"custom_action_enabled": False}, {"unique_hosts": "no"}, {"first_call_asks": 0}, []]
    + [{"calls_per_minute": wrong} for wrong in (0, -1, 1.5, "60", True, 10**9)]
    + [{"concurrent_calls": 0}],
)
async def test_settings_that_nobody_defined_are_refused(platform, body):
    client, _ = platform

    refused = await client.put("/v1/settings", json=body, headers=OWNER)

    assert (refused.status_code, refused.json()["code"]) == (422, "platform.request_invalid")
    assert (await client.get("/v1/settings", headers=OWNER)).json() == DEFAULTS


async def test_a_change_is_based_on_the_settings_that_were_read(platform):
    client, _ = platform
    based = {**OWNER, "if-match": '"0"'}

    first = await client.put("/v1/settings", json={"unique_hosts": True}, headers=based)
    late = await client.put("/v1/settings", json={"first_call_asks": False}, headers=based)

    assert (first.status_code, first.headers["etag"]) == (200, '"1"')
    assert (late.status_code, late.json()["code"]) == (412, "platform.changed_meanwhile")


async def test_b5_a_switch_that_others_may_not_know_of_is_not_answered_as_done(platform):
    client, bus = platform
    body = {"custom_actions_enabled": False}

    async with refusing(bus):
        refused = await client.put("/v1/settings", json=body, headers=OWNER)
    done = await client.put("/v1/settings", json=body, headers=OWNER)

    assert (refused.status_code, refused.json()["code"]) == (503, "platform.not_in_force")
    assert (done.status_code, done.json()["revision"]) == (200, 1)


QUOTAS = {"calls_per_minute": 60, "calls_per_minute_per_member": 20, "concurrent_calls": 4}


@pytest.mark.parametrize("method", ["put", "patch"])
async def test_quotas_are_set_taken_away_and_kept_where_they_are_left_out(platform, method):
    client, bus = platform
    change = getattr(client, method)

    await change("/v1/settings", json=QUOTAS, headers=ADMIN)
    await change("/v1/settings", json={"unique_hosts": True}, headers=ADMIN)
    kept = (await client.get("/v1/settings", headers=BUILDER)).json()
    answered = await bus.ask(ReadSettings(workspace_id="ws_ours"))
    none = await change("/v1/settings", json=dict.fromkeys(QUOTAS), headers=ADMIN)

    assert {name: kept[name] for name in QUOTAS} == QUOTAS
    assert answered.model_dump() == kept
    assert {name: none.json()[name] for name in QUOTAS} == dict.fromkeys(QUOTAS)
    assert none.json()["unique_hosts"] is True


class TestWithinWhatTheOperatorAllows:
    @pytest.fixture
    def more(self):
        return {"max_calls_per_minute": 1_000}

    async def test_a_workspace_has_no_more_than_that_whatever_it_set(self, platform):
        client, bus = platform

        answered = await bus.ask(ReadSettings(workspace_id="ws_ours"))
        none = await client.put("/v1/settings", json={"calls_per_minute": None}, headers=OWNER)

        assert (answered.calls_per_minute, answered.calls_per_minute_per_member) == (1_000, 1_000)
        assert (none.status_code, none.json()["calls_per_minute"]) == (200, 1_000)

    @pytest.mark.parametrize("name", ["calls_per_minute", "calls_per_minute_per_member"])
    async def test_more_is_refused_with_the_number(self, platform, name):
        client, _ = platform

        refused = await client.patch("/v1/settings", json={name: 1_001}, headers=OWNER)

        assert (refused.status_code, refused.json()["code"]) == (422, "policy.calls_beyond_limit")
        assert f"`{name}` may be at most 1,000" in refused.json()["detail"]
