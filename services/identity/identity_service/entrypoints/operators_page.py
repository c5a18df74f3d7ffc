from typing import Annotated

from fastapi import Depends, Query

from kit.pages import PageRequest, item_before


def operators_page(
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    after: Annotated[str | None, Depends(item_before)] = None,
) -> PageRequest:
    """As `page_request`, for whoever belongs to no workspace that could have a share."""
    return PageRequest(limit, after)


Page = Annotated[PageRequest, Depends(operators_page)]
