"""W1 over HTTP: the digits of a request are those that reach a real API."""

import pytest

from contracts.operation import Body, Parameter
from services.execution.tests.execution_platform import OWNER, operation

pytestmark = pytest.mark.integration
NUMBERS = [
    "123456789012345678901234567890",
    "-9223372036854775809",
    "7" * 4_000,
    "1e400",
    "1E5",
    "0.1000000000000000000001",
    "1.0",
    "1",
    "-0",
]


def parameter(name, location, style="simple"):
    explode, required = style == "form", location == "path"
    return Parameter(
        argument=name, name=name, location=location, style=style, explode=explode, required=required
    )


def of_numbers(name, api, media_type):
    """A number in the path, the query, a header and the body."""
    number = {"type": "number"}
    return operation(name, "POST", api.origin, path="/numbers/{p}").model_copy(
        update={
            "arguments": {
                "type": "object",
                "properties": dict.fromkeys(("p", "q", "x-h", "b"), number),
                "additionalProperties": False,
            },
            "parameters": (
                parameter("p", "path"),
                parameter("q", "query", "form"),
                parameter("x-h", "header"),
            ),
            "body": Body(media_type=media_type, members={"b": "b"}),
        }
    )


@pytest.fixture
def numbers(platform):
    form = "application/x-www-form-urlencoded"
    platform.operations = {
        "asJson": of_numbers("asJson", platform.api, "application/json"),
        "asForm": of_numbers("asForm", platform.api, form),
    }
    return platform


async def post(platform, operation, arguments, **headers):
    body = f'{{"gpt_id": "gpt_1", "operation": "{operation}", "arguments": {arguments}}}'
    headers = {**OWNER, "content-type": "application/json", **headers}
    return await platform.client.post("/v1/invocations", content=body, headers=headers)


@pytest.mark.parametrize("number", NUMBERS)
async def test_w1_every_digit_reaches_the_api_wherever_it_goes(numbers, number):
    arguments = f'{{"p": {number}, "q": {number}, "x-h": {number}, "b": {number}}}'

    for name, body in (("asJson", f'{{"b":{number}}}'), ("asForm", f"b={number}")):
        answer = await post(numbers, name, arguments)
        assert answer.status_code == 200, answer.text
        method, target, headers, sent = numbers.api.requests.pop()
        assert method == "POST"
        assert target == f"/numbers/{number}?q={number}"
        assert headers["x-h"] == number
        assert sent == body.encode()


async def test_w1_a_stored_call_sends_the_digits_that_it_was_asked_with(numbers):
    number = "0.1000000000000000000001"

    accepted = await post(numbers, "asJson", f'{{"p": 1, "b": {number}}}', prefer="respond-async")

    assert accepted.status_code == 202, accepted.text
    ended = await numbers.client.get(
        accepted.headers["location"], headers={**OWNER, "prefer": "wait=10"}
    )
    assert ended.json()["state"] == "succeeded"
    assert numbers.api.requests[0][3] == f'{{"b":{number}}}'.encode()


async def test_w1_an_idempotency_key_tells_numbers_apart_that_are_one_double(numbers):
    key = {"idempotency-key": "order-66"}
    first = await post(numbers, "asJson", '{"p": 1, "b": 100000000000000000001}', **key)
    other = await post(numbers, "asJson", '{"p": 1, "b": 100000000000000000002}', **key)

    assert first.status_code == 200
    assert other.json()["code"] == "execution.key_reused"


async def test_w1_a_number_without_end_is_refused_by_its_name(numbers):
    refused = await post(numbers, "asJson", '{"p": 1, "b": %s}' % ("7" * 5_000))

    assert refused.status_code == 422
    assert refused.json()["findings"][0]["code"] == "argument.number_too_long"
    assert numbers.api.requests == []
