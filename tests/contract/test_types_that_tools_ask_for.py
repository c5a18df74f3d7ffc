"""Whatever a tool admits as a file and its type reaches the wire (property 2 of documents)."""

from itertools import product

import jsonschema_rs
import pytest

from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from tests.contract.wire_of_documents import of_body, operation_of

BYTES = "iVBORw0KGgo="
BINARY = {"type": "string", "format": "binary"}
MULTIPART = "multipart/form-data"
DECLARED = ["image/png", "image/*", "Image/PNG", "text/csv; charset=utf-8", "a|b/c", "*/*"]
DECLARED += ["text/*; charset=utf-8", "application/vnd.*", "application/*", "multipart/*", "*/png"]
DECLARED += ["image/png, image/jpeg", "image/*, application/pdf", "audio/*,video/*", "image/p*"]
DECLARED += ["application/*+json", 'text/plain;charset="utf-8"', "image/png;", "png", "image/**"]
DECLARED += ['image/*; a="', "application/x$y", "text/csv; profile=https://a.dev/b"]
TYPES = [None, "image/png", "IMAGE/PNG", "image/jpeg", "image/", "png", "", "image/*", " image/png"]
TYPES += ["text/csv", "text/csv;charset=UTF-8", "text/csv; charset=latin1", "application/vnd.a"]
TYPES += ["application/vnd.a+json", "application/vnd.", "image/png;x", "image/png; a=b", "a|b/c"]
TYPES += ["image/png ;a=b", "image/png\n", "image/png;\ta=b", 'image/png; a="*"', "image/png; é=b"]
TYPES += ["text/plain", "multipart/mixed", "application/x$y", "text/csv; a*=utf-8''b"]
TYPES += ["image/png; a=" + "b" * 300, "text/csv; charset=utf-8; header=absent"]
NAMES = [None, "a.png", "A.PNG", "a.webp", "a", "", "a.csv", "a.txt", "a.mp3", "a.docx", "a.png.gz"]


def form(content_type):
    encoding = {"f": {"contentType": content_type}}
    return of_body(MULTIPART, {"type": "object", "properties": {"f": BINARY}}, encoding=encoding)


def files():
    yield BYTES
    for content_type, filename in product(TYPES, NAMES):
        value = {"base64": BYTES, "content_type": content_type, "filename": filename}
        yield value
        yield {name: each for name, each in value.items() if each is not None}


BODIES = [each for each in DECLARED if "," not in each and each not in ("png", "image/**")]


@pytest.mark.parametrize(
    ("document", "name"),
    [
        *((form(each), "f") for each in DECLARED),
        *((of_body(each, BINARY), "body") for each in BODIES),
    ],
    ids=[*(f"part {each}" for each in DECLARED), *(f"body {each}" for each in BODIES)],
)
def test_w2_each_file_that_fits_the_tool_is_sent(document, name):
    operation = operation_of(document)
    compiled = CompiledOperation.of(operation)
    tool = jsonschema_rs.validator_for(operation.arguments)
    fitting = [each for each in ({name: file} for file in files()) if tool.is_valid(each)]
    assert fitting
    for each in fitting:
        admitted = admit(compiled, each)
        assert isinstance(admitted, Admitted), each
        assert build_request(compiled, admitted).body


FILE = {"base64": BYTES, "content_type": "image/png"}


@pytest.mark.parametrize(
    "text",
    [
        '{"base64": "iVBORw0KGgo=", "content_type": "image/png"}',
        '{"base64": "iVBORw0KGgo=", "filename": "a.png"}',
        '{"base64": "iVBORw0KGgo=", "content_type": "image/png", "filename": "a.png"}',
        '{"base64": "iVBORw0KGgo=", "content_type": "image/png", "filename": null}',
        '{"base64": "iVBORw0KGgo=", "content_type": null, "filename": "a.png"}',
    ],
)
@pytest.mark.parametrize("shape", ["one", "list", "text of a list", "body"])
def test_b27_json_text_for_a_file_of_a_range_is_an_object(text, shape):
    schema = BINARY if shape == "one" else {"type": "array", "items": BINARY}
    encoding = {"f": {"contentType": "image/*"}}
    document = of_body(
        MULTIPART, {"type": "object", "properties": {"f": schema}}, encoding=encoding
    )
    if shape == "body":
        document = of_body("image/*", BINARY)
    value = {"list": [text], "text of a list": f"[{text}]"}.get(shape, text)
    arguments = {"body" if shape == "body" else "f": value}
    compiled = CompiledOperation.of(operation_of(document))
    admitted = admit(compiled, arguments, tolerant=True)
    assert isinstance(admitted, Admitted), admitted
    assert next(each.change for each in admitted.coerced).startswith("text_to_")
    request = build_request(compiled, admitted)
    assert b"image/png" in request.body + str(request.headers).encode()
    assert not isinstance(admit(compiled, arguments), Admitted)


def test_b27_json_text_where_a_text_is_base64_stays_one():
    compiled = CompiledOperation.of(operation_of(form("image/png")))
    assert not isinstance(admit(compiled, {"f": '{"base64": "aGk="}'}, tolerant=True), Admitted)
