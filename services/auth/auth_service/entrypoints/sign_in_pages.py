"""Pages at which a member signs in to an action, which work without script.

A form is never answered with the way to another site: the policy of our pages keeps forms here. So
a page names who signs in to what, and its link, which has a mark that only this browser's own pages
can make, leads on to the provider (RFC 6749, 4.1.1).
"""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from auth_service.app import AuthApp
from auth_service.domain.attempt import LIVES_FOR, MAX_RETURN_TO
from auth_service.domain.errors import PublicUrlUnset, TicketOver
from auth_service.entrypoints.http import App
from auth_service.entrypoints.page_hints import HINTS
from auth_service.usecases.begin_attempt import WantedSignIn
from auth_service.usecases.find_sign_in import MemberSignIn
from auth_service.usecases.finish_attempt import FinishedSignIn, FromProvider
from auth_service.usecases.offer_sign_in import OfferedSignIn
from contracts.errors import PlatformError
from contracts.ids import ActionId, MemberId
from contracts.origin import host_of
from contracts.principal import Principal, Scope
from kit.attempt_cookie import AttemptCookie
from kit.browser import refuse_foreign_forms, refuse_other_sites_on_pages, session_secret
from kit.errors import headers_of
from kit.html import (
    Asked,
    Form,
    Link,
    Page,
    PageRoute,
    answer_of,
    mark_of,
    own_path,
    read_form,
    refusal,
    see_other,
    session_of,
)
from kit.html.own_path import START
from kit.html.route import way_back
from kit.problems import refuse_head
from kit.public_address import PublicAddress
from kit.sealing import Secret

COOKIE = AttemptCookie("connection", "oac_", LIVES_FOR)
USES_UP = (Depends(refuse_head),)
MAX_TICKET = 4_000
MAX_KEY = 4_000
"""Characters of each value: a form has 16 KiB."""
VALUE = "value_"
Action = Annotated[ActionId, Path(max_length=100)]
OneTicket = Annotated[str, Path(max_length=MAX_TICKET)]
ReturnTo = Annotated[str | None, Query(max_length=MAX_RETURN_TO)]
Mark = Annotated[
    str, Query(max_length=100, description="That one of our pages asked this browser's person.")
]


class SignInPage(PageRoute):
    hints = HINTS


class AnswerRoute(SignInPage):
    """Where a provider sends a browser back: with whatever parameters it likes (RFC 6749, 4.1.2:
    those that are not known are ignored).
    """

    takes_any_parameter = True


router = APIRouter(prefix="/aip", route_class=SignInPage, include_in_schema=False)
answers = APIRouter(prefix="/aip", route_class=AnswerRoute, include_in_schema=False)


def sign_in_path(action_id: ActionId) -> str:
    """Where a member signs in to an action, whenever that is needed."""
    return f"/aip/{action_id}/sign-in"


@router.get("/{action_id}/oauth/start/{ticket}", dependencies=USES_UP)
async def show_start(
    action_id: Action, ticket: OneTicket, request: Request, app: App, mark: Mark = ""
) -> Response:
    """For the member alone for whom it was made; its link uses it up."""
    refuse_other_sites_on_pages(request.scope)
    held = await app.read_ticket(action_id, ticket)
    member = await _member(request, held.member_id)
    if member.workspace_id != held.workspace_id:
        raise TicketOver
    wanted = WantedSignIn(action_id, held.return_to, held.id)
    return await _Visit(request, app, member).asked_or_led(wanted, mark)


@router.get("/{action_id}/sign-in", dependencies=USES_UP)
async def show_sign_in(
    action_id: Action,
    request: Request,
    app: App,
    mark: Mark = "",
    return_to: ReturnTo = None,
) -> Response:
    """For whoever may use the action. A call that waits names this address."""
    refuse_other_sites_on_pages(request.scope)
    member = await _member(request)
    wanted = WantedSignIn(action_id, own_path(return_to))
    return await _Visit(request, app, member).asked_or_led(wanted, mark)


@router.post("/{action_id}/sign-in")
async def keep_key(action_id: Action, request: Request, app: App) -> Response:
    """A key of the member's own, from the form of the page above."""
    address = address_of(request)
    refuse_foreign_forms(request.scope, address)
    member = await _member(request)
    form = await app.read_own_key(member, action_id)
    names = _names(len(form.key.labels))
    secret = session_secret(request.scope, address) or ""
    fields = await read_form(request, secret, (*names, "return_to", "version"))
    values = tuple(Secret(fields[name]) for name in names)
    await app.set_own_key(member, action_id, values, fields["version"])
    links = (way_back(own_path(fields["return_to"])),)
    return answer_of(Page("key_kept", {"service": host_of(form.origins[0])}, links=links))


