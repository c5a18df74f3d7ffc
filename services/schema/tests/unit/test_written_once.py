"""What operations share is written once, and as it would be written without."""

import hashlib
import json

import orjson
import pytest

from schema_service.domain.compiling.operations import digest_of
from schema_service.domain.compiling.written_once import WrittenOnce
from services.schema.tests.documents import api, only


class Counting(WrittenOnce):
    """Counts how many models are written."""

    models = 0

    def _members(self, model):
        self.models += 1
        return super()._members(model)


@pytest.fixture
def operation():
    members = {f"m{n}": {"type": "array", "items": {"type": "string"}} for n in range(30)}
    media = {"schema": {"type": "object", "properties": members}}
    media["encoding"] = {name: {"style": "form", "explode": False} for name in members}
    content = {f"application/vnd.x{n}+json": {} for n in range(30)}
    post = {
        "operationId": "a",
        "requestBody": {"content": {"multipart/form-data": media}},
        "responses": {"200": {"description": "", "content": content}},
    }
    return only(api({"/a": {"post": post}}))


def test_an_operation_is_written_as_its_model_writes_it(operation):
    texts = WrittenOnce()
    for _ in range(2):
        assert json.loads(texts.text_of(operation)) == json.loads(operation.model_dump_json())


def test_a_digest_is_that_of_all_members_in_the_order_of_their_names(operation):
    plain = json.loads(operation.model_dump_json(exclude={"digest"}))
    expected = hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()
    shared = WrittenOnce(orjson.OPT_SORT_KEYS)
    assert [digest_of(operation), *(digest_of(operation, shared) for _ in range(2))] == [
        expected
    ] * 3
    assert operation.digest == expected


def test_encodings_that_operations_share_are_written_once(operation):
    texts = Counting()
    texts.text_of(operation)
    assert texts.models > len(operation.body.encoding)
    texts.models = 0
    texts.text_of(operation.model_copy(update={"name": "other"}))
    assert texts.models < len(operation.body.encoding)
