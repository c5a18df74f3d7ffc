"""What a body hands in: the document itself, or where to have it from."""

import orjson
import pytest

from schema_service.domain.submission import BodyNotUnderstood, is_wrapped, unwrapped

JSON = "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "wrapped"),
    [
        ({"example": "weather"}, True),
        ({"examples": "weather"}, True),
        ({"urls": "https://example.com"}, True),
        ({"openapi": "3.1.0"}, False),
        ({"tags": [], "openapi": "3.1.0"}, False),
        ({"x-text": 1, "openapi": "3.1.0"}, False),
        ({"paths": {}, "openapi": "3.1.0"}, False),
        ({"definitely": "no document"}, False),
        ([], False),
    ],
    ids=str,
)
def test_t11_what_is_nearly_a_member_is_no_document(body, wrapped):
    assert is_wrapped(orjson.dumps(body), JSON) is wrapped
    assert not is_wrapped(orjson.dumps(body), "application/yaml")


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "image/png"]
)
def test_t12_json_that_names_a_document_is_sent_as_json(content_type):
    with pytest.raises(BodyNotUnderstood, match="Content-Type is not application/json"):
        is_wrapped(b'{"example": "weather"}', content_type)

    assert not is_wrapped(b'{"openapi": "3.1.0"}', content_type)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"examples": "weather"}, "There is no field `examples`; did you mean `example`?"),
        ({"text": "x", "sorce_url": "y"}, "There is no field `sorce_url`; did you mean"),
        (
            {"text": "x", "values": {"bas_url": "https://h"}},
            "There is no field `bas_url`; did you mean `base_url`?",
        ),
        (
            {"text": "x", "values": {"tenant": "a"}},
            "There is no field `tenant`; there are `base_url`, `server_variables`.",
        ),
        ({"text": 1}, "`text` must be a text."),
        (
            {"text": "x", "url": "y"},
            "The body: exactly one of `text`, `url` and `example` must be there.",
        ),
    ],
    ids=str,
)
def test_t11_t12_a_slip_is_refused_in_a_sentence(body, sentence):
    with pytest.raises(BodyNotUnderstood) as refused:
        unwrapped(orjson.dumps(body))

    assert refused.value.sentence.startswith(sentence)
