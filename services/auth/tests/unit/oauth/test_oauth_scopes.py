"""H92: what was granted, against what was asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.oauth.profiles import GENERIC, GOOGLE, MICROSOFT
from auth_service.domain.oauth.scopes import MAX_SCOPES, GrantedScopes, compare, read_scopes


@pytest.mark.parametrize(
    ("unverified", "scopes"),
    [
        ("read write", ("read", "write")),
        ("repo,gist", ("repo", "gist")),
        ("a, b\tc  a", ("a", "b", "c")),
        (["a", "b", 7, "a b"], ("a", "b")),
        ('a "b" c\\d é', ("a",)),
        ("", None),
        ([], None),
        (None, None),
        (7, None),
        ({"a": 1}, None),
    ],
)
def test_scopes_are_read_in_the_ways_that_providers_write_them(unverified, scopes):
    assert read_scopes(unverified) == scopes


def test_a_comma_cuts_nothing_where_a_scope_that_was_asked_for_has_one():
    assert read_scopes("a,b c", ["a,b"]) == ("a,b", "c")


@given(unverified=st.text() | st.lists(st.text()))
def test_any_text_is_scopes_or_none(unverified):
    scopes = read_scopes(unverified)

    assert scopes is None or 0 < len(scopes) == len({*scopes}) <= MAX_SCOPES


def test_h92_a_wider_grant_is_taken_and_shown():
    assert compare(GENERIC, ("read",), ("read", "admin")) == GrantedScopes(
        ("read", "admin"), added=("admin",)
    )


def test_h92_a_narrower_grant_shows_what_is_missing():
    assert compare(GENERIC, ("read", "write"), ("read",)) == GrantedScopes(
        ("read",), missing=("write",)
    )


def test_an_answer_without_scopes_grants_what_was_asked_for():
    assert compare(GENERIC, ("read",), None) == GrantedScopes(("read",))


def test_where_nothing_was_asked_for_nothing_is_added():
    assert compare(GENERIC, (), ("read",)) == GrantedScopes(("read",))


def test_scopes_that_a_provider_calls_otherwise_are_not_missing():
    email = "https://www.googleapis.com/auth/userinfo.email"
    graph = "https://graph.microsoft.com/Mail.Read"

    assert compare(GOOGLE, ("openid", "email"), ("openid", email)).missing == ()
    assert compare(GOOGLE, ("openid", "email"), ("openid", email)).added == ()
    assert compare(MICROSOFT, (graph, "offline_access"), ("Mail.Read",)).missing == ()
    assert compare(MICROSOFT, ("Mail.Read",), (graph,)).missing == ()
