"""Pages of signing in with a company's account, which work without script.

A form is never answered with the way to another site: the policy of our pages keeps forms here.
So a page comes in between, whose link leads there.
"""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from contracts.ids import WorkspaceId
from identity_service.domain.browser_name import browser_name
from identity_service.domain.oidc.attempt import (
    LIVES_FOR,
    MAX_RETURN_TO,
    FromBrowser,
    ProviderAnswer,
)
from identity_service.domain.oidc.errors import AttemptOver
from identity_service.entrypoints.http import App
from identity_service.entrypoints.refused_pages import OIDC, IdentityPage
from identity_service.entrypoints.session_pages import (
    LIFE_SECONDS,
    SIGNED_IN,
    USES_UP,
    address_of,
)
from identity_service.usecases.finish_company_sign_in import Finished
from identity_service.usecases.offer_company_sign_in import OfferedCompanySignIn
from kit.attempt_cookie import AttemptCookie
from kit.browser import (
    came_from_another_site,
    cookie_of,
    refuse_foreign_forms,
    refuse_other_sites_on_pages,
    session_secret,
)
from kit.caller import digest_of
from kit.html import (
    Form,
    Link,
    Page,
    answer_of,
    mark_of,
    own_path,
    read_form,
    see_other,
)
from kit.html.route import WAYS_ON, way_back
from kit.public_address import PublicAddress

router = APIRouter(prefix="/v1/session", route_class=IdentityPage, include_in_schema=False)
CHOOSE = f"{OIDC}/choose/"
MAX_PARAMETERS = 50
COOKIE = AttemptCookie("attempt", "oab_", LIVES_FOR)
ReturnTo = Annotated[str | None, Query(max_length=4_000)]
Secret = Annotated[str, Path(max_length=100)]
OneWorkspace = Annotated[WorkspaceId, Path(max_length=100)]


class AnswerRoute(IdentityPage):
    """Where a provider sends a browser back: with whatever parameters it likes (RFC 6749, 4.1.2:
    those that are not known are ignored).
    """

    takes_any_parameter = True


answers = APIRouter(prefix="/v1/session", route_class=AnswerRoute, include_in_schema=False)


def led_elsewhere(
    request: Request,
    *,
    led: Annotated[
        bool, Query(description="Whether it was asked for at another address before.")
    ] = False,
) -> str | None:
    """The same page at the public address, once: cookies of another address are not sent where the
    company's sign-in comes back to. `led` keeps a proxy that changes `Host` from a circle.
    """
    address = address_of(request)
    if led or request.headers.get("host", "").lower() == address.host:
        return None
    query = [*request.query_params.multi_items(), ("led", "true")]
    return f"{address.origin}{request.url.path}?{urlencode(query)}"


Elsewhere = Annotated[str | None, Depends(led_elsewhere)]


def _from_browser(request: Request, address: PublicAddress) -> FromBrowser:
    secret, session = COOKIE.secret(request.scope, address), session_secret(request.scope, address)
    if secret is None:
        raise AttemptOver
    name = browser_name(request.headers.get("user-agent", ""))
    return FromBrowser(name, secret, digest_of(session) if session else None)


@router.get("/sign-in")
async def show_sign_in(
    request: Request, elsewhere: Elsewhere, return_to: ReturnTo = None
) -> Response:
    """How to sign in, and the way back to where somebody wanted to be."""
    address = address_of(request)
    if elsewhere is not None:
        return see_other(elsewhere)
    secret = COOKIE.secret_or_new(request.scope, address)
    fields = {"mark": mark_of(secret, OIDC), "return_to": own_path(return_to)}
    form = Form(OIDC, "go_on", fields, asks=("email",))
    links = (way_back(own_path(return_to)),)
    answer = answer_of(Page("sign_in_how", forms=(form,), links=links))
    answer.headers["set-cookie"] = COOKIE.keep(address, secret)
    return answer


