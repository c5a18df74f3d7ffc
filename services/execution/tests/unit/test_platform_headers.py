"""What the platform adds to a call, and which media types of an answer it asks for."""

import pytest

from execution_service.domain.platform_headers import (
    DEFAULT_ACCEPT,
    MAX_ACCEPTED,
    MAX_CHOSEN,
    USER_AGENT,
    accept_of,
    declared,
    platform_headers,
)


def test_every_call_says_who_sends_it_for_which_gpt_and_what_it_accepts():
    assert platform_headers("gpt_1", []) == [
        ("user-agent", USER_AGENT),
        ("openai-gpt-id", "gpt_1"),
        ("accept", DEFAULT_ACCEPT),
    ]


@pytest.mark.parametrize("name", ["accept", "Accept", "ACCEPT"])
def test_w4_the_operations_own_accept_stays_the_only_one(name):
    added = platform_headers("gpt_1", [("x-a", "1"), (name, "text/csv")])

    assert [key for key, _ in added] == ["user-agent", "openai-gpt-id"]


@pytest.mark.parametrize(
    "unusable",
    ["", "json", "text/odd thing", "a/b\r\nx: y", "text/plain; a=\x7f", "text/csv;\tq", "*/*"],
)
def test_w4_what_no_accept_header_can_hold_or_ask_for_is_not_offered(unusable):
    assert declared([unusable, "text/csv"]) == ("text/csv",)


def test_w4_media_types_are_offered_once_with_json_before_the_others():
    names = ["text/csv", "application/xml", "text/csv", "application/problem+JSON", "image/*"]

    assert declared(names) == ("application/problem+JSON", "text/csv", "application/xml", "image/*")


def test_w4_as_many_are_named_and_offered_as_the_limits_say():
    many = [f"text/x-{number}" for number in range(MAX_CHOSEN + 1)]

    assert (MAX_ACCEPTED, MAX_CHOSEN) == (10, 100)
    assert declared(many) == tuple(many[:MAX_CHOSEN])
    assert accept_of(many) == ", ".join([*many[:MAX_ACCEPTED], DEFAULT_ACCEPT])


def test_w4_what_is_declared_is_not_named_again_by_the_platform():
    assert accept_of(["application/json"]) == DEFAULT_ACCEPT
    assert accept_of([]) == DEFAULT_ACCEPT
