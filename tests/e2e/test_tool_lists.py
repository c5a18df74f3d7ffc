"""What models are given of a GPT, and that it can be called so; through the whole embedded
platform, with real APIs on two hosts.
"""

import httpx
import pytest

from openactions import OpenActions
from tests.e2e.platform_process import PlatformProcess
from tests.e2e.test_draft_and_published import (
    A,
    B,
    apis,
    comes_in_force,
    enter,
    member,
    published,
    refusal,
    schema_of,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    with apis() as (port, _):
        form = ["--data", tmp_path_factory.mktemp("data"), "--port", "0", "--demo-port", port]
        passed = ",".join(f"http://{host}:{port}=127.0.0.1" for host in (A, B))
        with PlatformProcess(form, {"EGRESS_ALLOWED_ORIGINS": passed}, compared=True) as up:
            yield up, port


@pytest.fixture
def owner(platform):
    up, _ = platform
    with OpenActions(up.url, up.token) as owner:
        owner.put("/v1/domains", {"mode": "list", "domains": [A, B]})
        yield owner


def names(tools):
    return [tool["function"]["name"] for tool in tools]


def calls(owner, gpt_id, tools, stage="published"):
    """The host that each tool calls, by the name it is listed under."""
    hosts = {}
    for name in names(tools):
        call = {"gpt_id": gpt_id, "operation": name, "arguments": {}, "stage": stage}
        hosts[name] = owner.post("/v1/invocations", call)["body"]["host"]
    return hosts


def bind(owner, gpt_id, host, port):
    action = owner.post(f"/v1/gpts/{gpt_id}/actions", {"schema_id": schema_of(owner, host, port)})
    enter(owner, action["id"], "key")


def test_b1_tools_of_one_name_are_listed_apart_and_each_is_called_by_its_own(platform, owner):
    _, port = platform
    gpt_id, _ = published(owner, port)
    before = owner.tools(gpt_id)
    assert calls(owner, gpt_id, before) == {"getThing": A}

    bind(owner, gpt_id, B, port)
    draft = owner.tools(gpt_id, stage="draft")
    assert owner.tools(gpt_id) == before
    assert len(set(names(draft))) == 2
    assert sorted(calls(owner, gpt_id, draft, "draft").values()) == [B, A]
    second = names(draft)[1]
    assert refusal(owner.invoke, gpt_id, second) == "execution.operation_not_found"

    owner.post(f"/v1/gpts/{gpt_id}/publish")
    comes_in_force(draft, lambda: owner.tools(gpt_id))
    assert calls(owner, gpt_id, draft) == {"getThing": A, second: B}


def test_b2_a_private_gpts_tools_are_its_owners_and_its_lists(platform, owner):
    up, port = platform
    gpt_id, _ = published(owner, port)
    member_id, somebody = member(owner, up, "builder")
    with somebody:
        for stage in ("published", "draft"):
            for asked in (gpt_id, "gpt_unknown"):
                assert refusal(somebody.tools, asked, stage=stage) == "execution.gpt_not_found"

        listed = {"members": [{"member_id": member_id, "level": "can_chat"}]}
        owner.put(f"/v1/gpts/{gpt_id}/access", listed)
        comes_in_force(None, lambda: refusal(somebody.tools, gpt_id))
        assert names(somebody.tools(gpt_id)) == ["getThing"]
        assert refusal(somebody.tools, gpt_id, stage="draft") == "access.level_too_low"

        owner.put(f"/v1/gpts/{gpt_id}/access", {"members": []})
        comes_in_force("execution.gpt_not_found", lambda: refusal(somebody.tools, gpt_id))


def test_each_api_gets_its_form_and_a_list_that_is_known_is_not_sent_again(platform, owner):
    up, port = platform
    gpt_id, _ = published(owner, port)

    [anthropic] = owner.tools(gpt_id, format="anthropic")
    [mcp] = owner.tools(gpt_id, format="mcp")
    [strict] = owner.tools(gpt_id, strict=True)
    assert set(anthropic) == {"name", "description", "input_schema"}
    assert mcp["annotations"]["readOnlyHint"] is True
    assert strict["function"]["strict"] is True

    page = owner.get("/v1/tools", gpt_id=gpt_id)
    assert (page["release"], page["stage"], page["left_out"]) == (1, "published", [])
    headers = {"authorization": f"Bearer {up.token}"}
    with httpx.Client(base_url=up.url, headers=headers, trust_env=False) as client:
        asked = f"/v1/tools?gpt_id={gpt_id}"
        etag = client.get(asked).headers["etag"]
        known = client.get(asked, headers={"if-none-match": etag})
        assert (known.status_code, known.content) == (304, b"")
        bind(owner, gpt_id, B, port)
        owner.post(f"/v1/gpts/{gpt_id}/publish")
        comes_in_force(200, lambda: client.get(asked, headers={"if-none-match": etag}).status_code)