@answers.get("/{action_id}/oauth/callback", dependencies=USES_UP)
async def finish_sign_in(action_id: Action, request: Request, app: App) -> Response:
    """Where a provider sends the browser back to: each action has its own address."""
    refuse_other_sites_on_pages(request.scope)
    address = address_of(request)
    member = await _member(request)
    query = request.scope["query_string"].decode("latin-1")
    secret = COOKIE.secret(request.scope, address) or ""
    try:
        finished = await app.finish_attempt(member, FromProvider(action_id, query, secret))
    except PlatformError as error:
        return _refused(error, action_id)
    return answer_of(_connected(finished))


def address_of(request: Request) -> PublicAddress:
    address: PublicAddress | None = request.app.state.verifier.address
    if address is None:
        raise PublicUrlUnset
    return address


async def _member(request: Request, member_id: MemberId | None = None) -> Principal:
    """Whose session it is, of that member where one is named."""
    member = await session_of(request, member_id)
    member.demand(Scope.CONNECTIONS_WRITE)
    return member


@dataclass(frozen=True, slots=True)
class _Visit:
    """Of a member who wants to sign in."""

    request: Request
    app: AuthApp
    member: Principal

    async def asked_or_led(self, wanted: WantedSignIn, mark: str) -> Response:
        """To the provider, where one of our pages asked this member in this browser before."""
        address = address_of(self.request)
        secret = COOKIE.secret_or_new(self.request.scope, address)
        path = self.request.url.path
        if mark and await self._agreed(secret, wanted.action_id, mark):
            leads_to = await self.app.begin_attempt(self.member, wanted, secret)
            return see_other(leads_to, COOKIE.keep(address, secret))
        offered = await self.app.offer_sign_in(self.member, wanted.action_id)
        if offered.found.client is None:
            return await self._key_asked(offered, wanted)
        query = {"mark": self._mark(secret, offered.found)}
        if not wanted.ticket_id:
            query["return_to"] = wanted.return_to
        values = {**_who(offered), "provider": offered.provider}
        link = Link(f"{path}?{urlencode(query)}", "go_to_provider")
        answer = answer_of(Page("connect_asked", values, links=(link,)))
        answer.headers["set-cookie"] = COOKIE.keep(address, secret)
        return answer

    async def _agreed(self, secret: str, action_id: ActionId, mark: str) -> bool:
        """Whether the page that they saw said what is asked for now."""
        found = await self.app.find_sign_in(self.member, action_id)
        return compare_digest(mark.encode(), self._mark(secret, found).encode())

    def _mark(self, secret: str, found: MemberSignIn) -> str:
        shown = (self.request.url.path, self.member.member_id, found.record.asks_for)
        return mark_of(secret, "\n".join(shown))

    async def _key_asked(self, offered: OfferedSignIn, wanted: WantedSignIn) -> Response:
        """The form is of this session: nobody else's page can make one."""
        form = await self.app.read_own_key(self.member, wanted.action_id)
        path = sign_in_path(wanted.action_id)
        secret = session_secret(self.request.scope, address_of(self.request)) or ""
        fields = {
            "mark": mark_of(secret, path),
            "return_to": wanted.return_to,
            "version": form.version,
        }
        labels = form.key.labels
        asked = [
            Asked(name, label, MAX_KEY)
            for name, label in zip(_names(len(labels)), labels, strict=True)
        ]
        shown = Form(path, "keep_key", fields, secrets=asked)
        return answer_of(Page("key_asked", _who(offered), forms=(shown,)))


def _who(offered: OfferedSignIn) -> dict[str, str]:
    return {
        "member": offered.names.member,
        "workspace": offered.names.workspace,
        "gpt": offered.gpt,
        "service": offered.found.service,
    }


def _names(count: int) -> tuple[str, ...]:
    return tuple(f"{VALUE}{number}" for number in range(1, count + 1))


def _connected(finished: FinishedSignIn) -> Page:
    account = finished.connection.account
    values = {"service": finished.service}
    if account.label:
        values["account"] = account.label
    notes = [
        note
        for note, scopes in (
            ("scopes_missing", account.scopes.missing),
            ("scopes_added", account.scopes.added),
        )
        if scopes
    ]
    links = () if finished.return_to == START else (way_back(finished.return_to),)
    name = "connected_as" if account.label else "connected"
    return Page(name, values, links=links, notes=notes)


def _refused(error: PlatformError, action_id: ActionId) -> Response:
    """With a way to begin again."""
    again = Link(sign_in_path(action_id), "sign_in_again")
    answer = answer_of(refusal(error, HINTS, (again,)))
    answer.headers.update(headers_of(error))
    return answer