@router.post("/oidc")
async def find_company_sign_in(request: Request, app: App) -> Response:
    """The page whose link leads to the company's sign-in, by the domain of an address."""
    address = address_of(request)
    refuse_foreign_forms(request.scope, address)
    secret = COOKIE.secret_or_new(request.scope, address)
    fields = await read_form(request, secret, ("email", "return_to"))
    workspace_id = await app.find_company_sign_in(fields["email"])
    query = {
        "workspace": workspace_id,
        "choose": "true",
        "return_to": own_path(fields["return_to"]),
    }
    return answer_of(
        Page("go_to_company", links=(Link(f"{OIDC}?{urlencode(query)}", "go_to_company"),))
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where somebody wants to sign in, by the address that they opened."""

    workspace: Annotated[str, Query(min_length=1, max_length=100)]
    choose: bool = False
    return_to: ReturnTo = None
    mark: Annotated[str, Query(max_length=100)] = ""
    """That one of our pages asked this browser's person first."""

    @property
    def workspace_id(self) -> WorkspaceId:
        return WorkspaceId(self.workspace)

    def own_mark(self, secret: str) -> str:
        return mark_of(secret, f"{OIDC}?{self.workspace}")


@router.get("/oidc", dependencies=USES_UP)
async def begin_company_sign_in(
    request: Request, app: App, elsewhere: Elsewhere, wanted: Annotated[Wanted, Depends()]
) -> Response:
    """To the company's sign-in. Also a portal of the company's may lead here.

    Any site may, and whoever signs in ends the session that the browser has. So where another site
    leads here, or that session is of another workspace, a page names the workspace first; its link
    has a mark that only this browser's own pages can make.
    """
    refuse_other_sites_on_pages(request.scope)
    address = address_of(request)
    if elsewhere is not None:
        return see_other(elsewhere)
    secret = COOKIE.secret_or_new(request.scope, address)
    cookie = COOKIE.keep(address, secret)
    session = session_secret(request.scope, address)
    offered = await app.offer_company_sign_in(
        wanted.workspace_id, digest_of(session) if session else None
    )
    is_marked = compare_digest(wanted.mark.encode(), wanted.own_mark(secret).encode())
    is_doubtful = offered.ends_another or came_from_another_site(request.scope)
    if is_doubtful and not is_marked:
        answer = _asked_first(offered, wanted, secret)
        answer.headers["set-cookie"] = cookie
        return answer
    back = own_path(wanted.return_to)
    leads_to = await app.begin_company_sign_in(
        wanted.workspace_id,
        secret,
        SIGNED_IN if back == "/" or len(back) > MAX_RETURN_TO else back,
        chooses=wanted.choose,
    )
    return see_other(leads_to, cookie)


def _asked_first(offered: OfferedCompanySignIn, wanted: Wanted, secret: str) -> Response:
    """The way on is a link: a form is never answered with the way to another site."""
    query = {
        "workspace": wanted.workspace,
        "choose": str(wanted.choose).lower(),
        "return_to": own_path(wanted.return_to),
        "mark": wanted.own_mark(secret),
    }
    links = (Link(f"{OIDC}?{urlencode(query)}", "go_to_company"),)
    return answer_of(Page("company_asked", {"workspace": offered.title}, links=links))


@answers.get("/oidc/callback/{workspace_id}", dependencies=USES_UP)
async def finish_company_sign_in(
    workspace_id: OneWorkspace, request: Request, app: App
) -> Response:
    """Where a company's sign-in sends the browser back to: each workspace has its own address."""
    refuse_other_sites_on_pages(request.scope)
    address = address_of(request)
    answer = _answer_of(request.scope["query_string"], workspace_id)
    finished = await app.finish_company_sign_in(answer, _from_browser(request, address))
    return _signed_in(finished, address)


@answers.get("/oidc/callback")
async def begin_anew() -> Response:
    """Where all companies sent browsers once: what comes here may be any workspace's."""
    raise AttemptOver


@router.post("/oidc/choose/{secret}")
async def choose_workspace(secret: Secret, request: Request, app: App) -> Response:
    """Into one of the workspaces to which a verified person belongs."""
    address = address_of(request)
    refuse_foreign_forms(request.scope, address)
    fields = await read_form(request, secret, ("workspace",))
    browser = _from_browser(request, address)
    finished = await app.choose_workspace(digest_of(secret), fields["workspace"], browser)
    return _signed_in(finished, address)


@router.get("/oidc/sign-out")
async def sign_out_at_company(
    app: App, workspace: Annotated[str, Query(min_length=1, max_length=100)]
) -> Response:
    """To where the company signs people out, after they signed out here."""
    leads_to = await app.find_provider_sign_out(WorkspaceId(workspace))
    if leads_to is None:
        return answer_of(Page("no_sign_out_there", links=WAYS_ON))
    return see_other(leads_to)


def _answer_of(query: bytes, came_to: WorkspaceId) -> ProviderAnswer:
    """Each parameter once (RFC 6749, 3.1)."""
    try:
        pairs = parse_qsl(
            query.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_PARAMETERS
        )
    except ValueError:  # more than that
        raise AttemptOver from None
    found = dict(pairs)
    known = [name for name, _ in pairs if name in ("state", "code", "iss", "error")]
    if len(known) != len({*known}) or "state" not in found:
        raise AttemptOver
    return ProviderAnswer(
        found["state"], came_to, found.get("code"), found.get("iss"), found.get("error")
    )


def _signed_in(finished: Finished, address: PublicAddress) -> Response:
    if finished.session is None:
        return answer_of(Page("choose_workspace", forms=_choices(finished)))
    answer = see_other(finished.return_to, cookie_of(address, finished.session.text, LIFE_SECONDS))
    answer.headers.append("set-cookie", COOKIE.take_away(address))
    return answer


def _choices(finished: Finished) -> tuple[Form, ...]:
    action = CHOOSE + finished.choice
    return tuple(
        Form(
            action,
            "choose",
            {"mark": mark_of(finished.choice, action), "workspace": each.workspace.id},
            {"workspace": each.workspace.title, "role": each.member.role.value},
        )
        for each in finished.offers
    )
