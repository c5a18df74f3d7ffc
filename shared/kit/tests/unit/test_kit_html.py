"""Pages: nothing runs on them, nothing is loaded, and whoever may not see one learns what to do."""

import re
from string import Formatter

import pytest
from fastapi import APIRouter, FastAPI, Request
from markupsafe import escape

from contracts.errors import Denied
from contracts.principal import SCOPES_OF_ROLE, Principal, Role, Via
from kit import problems
from kit.errors import SessionEnded, SessionRenewal
from kit.html import (
    Form,
    Page,
    PageRoute,
    answer_of,
    mark_of,
    own_path,
    read_form,
    session_of,
)
from kit.html.texts import LABELS, NOTES, TEXTS
from kit.testing import running, session_of_name

HOSTILE = "<script>alert(1)</script>\u202e\"'&{role}"
SECRET = session_of_name("ours")


def rendered(name="signed_in", **more):
    values = {"member": HOSTILE, "role": "user", "workspace": "Ours"}
    return answer_of(Page(name, values, **more))


def text_of(answer):
    return answer.body.decode()


def test_what_is_filled_in_is_text_whatever_it_looks_like():
    text = text_of(rendered())

    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{role}" in text  # what is filled in is not filled in again
    assert "<bdi>&lt;script" in text  # and does not turn the sentence around it


def test_a_page_is_for_one_window_loads_nothing_and_says_so_in_its_headers():
    answer = rendered()
    [nonce] = re.findall(r'<style nonce="([^"]+)">', text_of(answer))

    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_no_page_has_a_script_or_a_style_beside_the_one_with_the_nonce():
    text = text_of(rendered())

    assert not re.search(r"<script|\son\w+=|\sstyle=|javascript:|https?:", text)
    assert text.count("<style") == 1


def test_each_answer_has_a_nonce_of_its_own():
    policies = {rendered().headers["content-security-policy"] for _ in range(50)}

    assert len(policies) == 50


@pytest.mark.parametrize("name", TEXTS)
def test_every_page_can_be_shown_and_says_only_whole_sentences(name):
    wanted = {field for line in TEXTS[name].lines for _, field, _, _ in Formatter().parse(line)}
    values = {each: "x" for each in wanted if each}

    text = text_of(answer_of(Page(name, values)))

    assert f"<h1>{TEXTS[name].title}</h1>" in text
    for line in TEXTS[name].lines:
        assert line.endswith((".", "}"))


@pytest.mark.parametrize("note", NOTES)
def test_n6_a_note_stands_after_the_sentences_of_a_page(note):
    with_note = text_of(answer_of(Page("signed_out", notes=(note,))))
    without = text_of(answer_of(Page("signed_out")))

    assert str(escape(NOTES[note])) in with_note
    assert str(escape(NOTES[note])) not in without


def test_a_page_that_lacks_a_value_is_a_fault():
    with pytest.raises(KeyError):
        answer_of(Page("signed_in", {"member": "Ada"}))
    with pytest.raises(KeyError):
        answer_of(Page("unknown"))


def test_a_choice_of_workspaces_is_a_button_each():
    forms = [
        Form(
            f"/v1/session/choose/{id_}",
            "choose",
            {"mark": "m"},
            {"workspace": title, "role": "user"},
        )
        for id_, title in (("ws_1", "Ours"), ("ws_2", HOSTILE))
    ]

    text = text_of(answer_of(Page("choose_workspace", forms=forms)))

    assert text.count('<form method="post"') == 2
    assert "Ours" in text
    assert "<script>" not in text
    assert set(LABELS) >= {"choose", "sign_in", "sign_out"}


@pytest.mark.parametrize("path", ["/", "/v1/session/signed-in", "/a?b=c&d=%20", "/.well-known/x"])
def test_a_path_of_ours_is_a_way_back(path):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *("", None, "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example"),
        *("https://evil.example", "javascript:alert(1)", "/a\nb", "/\t/evil.example", "/a b"),
        *("/a#//evil", "/a?x=https://evil.example", "/" + "a" * 3_000, "evil", "/\u2215evil"),
    ],
)
def test_all_else_leads_to_the_start_page(path):
    assert own_path(path) == "/"


