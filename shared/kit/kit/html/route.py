"""A route whose refusals are pages, too."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from contracts.errors import PlatformError
from kit.errors import headers_of, status_of
from kit.html.own_path import START
from kit.html.page import Link, Page, answer_of, see_other
from kit.html.session_of import SIGN_IN, RenewalNeeded, SignInNeeded
from kit.problems import RequestInvalid

UNAUTHORIZED, FORBIDDEN = 401, 403


class PageRoute(APIRoute):
    """`APIRouter(route_class=PageRoute, include_in_schema=False)`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_as_page(request: Request) -> Response:
            try:
                return await handle(request)
            except SignInNeeded as needed:
                return answer_of(_sign_in(needed))
            except RenewalNeeded as needed:
                return see_other(needed.renew)
            except RequestValidationError:
                hint = "Open the page again from where you came."
                return refused(RequestInvalid("This address is not complete.", hint=hint))
            except PlatformError as error:
                return refused(error)

        return handle_as_page


def _sign_in(needed: SignInNeeded) -> Page:
    how = Link(f"{SIGN_IN}?return_to={quote(needed.page, safe='/')}", "how_to_sign_in")
    if needed.as_another:
        return Page("another_member", links=(how, Link(START, "start")), status=FORBIDDEN)
    links = (how, Link(needed.page, "go_back"))
    return Page("sign_in_needed", links=links, status=UNAUTHORIZED)


def refused(error: PlatformError) -> Response:
    """The page that says why, and what to do; with the status that the API would answer."""
    values = {"sentence": error.sentence, "hint": error.hint}
    page = Page("refused", values, links=(Link(START, "start"),), status=status_of(error))
    answer = answer_of(page)
    answer.headers.update(headers_of(error))
    return answer
