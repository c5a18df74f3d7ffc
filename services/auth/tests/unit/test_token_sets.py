"""H88, H89, H91: tokens at rest are bound to whom and to where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.errors import CredentialBoundElsewhere
from auth_service.domain.oauth.token_answer import TokenAnswer
from auth_service.domain.token_set import TokenSet
from kit.sealing import Secret

TOKENS = TokenSet(
    "mem_1",
    "act_1",
    ("https://api.example.com",),
    ("https://id.example.com",),
    Secret("canary-access"),
    Secret("canary-refresh"),
)


def renewed(refresh_token):
    answer = TokenAnswer(Secret("new"), refresh_token and Secret(refresh_token))
    return TOKENS.renewed(answer)


def test_h89_a_new_refresh_token_replaces_the_old_one():
    assert renewed("rotated").refresh_token.reveal() == "rotated"
    assert renewed("canary-refresh").refresh_token.reveal() == "canary-refresh"


def test_h89_an_answer_without_one_keeps_the_old_one():
    assert renewed(None).refresh_token.reveal() == "canary-refresh"
    assert renewed(None).access_token.reveal() == "new"


def test_the_access_token_is_a_bearer_token_for_the_apis_origins_only():
    material = TOKENS.for_origin("https://API.example.com:443/v1")

    assert material.revealed()["headers"] == [["Authorization", "Bearer canary-access"]]
    for elsewhere in ("https://id.example.com", "https://api.example.com:8443", "https://evil.com"):
        with pytest.raises(CredentialBoundElsewhere) as refusal:
            TOKENS.for_origin(elsewhere)
        assert "canary" not in refusal.value.sentence


def test_tokens_go_to_the_provider_they_come_from_only():
    TOKENS.ensure_sign_in_at("https://id.example.com/oauth/token")
    with pytest.raises(CredentialBoundElsewhere):
        TOKENS.ensure_sign_in_at("https://api.example.com/token")


def test_h91_tokens_are_of_one_member_and_one_action():
    assert TOKENS.is_of("act_1", "mem_1")
    assert not TOKENS.is_of("act_1", "mem_2")
    assert not TOKENS.is_of("act_2", "mem_1")


PRINTABLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1)


@given(access=PRINTABLE, refresh=st.none() | PRINTABLE)
def test_what_is_stored_is_read_again(access, refresh):
    stored = TokenSet(
        "mem_1", "act_1", ("https://a.example",), (), Secret(access), refresh and Secret(refresh)
    )

    assert TokenSet.from_storage(stored.for_storage()) == stored


def test_its_text_form_has_no_token():
    assert "canary" not in repr(TOKENS)
    assert "canary" not in repr(TOKENS.for_storage())
