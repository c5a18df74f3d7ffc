"""The domain and its use case: which paths have a page, and what a browser may do in it."""

import pytest

from console_service.domain.page import NONCE, VIEWS, content_security_policy
from console_service.usecases.show_page import ShowPage
from services.console.tests.fakes import BuiltInMemory


def test_the_policy_is_that_of_the_issue_word_for_word():
    assert content_security_policy("abc") == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-abc'; connect-src 'self'; "
        "img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; "
        "require-trusted-types-for 'script'"
    )


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/gpts", "/gpts/", "/gpts/gpt_1", "/gpts/gpt_1/actions/act_1", "/admin/domains"),
        *("/account", "/connections", "/operator", "/admin/"),
    ],
)
def test_a_view_has_a_page(path):
    assert VIEWS.match(path)


@pytest.mark.parametrize(
    "path",
    [
        *("", "//", "//gpts", "/gptsmore", "/assets/x.js", "/v1/gpts", "/scim", "/metrics"),
        *("/index.html", "/gpts//x", "/gpts/<b>", "/gpts/%2e%2e", "/gpts/a b", "/gpts\n"),
    ],
)
def test_nothing_else_has(path):
    assert VIEWS.match(path) is None


async def test_each_page_has_a_nonce_of_its_own_wherever_one_belongs():
    nonces = iter(["first", "second"])
    show_page = ShowPage(BuiltInMemory(), lambda: next(nonces))

    (one, its_policy), (other, others_policy) = [await show_page(), await show_page()]

    assert NONCE not in one + other
    assert one.count('nonce="first"') == other.count('nonce="second"') == 2
    assert "'nonce-first'" in its_policy
    assert "'nonce-second'" in others_policy
