"""What an API answers reaches the caller as the bytes that it was, over HTTP (B13, A10, W1, W9)."""

import asyncio

import pytest

from kit.testing import eventually
from services.execution.tests.execution_platform import OWNER

pytestmark = pytest.mark.integration

JSON = "application/json"
AS_THEY_WERE = {
    "digits-w1": b'{"id": 123456789012345678901234567890, "x": 1e400, "y": -0, "z": 1.10}',
    "twice-b13": b'{"id": 1, "id": 2}',
    "levels-255-w9": b"[" * 255 + b"]" * 255,
    "levels-600-a10": b'{"a":' * 600 + b"1" + b"}" * 600,
    "levels-1024-w9": b"[" * 1_024 + b"]" * 1_024,
    "surrogate-a10": rb'["\ud800", "\u0000"]',
    "spaces-b13": b' {\n  "a" : [ ]\n}\n',
}
AS_TEXT = {
    "too-deep-w9": b"[" * 1_025 + b"]" * 1_025,
    "not-closed-a10": b"[" * 50_000,
    "only-claims-a10": b'{"a": NaN}',
    "encoded-surrogate-a10": b'["\xed\xa0\x80"]',
    "nothing-a10": b"",
}


def body_of(wire):
    """The bytes between the member's name and the next member."""
    return wire.partition(b'"body":')[2].rpartition(b',"truncated":')[0]


async def post(platform, operation, id_, **headers):
    sent = {"gpt_id": "gpt_1", "operation": operation, "arguments": {"id": id_}}
    return await platform.client.post("/v1/invocations", json=sent, headers={**OWNER, **headers})


@pytest.mark.parametrize("id_", AS_THEY_WERE)
@pytest.mark.parametrize("operation", ["getPet", "addPet"])
async def test_json_reaches_the_caller_as_it_was(platform, operation, id_):
    platform.api.given = {id_: (JSON, AS_THEY_WERE[id_])}

    answer = await post(platform, operation, id_)

    assert answer.status_code == 200
    assert b'"outcome":"succeeded","status":200' in answer.content
    assert body_of(answer.content) == AS_THEY_WERE[id_]


@pytest.mark.parametrize("id_", AS_TEXT)
async def test_what_is_not_json_reaches_the_caller_as_text(platform, id_):
    platform.api.given = {id_: (JSON, AS_TEXT[id_])}

    answer = await post(platform, "addPet", id_)

    called = answer.json()
    assert (answer.status_code, called["outcome"]) == (200, "succeeded")
    assert called["body"] == AS_TEXT[id_].decode(errors="replace")


async def test_a_byte_order_mark_is_left_out_w8(platform):
    platform.api.given = {"bom": (JSON, b'\xef\xbb\xbf{"a": 1.0}')}

    assert body_of((await post(platform, "getPet", "bom")).content) == b'{"a": 1.0}'


async def test_utf_16_is_read_as_text(platform):
    platform.api.given = {"wide": (f"{JSON}; charset=utf-16", '{"a": 1}'.encode("utf-16"))}

    assert (await post(platform, "getPet", "wide")).json()["body"] == '{"a": 1}'


@pytest.mark.parametrize("id_", AS_THEY_WERE)
async def test_a_stored_call_is_answered_with_the_same_bytes_each_time(platform, id_):
    platform.api.given = {id_: (JSON, AS_THEY_WERE[id_])}
    key = {"idempotency-key": f"key-of-{id_}"}

    first = await post(platform, "addPet", id_, **key)
    again = await post(platform, "addPet", id_, **key)

    assert body_of(first.content) == body_of(again.content) == AS_THEY_WERE[id_]
    assert again.headers["idempotency-replayed"] == "true"
    assert len(platform.api.requests) == 1


@pytest.mark.parametrize("id_", AS_THEY_WERE)
async def test_an_asynchronous_call_is_read_with_the_same_bytes(platform, id_):
    platform.api.given = {id_: (JSON, AS_THEY_WERE[id_])}

    accepted = await post(platform, "addPet", id_, prefer="respond-async")

    async def ended():
        found = await platform.client.get(accepted.headers["location"], headers=OWNER)
        assert found.status_code == 200
        return found if b'"state":"succeeded"' in found.content else None

    found = await eventually(ended)
    assert body_of(found.content) == AS_THEY_WERE[id_]
    assert found.headers["content-type"] == JSON
    assert len(platform.api.requests) == 1


async def test_many_answers_at_once_are_not_mixed_up(platform):
    platform.api.given = {f"n{n}": (JSON, b"[%d, 1e%d]" % (n, n + 300)) for n in range(30)}

    answers = await asyncio.gather(*(post(platform, "getPet", f"n{n}") for n in range(30)))

    bodies = [body_of(answer.content) for answer in answers]
    assert bodies == [b"[%d, 1e%d]" % (n, n + 300) for n in range(30)]
