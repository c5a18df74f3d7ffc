"""Cursors for lists: opaque, made of the last id seen, so that a page never shifts."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel, StringConstraints

from contracts.errors import Invalid
from kit.caller import Verifier
from kit.shares import FairShares, Held, Resource

T = TypeVar("T")
LISTS = Resource(
    "lists",
    "This workspace has {used} being read, which is its share of this replica.",
    noun="list",
    hint="Read one list after the other; `cursor` continues where a page ends.",
)
"""A list may cost the database much more than a single read."""
PartOfText = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""What a list is searched for: one line; it is compared without regard to case."""


class CursorInvalid(Invalid):
    code = "platform.cursor_invalid"


class PageView(BaseModel, Generic[T]):
    """One page, newest first, and the cursor of the next; null on the last page."""

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    limit: int
    after: str | None

    def view_of(self, found: list[T], ids: list[str]) -> PageView[T]:
        """`found` holds up to one item more than asked for, which proves that there is a next."""
        last = ids[self.limit - 1] if len(found) > self.limit else None
        return PageView(items=found[: self.limit], next_cursor=cursor_after(last))


def cursor_after(last: str | None) -> str | None:
    """The cursor of what follows an item; None after the last page."""
    return base64.urlsafe_b64encode(last.encode()).decode() if last is not None else None


def item_before(cursor: Annotated[str | None, Query(max_length=200)] = None) -> str | None:
    """The item that a cursor says a page begins after."""
    if cursor is None:
        return None
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except ValueError:  # not base64, or not UTF-8
        raise CursorInvalid(
            "This cursor was not made by us.", hint="Use `next_cursor` of the previous page."
        ) from None


async def page_request(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    after: Annotated[str | None, Depends(item_before)] = None,
) -> AsyncIterator[PageRequest]:
    """The page that a caller asks for; until it is answered it counts as one of the workspace's."""
    with await _list_of_caller(request):
        yield PageRequest(limit, after)


async def counts_as_a_list(request: Request) -> AsyncIterator[None]:
    """A dependency of what reads as much as a page; likewise one of the workspace's lists."""
    with await _list_of_caller(request):
        yield


async def _list_of_caller(request: Request) -> Held:
    verifier: Verifier = request.app.state.verifier
    lists: FairShares = request.app.state.lists
    caller = await verifier.of(request.scope)
    return lists.held(caller.workspace_id)