class Verifier:
    """Lets the member in whom the test names, or raises what it names."""

    def __init__(self, found):
        self.found = found

    async def of_page(self, request):
        if isinstance(self.found, Exception):
            raise self.found
        scopes = SCOPES_OF_ROLE[Role.USER]
        return Principal("ws_1", self.found, Role.USER, Via.SESSION, scopes, None, "ses_1")


def pages(found):
    router = APIRouter(route_class=PageRoute, include_in_schema=False)

    @router.get("/approvals/{id_}")
    async def show(id_: str, request: Request, shown: str = ""):
        await session_of(request, "mem_ada")
        return answer_of(Page("signed_out"))

    @router.post("/approvals/{id_}")
    async def decide(id_: str, request: Request):
        await session_of(request, "mem_ada")
        return dict(await read_form(request, SECRET, ("choice",)))

    @router.get("/refusing")
    async def refuse():
        raise Denied("You <may> not.", hint="Ask & wait.")

    @router.get("/number")
    async def number(count: int):
        return count

    api = FastAPI()
    problems.install(api)
    api.include_router(router)
    api.state.verifier = Verifier(found)
    return api


async def test_a_page_about_a_member_is_shown_to_that_very_member():
    async with running(pages("mem_ada")) as client:
        answer = await client.get("/approvals/apr_1")

    assert answer.status_code == 200


async def test_h106_a_page_about_another_member_is_not_shown_and_says_what_to_do():
    async with running(pages("mem_eve")) as client:
        answer = await client.get("/approvals/apr_1")
        form = await client.post("/approvals/apr_1", data={"choice": "allow"})

    assert (answer.status_code, form.status_code) == (403, 403)
    assert "somebody else" in answer.text
    assert "/v1/session/sign-in?return_to=/approvals/apr_1" in answer.text


async def test_who_is_not_signed_in_learns_how_and_comes_back():
    async with running(pages(SessionEnded())) as client:
        answer = await client.get("/approvals/apr_1?shown=all")
        form = await client.post("/approvals/apr_1", data={"choice": "allow"})

    assert (answer.status_code, form.status_code) == (401, 401)
    assert "Sign in first" in answer.text
    assert 'href="/approvals/apr_1?shown=all"' in answer.text
    assert 'href="/"' in form.text


async def test_who_has_another_role_since_is_sent_for_a_new_cookie_and_back():
    async with running(pages(SessionRenewal())) as client:
        answer = await client.get("/approvals/apr_1?shown=all")

    assert answer.status_code == 303
    assert answer.headers["location"] == (
        "/v1/session/renew?return_to=/approvals/apr_1%3Fshown%3Dall"
    )


async def test_a_refusal_on_a_page_is_a_page():
    async with running(pages("mem_ada")) as client:
        denied = await client.get("/refusing")
        unreadable = await client.get("/number?count=x")

    assert (denied.status_code, unreadable.status_code) == (403, 422)
    assert "You &lt;may&gt; not." in denied.text
    assert "Ask &amp; wait." in denied.text
    assert denied.headers["x-frame-options"] == "DENY"


async def test_a_form_is_taken_with_its_mark_and_exactly_its_fields():
    mark = mark_of(SECRET, "/approvals/apr_1")
    async with running(pages("mem_ada")) as client:

        async def sent(path="/approvals/apr_1", **fields):
            return (await client.post(path, data=fields)).status_code

        assert await sent(mark=mark, choice="allow") == 200
        assert await sent("/approvals/apr_2", mark=mark, choice="allow") == 403
        assert await sent(mark=mark_of("another", "/approvals/apr_1"), choice="allow") == 403
        assert await sent(mark=mark) == 422
        assert await sent(mark=mark, choice="allow", more="x") == 422
        typed = await client.post("/approvals/apr_1", json={"mark": mark, "choice": "allow"})

    assert typed.status_code == 415
    assert "a form" in typed.text


def test_marks_differ_by_secret_and_by_where_the_form_goes():
    made = {mark_of(secret, path) for secret in ("a", "b") for path in ("/a", "/b")}

    assert len(made) == 4
