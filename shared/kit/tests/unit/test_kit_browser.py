"""Requests with a session's cookie: what only a page of ours may send, and what nobody may."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.facts import MemberChanged, SessionRevoked, TokenRevoked, WorkspaceClosed
from contracts.principal import SCOPES_OF_ROLE, Via
from contracts.requests import AuthenticatedCaller, CredentialKind, Role
from kit.browser import CrossSite, cookie_of, refuse_foreign_forms, session_secret
from kit.caller import Verifier, digest_of, session_key
from kit.errors import SessionEnded, SessionRenewal, SessionUnclear, Unauthenticated
from kit.public_address import PublicAddress
from kit.testing import bearer, session_of_name
from shared.kit.tests.kit_fakes import Watch

TLS, LOOPBACK = PublicAddress("https://a.example"), PublicAddress("http://127.0.0.1:8080")
SECRET = session_of_name("ours")
COOKIE = {"cookie": f"__Host-openactions={SECRET}"}
JSON = {"content-type": "application/json", "content-length": "2"}
OWN_PAGE = {"sec-fetch-site": "same-origin", "origin": "https://a.example"}
LINK = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


class Identity:
    """Knows the session `ours` and the token `ours`, of another member."""

    def __init__(self, expires_at=None):
        self.expires_at = expires_at
        self.asked = []
        self.refusal = None

    async def __call__(self, asked):
        self.asked.append(asked)
        if self.refusal is not None:
            raise self.refusal
        if asked.kind is CredentialKind.TOKEN:
            return caller("mem_token", "tok_1", Via.TOKEN)
        if asked.token_digest != digest_of(SECRET):
            raise SessionEnded
        return caller("mem_session", "ses_1", Via.SESSION, expires_at=self.expires_at)


def caller(member_id, id_, via, **more):
    return AuthenticatedCaller(
        workspace_id="ws_1",
        member_id=member_id,
        token_id=id_,
        role=Role.USER,
        scopes=SCOPES_OF_ROLE[Role.USER],
        via=via,
        **more,
    )


def request(method="GET", *several, **headers):
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    raw = [(k.encode(), v.encode()) for k, v in (*named, *several)]
    return {"type": "http", "method": method, "headers": raw}


def with_cookie(method="GET", *several, **headers):
    return request(method, *several, **{**COOKIE, **headers})


@pytest.fixture
def identity():
    return Identity()


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def verifier(watch, identity):
    return Verifier(watch, identity, address=TLS)


async def test_a_session_is_verified_once_and_says_how_it_came(verifier, identity):
    callers = [await verifier.of(with_cookie()) for _ in range(3)]

    assert {each.member_id for each in callers} == {"mem_session"}
    assert {(each.via, each.credential_id) for each in callers} == {(Via.SESSION, "ses_1")}
    [asked] = identity.asked
    assert (asked.kind, asked.token_digest) == (CredentialKind.SESSION, digest_of(SECRET))


@pytest.mark.parametrize("authorization", ["Bearer wrong", "", "Basic x"])
async def test_h98_authorization_wins_and_a_cookie_does_not_save_a_wrong_one(
    verifier, authorization
):
    with_both = with_cookie(authorization=bearer("ours")["authorization"])

    assert (await verifier.of(with_both)).member_id == "mem_token"
    with pytest.raises(Unauthenticated):
        await verifier.of(with_cookie(authorization=authorization))


@pytest.mark.parametrize(
    "cookie",
    [
        f"__Host-openactions={SECRET[:-1]}",
        f"__Host-openactions={SECRET}0",
        f'__Host-openactions="{SECRET}"',
        '__Host-openactions={"$gt": ""}',
        f"__Host-openactions=oat_{SECRET[4:]}",
        f"__Host-openactions={SECRET}; __Host-openactions={SECRET[:-1]}1",
        f"__Host-openactions={SECRET}; __Host-openactions={SECRET}",
    ],
)
async def test_h99_what_is_no_session_by_its_looks_is_refused_without_a_question(
    verifier, identity, cookie
):
    with pytest.raises(SessionUnclear) as refused:
        await verifier.of(request(cookie=cookie))
    assert refused.value.code == "identity.session_ended"
    assert identity.asked == []


@pytest.mark.parametrize(
    "cookie",
    ["", "other=x", f"openactions={SECRET}", f"__host-openactions={SECRET}"],
)
async def test_what_is_no_cookie_of_ours_is_not_looked_at(verifier, identity, cookie):
    with pytest.raises(Unauthenticated):
        await verifier.of(request(cookie=cookie))
    assert identity.asked == []


async def test_two_cookie_headers_are_read_as_one_list(verifier):
    split = request("GET", ("cookie", "theme=dark; a"), ("cookie", f"__Host-openactions={SECRET}"))

    assert (await verifier.of(split)).member_id == "mem_session"


def test_on_loopback_the_cookie_has_no_prefix():
    loopback = request(cookie=f"openactions={SECRET}")

    assert session_secret(loopback, LOOPBACK) == SECRET
    assert session_secret(loopback, TLS) is None


async def test_without_a_public_address_no_cookie_is_looked_at(watch, identity):
    with pytest.raises(Unauthenticated):
        await Verifier(watch, identity).of(with_cookie())
    with pytest.raises(SessionEnded):
        await Verifier(watch, identity).of_page(with_cookie())
    assert identity.asked == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_page_of_ours_changes_things_with_json(verifier, method):
    assert await verifier.of(with_cookie(method, **OWN_PAGE, **JSON))


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_a_page_of_ours_may_send_no_body_at_all(verifier, method):
    assert await verifier.of(with_cookie(method, **OWN_PAGE))
    assert await verifier.of(with_cookie(method, **OWN_PAGE, **{"content-length": "0"}))


REFUSED = {
    "no Sec-Fetch-Site": {"sec-fetch-site": None},
    "cross-site": {"sec-fetch-site": "cross-site"},
    "same-site": {"sec-fetch-site": "same-site"},
    "address bar": {"sec-fetch-site": "none"},
    "no Origin": {"origin": None},
    "foreign Origin": {"origin": "https://evil.example"},
    "Origin null": {"origin": "null"},
    "Origin of another port": {"origin": "https://a.example:8443"},
    "Origin without TLS": {"origin": "http://a.example"},
    "form": {"content-type": "application/x-www-form-urlencoded"},
    "multipart": {"content-type": "multipart/form-data; boundary=x"},
    "text": {"content-type": "text/plain"},
    "text that names JSON": {"content-type": "text/plain; application/json"},
    "no type": {"content-type": None},
    "no type, chunked": {
        "content-type": None,
        "content-length": None,
        "transfer-encoding": "chunked",
    },
    "empty form": {"content-type": "text/plain", "content-length": "0"},
    "iframe": {"sec-fetch-dest": "iframe"},
    "embed": {"sec-fetch-dest": "embed"},
    "object": {"sec-fetch-dest": "object"},
}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize("kind", REFUSED)
async def test_what_another_site_may_have_sent_changes_nothing(verifier, identity, method, kind):
    headers = {**OWN_PAGE, **JSON, **REFUSED[kind]}
    sent = {name: value for name, value in headers.items() if value is not None}

    with pytest.raises(CrossSite):
        await verifier.of(with_cookie(method, **sent))
    assert identity.asked == []


async def test_a_header_that_comes_twice_is_not_believed(verifier):
    for twice in (("sec-fetch-site", "same-origin"), ("origin", "https://a.example")):
        with pytest.raises(CrossSite):
            await verifier.of(with_cookie("POST", twice, **OWN_PAGE, **JSON))


@pytest.mark.parametrize("site", ["same-origin", "none", None])
async def test_our_pages_and_the_address_bar_read_the_api(verifier, site):
    headers = {} if site is None else {"sec-fetch-site": site}

    assert await verifier.of(with_cookie(**headers))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something new"])
async def test_another_site_reads_nothing_not_even_by_a_link_to_the_api(verifier, site):
    for more in ({}, LINK):
        with pytest.raises(CrossSite):
            await verifier.of(with_cookie(**{"sec-fetch-site": site}, **more))


async def test_a_link_from_another_site_leads_to_a_page_in_a_whole_window_only(verifier):
    foreign = {"sec-fetch-site": "cross-site"}

    assert await verifier.of_page(with_cookie(**foreign, **LINK))
    for more in (
        {},
        {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-mode": "navigate"},
    ):
        with pytest.raises(CrossSite):
            await verifier.of_page(with_cookie(**foreign, **more))


async def test_a_page_is_for_sessions_not_for_tokens(verifier):
    with pytest.raises(SessionEnded):
        await verifier.of_page(request(**bearer("ours")))


@pytest.mark.parametrize("origin", ["null", "https://a.example", None])
def test_a_form_of_our_pages_is_taken(origin):
    headers = {"sec-fetch-site": "same-origin"} | ({"origin": origin} if origin else {})

    refuse_foreign_forms(request("POST", **headers), TLS)


def test_an_old_browser_that_names_our_origin_is_believed():
    refuse_foreign_forms(request("POST", origin="https://a.example"), TLS)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "https://a.example"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-origin", "sec-fetch-dest": "iframe"},
    ],
)
def test_a_form_of_another_page_is_refused(headers):
    with pytest.raises(CrossSite):
        refuse_foreign_forms(request("POST", **headers), TLS)


@pytest.mark.parametrize(
    ("fact", "voids"),
    [
        (("session.revoked", digest_of(SECRET)), True),
        (("session.revoked", digest_of("another")), False),
        (("token.revoked", digest_of(SECRET)), False),
        (("member.changed", "mem_session"), True),
        (("workspace.closed", "ws_1"), True),
    ],
)
async def test_what_a_fact_voids_is_asked_about_again(verifier, identity, watch, fact, voids):
    await verifier.of(with_cookie())

    watch.receives(fact_of(*fact))
    await verifier.of(with_cookie())

    assert len(identity.asked) == (2 if voids else 1)


def fact_of(name, about):
    here = {"workspace_id": "ws_1"}
    match name:
        case "session.revoked":
            return SessionRevoked(
                **here, session_id="ses_1", session_digest=about, member_id="mem_session"
            )
        case "token.revoked":
            return TokenRevoked(**here, token_id="tok_1", token_digest=about)
        case "member.changed":
            return MemberChanged(**here, member_id=about, role=Role.USER, revision=2)
    return WorkspaceClosed(**here, closing_until=datetime.now(UTC))


@pytest.mark.parametrize("refusal", [SessionEnded, SessionRenewal])
async def test_a_session_that_is_refused_is_remembered_for_a_moment(verifier, identity, refusal):
    identity.refusal = refusal()
    for _ in range(3):
        with pytest.raises(refusal):
            await verifier.of(with_cookie())

    assert len(identity.asked) == 1


async def test_a_session_goes_on_after_its_request_under_its_key(verifier):
    held = await verifier.hold_of(with_cookie())

    assert held.key == session_key(digest_of(SECRET))
    assert (await verifier.hold_digest(held.key)).value.via is Via.SESSION


async def test_a_session_that_has_expired_is_refused_in_its_own_words(watch):
    identity = Identity(expires_at=datetime.now(UTC) - timedelta(minutes=2))

    with pytest.raises(SessionEnded):
        await Verifier(watch, identity, address=TLS).of(with_cookie())


def test_a_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_connections():
    assert cookie_of(TLS, "oas_x", 60) == (
        "__Host-openactions=oas_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
    )
    assert cookie_of(LOOPBACK, "", 0) == "openactions=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
