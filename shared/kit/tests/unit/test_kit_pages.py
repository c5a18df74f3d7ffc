import asyncio
import base64
from functools import partial
from types import SimpleNamespace
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI

from contracts.errors import Invalid
from kit import problems
from kit.etags import EtagInvalid, etag_of, revision_of
from kit.hot import header_of
from kit.pages import LISTS, CursorInvalid, PageRequest, item_before, page_request
from kit.shares import FairShares
from kit.testing import running


def test_a_page_ends_with_the_cursor_of_the_next():
    page = PageRequest(2, None)

    view = page.view_of(["c", "b", "a"], ["id_3", "id_2", "id_1"])

    assert view.items == ["c", "b"]
    assert item_before(view.next_cursor) == "id_2"


def test_the_last_page_has_no_cursor():
    assert PageRequest(2, None).view_of(["b", "a"], ["id_2", "id_1"]).next_cursor is None
    assert PageRequest(2, None).view_of([], []).next_cursor is None


@pytest.mark.parametrize(
    "cursor",
    [
        "!!!!",
        "abc",
        "aWRf MQ==",
        "\xe9",
        "\ud800",
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
    ids=ascii,
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor):
    with pytest.raises(CursorInvalid) as refused:
        item_before(cursor)
    assert refused.value.code == "platform.cursor_invalid"


class Verifier:
    async def of(self, request):
        return SimpleNamespace(workspace_id=header_of(request, b"authorization"))


async def test_a13_a_workspace_with_its_share_of_lists_is_refused_and_another_is_not():
    api = FastAPI()
    problems.install(api)
    api.state.verifier = Verifier()
    api.state.lists = FairShares("test", LISTS, 4)
    arrived, may_end = asyncio.Semaphore(0), asyncio.Event()

    @api.get("/list")
    async def read(page: Annotated[PageRequest, Depends(page_request)]):
        if page.limit == 100:
            arrived.release()
            await may_end.wait()

    async with running(api) as client:
        slow = partial(client.get, "/list?limit=100", headers={"authorization": "greedy"})
        under_way = [asyncio.create_task(slow()) for _ in range(2)]
        for _ in under_way:
            await arrived.acquire()
        refused = await client.get("/list", headers={"authorization": "greedy"})
        other = await client.get("/list", headers={"authorization": "other"})
        may_end.set()
        await asyncio.gather(*under_way)

    assert (refused.status_code, refused.json()["code"]) == (429, "platform.share_exceeded")
    assert "2 lists being read" in refused.json()["detail"]
    assert (other.status_code, api.state.lists.in_use) == (200, 0)


@pytest.mark.parametrize("revision", [0, 1, 2**62 // 10])
def test_an_etag_says_its_revision(revision):
    assert revision_of(etag_of(revision)) == revision


@pytest.mark.parametrize("header", [None, "*"])
def test_no_etag_and_any_etag_expect_no_revision(header):
    assert revision_of(header) is None


@pytest.mark.parametrize(
    "header", ["", 'W/"1"', '"1", "2"', '"abc"', '"-1"', '"1.0"', '"\u0661"', '"' + "9" * 30 + '"']
)
def test_an_etag_that_is_none_of_ours_is_refused(header):
    with pytest.raises(Invalid) as refused:
        revision_of(header)
    assert refused.value.code == EtagInvalid.code
