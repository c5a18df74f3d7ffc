"""A route whose refusals are pages, too."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from contracts.errors import PlatformError
from kit.errors import headers_of, status_of
from kit.html.own_path import START
from kit.html.page import Link, Page, answer_of, see_other
from kit.html.session_of import SIGN_IN, RenewalNeeded, SignInNeeded
from kit.html.texts import HINTS
from kit.problems import RequestInvalid

UNAUTHORIZED, FORBIDDEN = 401, 403
WAYS_ON = (Link(SIGN_IN, "how_to_sign_in"), Link(START, "start"))


class PageRoute(APIRoute):
    """`APIRouter(route_class=PageRoute, include_in_schema=False)`."""

    hints: ClassVar[Mapping[str, str]] = {}
    """For people, by code, in place of the hints of a service's own refusals."""

    def page_of(self, error: PlatformError) -> Page:
        """The page that a refusal is: why, what to do, and ways on."""
        return refusal(error, self.hints)

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
                return self._refused(RequestInvalid("This address is not complete.", hint=hint))
            except PlatformError as error:
                return self._refused(error)

        return handle_as_page

    def _refused(self, error: PlatformError) -> Response:
        answer = answer_of(self.page_of(error))
        answer.headers.update(headers_of(error))
        return answer


def way_back(page: str) -> Link:
    """To where somebody wanted to be; the start page is what nobody named."""
    return Link(page, "start" if page == START else "go_back")


def _sign_in(needed: SignInNeeded) -> Page:
    how = Link(f"{SIGN_IN}?return_to={quote(needed.page, safe='/')}", "how_to_sign_in")
    if needed.as_another:
        return Page("another_member", links=(how, Link(START, "start")), status=FORBIDDEN)
    links = (how, way_back(needed.page))
    return Page("sign_in_needed", links=links, status=UNAUTHORIZED)


def refusal(error: PlatformError, hints: Mapping[str, str], ways_on: Sequence[Link] = ()) -> Page:
    """Why, and what to do; with the status that the API would answer, and these links first."""
    values = {"sentence": error.sentence, "hint": hint_of(error, hints)}
    return Page("refused", values, links=(*ways_on, *WAYS_ON), status=status_of(error))


def hint_of(error: PlatformError, hints: Mapping[str, str]) -> str:
    """For people, who cannot send requests: the service's own, else the kit's, else the error's."""
    return hints.get(error.code) or HINTS.get(error.code) or error.hint
