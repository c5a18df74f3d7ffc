"""An ID token gives an account its name, and nothing else is believed of it."""

import base64
import json

import pytest

from auth_service.domain.oauth.id_token import label_in
from kit.sealing import Secret
from services.auth.tests.oauth_clients import answered, read


def token_of(claims, header='{"alg":"none"}'):
    def part(text):
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    return f"{part(header)}.{part(claims if isinstance(claims, str) else json.dumps(claims))}.x"


ADA = {"sub": "248289761001", "preferred_username": "ada", "email": "ada@acme.com"}


@pytest.mark.parametrize(
    ("claims", "label"),
    [
        (ADA, "ada@acme.com"),
        ({**ADA, "email": ""}, "ada"),
        ({"sub": "248289761001"}, "248289761001"),
        ({**ADA, "email": {"a": 1}}, "ada"),
        ({**ADA, "email": "a\u202e\x00\nb"}, "a b"),
        ({}, ""),
    ],
)
def test_the_first_name_that_it_has_is_taken_cleaned(claims, label):
    assert label_in(token_of(claims), (), 100) == label


@pytest.mark.parametrize(
    "unverified",
    [
        None,
        7,
        "",
        "a.b",
        "a.b.c.d",
        "a.%.c",
        "ä.ä.ä",
        token_of("[1]"),
        token_of("{"),
        token_of('{"sub":"\\ud800"}'),
        token_of("[" * 5_000),
        token_of({"sub": "x" * 20_000}),
        "x.eyJhbGciOiJSU0EtT0FFUCJ9.y.z.tag",
    ],
)
def test_what_is_no_token_names_nobody(unverified):
    assert label_in(unverified, (), 100) == ""


def test_it_is_bounded_and_repeats_no_secret():
    assert len(label_in(token_of({"email": "x" * 5_000}), (), 100)) == 100
    assert label_in(token_of({"sub": "canary-token"}), (Secret("canary-token"),), 100) == "…"


def test_an_answer_with_an_id_token_names_its_account():
    answer = answered({"access_token": "canary-access", "id_token": token_of(ADA)})
    assert read(answer).account_label == "ada@acme.com"
    hidden = answered(
        {"access_token": "canary-access", "id_token": token_of({"sub": "canary-access"})}
    )
    assert read(hidden).account_label == "…"
