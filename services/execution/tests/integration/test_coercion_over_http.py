"""B27: what was coerced is in the answer, in the record and in what is stored."""

import pytest

from services.execution.tests.execution_platform import ALLOWED, OWNER

pytestmark = pytest.mark.integration

COERCED = [{"pointer": "/limit", "change": "text_to_integer"}]


async def test_b27_an_answer_and_its_record_name_what_was_coerced(platform):
    answered = await platform.invoke(id="7", limit="20")

    path = f"/v1/invocations/{answered.json()['id']}"
    record = await platform.client.get(path, headers={**OWNER, "prefer": "wait=10"})
    assert answered.json()["coerced"] == record.json()["coerced"] == COERCED
    assert platform.api.requests[0][1].endswith("limit=20")


async def test_b27_a_stored_result_names_what_was_coerced(platform):
    body = {"gpt_id": "gpt_1", "operation": "getPet", "arguments": {"id": 7, "limit": 20}}
    headers = {**OWNER, "prefer": "respond-async"}
    accepted = await platform.client.post("/v1/invocations", json=body, headers=headers)

    path = accepted.headers["location"]
    found = await platform.client.get(path, headers={**OWNER, "prefer": "wait=10"})
    expected = [{"pointer": "/id", "change": "number_to_text"}]
    assert found.json()["result"]["coerced"] == expected


async def test_b27_with_the_switch_off_arguments_are_taken_literally(platform):
    platform.verdict = ALLOWED.model_copy(update={"tolerant_arguments": False})

    refused = await platform.invoke(id="7", limit="20")

    assert refused.json()["code"] == "execution.invalid_arguments"
    assert platform.api.requests == []
