"""`GET /v1/tools` on a real broker: a release's tools, and what a replica asks others for them."""

import asyncio

import pytest

from contracts.access import Sharing
from contracts.facts import GptAccessChanged, SchemaCompiled
from contracts.operation import Location, Parameter
from contracts.requests import AccessOfGpt
from execution_service.entrypoints.tool_views import ToolListView
from kit.pages import cursor_after
from kit.testing import eventually
from services.execution.tests.execution_platform import OWNER, STRANGER, operation

pytestmark = pytest.mark.integration


async def listed(platform, caller=OWNER, headers=None, **query):
    asked = {"gpt_id": "gpt_1", **query}
    return await platform.client.get(
        "/v1/tools", params=asked, headers={**caller, **(headers or {})}
    )


def names(page):
    return [tool["function"]["name"] for tool in page["tools"]]


async def test_what_can_be_called_is_listed_and_what_cannot_is_named(platform):
    answer = await listed(platform)

    page = answer.json()
    assert ToolListView.model_validate(page).model_dump(mode="json") == page
    assert names(page) == ["getPet", "addPet", "getNobody", "addNobody"]
    refused = {each["name"]: each["code"] for each in page["left_out"]}
    assert refused == {
        "getInside": "egress.address_refused",
        "getPlain": "egress.scheme_refused",
    }
    assert all(each["detail"] and each["hint"] for each in page["left_out"])


async def test_each_listed_tool_is_called_by_its_name_and_none_that_is_left_out(platform):
    page = (await listed(platform)).json()

    for name in names(page):
        assert (await platform.invoke(name)).status_code == 200
    for each in page["left_out"]:
        assert (await platform.invoke(each["name"])).json()["code"] == each["code"]


async def test_h64_an_argument_that_the_credential_fills_is_not_asked_for(platform):
    pet = platform.operations["getPet"]
    key = Parameter(
        argument="key",
        name="X-API-Key",
        location=Location.HEADER,
        required=True,
        style="simple",
        explode=False,
    )
    pet.arguments["properties"]["key"] = {"type": "string"}
    pet.arguments["required"].append("key")
    platform.operations = {"getPet": pet.model_copy(update={"parameters": (*pet.parameters, key)})}

    [tool] = (await listed(platform, strict=True)).json()["tools"]

    assert set(tool["function"]["parameters"]["properties"]) == {"id", "limit"}
    assert (await platform.invoke("getPet", id="1")).json()["status"] == 200
    [(_, _, headers, _)] = platform.api.requests
    assert headers["x-api-key"] == "key-1"


async def test_a_warm_list_asks_nobody(platform):
    first = await listed(platform)
    asked = len(platform.others.asked)

    for _ in range(3):
        assert (await listed(platform)).content == first.content

    assert len(platform.others.asked) == asked


async def test_two_hundred_tools_come_in_pages_of_128(platform):
    platform.operations = {
        f"get{number}": operation(f"get{number}", "GET", platform.api.origin)
        for number in range(200)
    }
    first = (await listed(platform)).json()
    rest = (await listed(platform, cursor=first["next_cursor"])).json()

    assert [len(first["tools"]), len(rest["tools"])] == [128, 72]
    assert (names(first) + names(rest), rest["next_cursor"]) == ([*platform.operations], None)


async def test_large_tools_end_a_page_before_1_mib(platform):
    platform.operations = {
        f"get{number}": operation(
            f"get{number}", "GET", platform.api.origin, constants={}, security=()
        )
        for number in range(8)
    }
    for each in platform.operations.values():
        each.arguments["properties"]["id"]["enum"] = ["x" * 1_000] * 240
    sizes, seen, cursor = [], [], None
    while not seen or cursor is not None:
        answer = await listed(platform, **({} if cursor is None else {"cursor": cursor}))
        sizes.append(len(answer.content))
        seen += names(answer.json())
        cursor = answer.json()["next_cursor"]

    assert seen == [*platform.operations]
    assert len(sizes) == 2
    assert max(sizes) <= 1024 * 1024


async def test_whoever_has_the_answer_gets_304(platform):
    etag = (await listed(platform)).headers["etag"]

    known = await listed(platform, headers={"if-none-match": etag})
    other = await listed(platform, headers={"if-none-match": etag}, format="mcp")

    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("caller", "query"),
    [(STRANGER, {}), (OWNER, {"gpt_id": "gpt_2"}), (STRANGER, {"stage": "draft"})],
    ids=["another workspace", "unknown", "another workspace's draft"],
)
async def test_b2_what_is_foreign_and_what_is_unknown_are_one_404(platform, caller, query):
    refused = await listed(platform, caller, **query)
    assert (refused.status_code, refused.json()["code"]) == (404, "execution.gpt_not_found")


async def test_b2_access_that_is_taken_away_is_in_force_at_once(platform):
    assert (await listed(platform)).status_code == 200

    platform.access = AccessOfGpt(workspace_id="", sharing=Sharing.PRIVATE)
    await platform.others.bus.publish(
        GptAccessChanged(workspace_id=platform.workspace_id, gpt_id="gpt_1", revision=2)
    )

    async def refused():
        answer = await listed(platform)
        return answer.status_code == 403 and answer.json()["code"] == "access.private"

    assert await eventually(refused)


async def test_b9_a_document_that_is_compiled_again_is_shown_as_it_is_now(platform):
    await listed(platform)
    pet = platform.operations["getPet"]
    platform.operations["getPet"] = pet.model_copy(update={"description": "Anew."})
    await platform.others.bus.publish(
        SchemaCompiled(workspace_id=platform.workspace_id, schema_id="sch_1", compiler=3)
    )

    async def shown():
        [first, *_] = (await listed(platform)).json()["tools"]
        return first["function"]["description"] == "Anew."

    assert await eventually(shown)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"cursor": "bm9uZQ=="}, "platform.cursor_invalid"),
        ({"cursor": "MS54"}, "platform.cursor_invalid"),
        ({"cursor": cursor_after(f"gpt_1.published.{10**18}.0")}, "platform.cursor_invalid"),
        ({"cursor": cursor_after(f"gpt_1.published.1.{10**18}")}, "platform.cursor_invalid"),
        ({"limit": 129}, "platform.request_invalid"),
        ({"format": "pigeon"}, "platform.request_invalid"),
        ({"stage": "old"}, "platform.request_invalid"),
        ({"flavour": "mcp"}, "platform.unknown_parameter"),
    ],
    ids=str,
)
async def test_what_is_asked_wrongly_is_refused(platform, query, code):
    refused = await listed(platform, **query)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


class TestShares:
    @pytest.fixture
    def settings(self):
        return {"max_lists": 2}

    async def test_b7_lists_of_tools_are_shared_fairly(self, platform):
        """Of two lists at once a workspace may read one."""
        answers = await asyncio.gather(*(listed(platform) for _ in range(6)))
        codes = [answer.json().get("code") for answer in answers]
        assert set(codes) == {None, "platform.share_exceeded"}
