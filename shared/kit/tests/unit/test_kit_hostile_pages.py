"""What a page must never do, whatever is filled in, and how strictly its forms are read."""

import re
from html.parser import HTMLParser
from string import Formatter
from urllib.parse import urlencode

import pytest
from fastapi import APIRouter, FastAPI, Request
from jinja2 import UndefinedError

from kit import problems
from kit.html import Form, Link, Page, PageRoute, answer_of, mark_of, page, read_form
from kit.html.forms import MAX_BYTES
from kit.html.texts import LABELS, NOTES, TEXTS
from kit.testing import running

HOSTILE = "\"'><script>alert(1)</script><i onclick=x style=x>&amp;"
PATH = "/thing"
FORM = "application/x-www-form-urlencoded"


class Tags(HTMLParser):
    """All tags of a page with their attributes, as a browser reads them."""

    def __init__(self, answer):
        super().__init__()
        self.found = []
        self.feed(answer.body.decode())

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


def whole(name):
    """A page that has all that one can have, hostile wherever something is filled in."""
    texts = [*TEXTS[name].lines, LABELS["choose"]]
    wanted = {field for line in texts for _, field, _, _ in Formatter().parse(line) if field}
    values = dict.fromkeys(wanted, HOSTILE)
    form = Form(f"/x/{HOSTILE}", "choose", {HOSTILE: HOSTILE}, values, asks=("email",))
    return Page(name, values, forms=(form,), links=(Link(f"/y/{HOSTILE}", "start"),), notes=NOTES)


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_runs_on_any_page_and_one_style_has_the_nonce_of_its_policy(name):
    answer = answer_of(whole(name))
    tags = Tags(answer)
    [nonce] = re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])

    assert tags.of("script") == []
    assert tags.of("style") == [{"nonce": nonce}]
    for _, attributes in tags.found:
        assert not [each for each in attributes if each.startswith("on") or each == "style"]
    assert {tag for tag, _ in tags.found} <= {
        *("html", "head", "meta", "title", "link", "style", "body", "main", "h1", "p", "bdi"),
        *("form", "label", "input", "button", "ul", "li", "a", "footer"),
    }


def test_what_stands_in_attributes_is_what_was_given():
    tags = Tags(answer_of(whole("signed_in")))

    assert [each["action"] for each in tags.of("form")] == [f"/x/{HOSTILE}"]
    assert [each["href"] for each in tags.of("a")] == [f"/y/{HOSTILE}"]
    assert (HOSTILE, HOSTILE) in [(each["name"], each.get("value")) for each in tags.of("input")]


def test_a_template_that_names_what_is_not_given_is_a_fault():
    with pytest.raises(UndefinedError):
        page._TEMPLATE.render(title="x", lines=(), forms=(), links=())


def reading():
    router = APIRouter(route_class=PageRoute, include_in_schema=False)

    @router.post(PATH)
    async def read(request: Request):
        return await read_form(request, "secret", ("choice",))

    api = FastAPI()
    problems.install(api)
    api.include_router(router)
    return api


MARK = urlencode({"mark": mark_of("secret", PATH)})
STRICTLY = {
    "whole": (f"{MARK}&choice=yes", 200),
    "an empty value": (f"{MARK}&choice=", 200),
    "a field twice": (f"{MARK}&choice=yes&choice=no", 422),
    "the same twice": (f"{MARK}&choice=yes&choice=yes", 422),
    "the mark twice": (f"{MARK}&{MARK}&choice=yes", 422),
    "no mark": ("choice=yes", 422),
    "an empty mark": ("mark=&choice=yes", 403),
    "one field more": (f"{MARK}&choice=yes&more=x", 422),
    "one field less": (MARK, 422),
    "no pair": (f"{MARK}&choice=yes&x", 422),
    "not UTF-8 within": (f"{MARK}&choice=%FF", 422),
    "not ASCII": (f"{MARK}&choice=é", 422),
    "too long": (f"{MARK}&choice={'x' * MAX_BYTES}", 422),
    "no value": (f"{MARK}&choice", 422),
}


@pytest.mark.parametrize("name", STRICTLY)
async def test_a_form_is_read_strictly(name):
    sent, status = STRICTLY[name]
    async with running(reading()) as client:
        answer = await client.post(PATH, content=sent, headers={"content-type": FORM})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("content_type", "status"),
    [(f"{FORM.upper()} ; charset=utf-8", 200), ("multipart/form-data", 415), ("", 415)],
)
async def test_a_form_is_said_to_be_one(content_type, status):
    async with running(reading()) as client:
        sent, _ = STRICTLY["whole"]
        answer = await client.post(PATH, content=sent, headers={"content-type": content_type})

    assert answer.status_code == status
