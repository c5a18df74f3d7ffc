"""How the end of a stored call is written, and what earlier releases wrote."""

import orjson
import pytest

from contracts.facts import Outcome
from execution_service.adapters.ending import NO_ENDING, Ending, ending_state, read_ending
from execution_service.domain.invocation import CallError, FinishedCall
from execution_service.domain.json_text import JsonText
from execution_service.domain.stored_call import Refusal

B35D436 = (
    b'{"result":{"id":"inv_1","operation":"listPets","outcome":"succeeded","duration_ms":1.5,'
    b'"status":200,"content_type":"application/json","body":%b,"truncated":false,"error":null},'
    b'"refusal":null}'
)
"""As that release stored it."""


def result(body, **fields):
    return FinishedCall("inv_1", "listPets", Outcome.SUCCEEDED, 1.5, 200, body=body, **fields)


def stored_again(ending):
    return read_ending(orjson.loads(orjson.dumps(ending_state(ending))))


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "text",
        JsonText(b'"text"'),
        JsonText(b"null"),
        JsonText(b'{ "a": 1, "a": 123456789012345678901234567890, "b": "\\ud800\xc3\xa9" }'),
        JsonText(b"[" * 1_024 + b"1e400" + b"]" * 1_024),
    ],
)
def test_a_result_is_read_as_it_was_stored_b13_w9(body):
    ending = Ending(result(body, content_type="application/json", truncated=True))

    assert stored_again(ending) == ending


@pytest.mark.parametrize(
    "ending",
    [
        NO_ENDING,
        Ending(refusal=Refusal("policy.denied", "No.", "Ask.")),
        Ending(result(None, error=CallError("execution.interrupted", "Broken off.", "Look."))),
    ],
)
def test_what_has_no_body_is_read_as_it_was_stored(ending):
    assert stored_again(ending) == ending


@pytest.mark.parametrize(
    ("stored", "body"),
    [
        (b"null", None),
        (b'"text"', "text"),
        (b'{"a":[1,null,2.5]}', JsonText(b'{"a":[1,null,2.5]}')),
        (b"false", JsonText(b"false")),
    ],
)
def test_what_the_release_before_stored_is_read(stored, body):
    ending = read_ending(orjson.loads(B35D436 % stored))

    assert ending == Ending(result(body, content_type="application/json"))


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (b'{ "a": 1 }', {"a": 1}),
        (b"[1e400]", "[1e400]"),
        (b"[" * 600 + b"]" * 600, "[" * 600 + "]" * 600),
    ],
)
def test_the_release_before_finds_the_body_where_it_looks_for_it(text, body):
    written = orjson.loads(orjson.dumps(ending_state(Ending(result(JsonText(text))))))

    assert written["result"]["body"] == body
