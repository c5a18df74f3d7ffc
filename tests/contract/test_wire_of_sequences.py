"""Bodies of JSON texts one after the other, and of parts without names (OAS 3.2, 4.14)."""

import pytest

from tests.contract.wire_of_documents import (
    examined,
    of_body,
    of_operation,
    operation_of,
    refusal,
    sent,
)

EVENT = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "note": {"type": "string"}},
}
EVENTS = [{"id": 1, "note": "a\nb"}, {"id": 2}]
LINES = b'{"id":1,"note":"a\\nb"}\n{"id":2}\n'


def of_media(media, media_type="application/jsonl", *, required=True, **others):
    body = {"required": required, "content": {media_type: media, **others}}
    return of_operation({"requestBody": body}, version="3.2.0")


@pytest.mark.parametrize(
    "media_type",
    ["application/jsonl", "application/x-ndjson", "application/ndjson", "Application/JSONL; x=y"],
)
@pytest.mark.parametrize("media", [{"itemSchema": EVENT}, {"schema": {"items": EVENT}}])
def test_z9_2_items_of_lines_of_json_are_an_argument_and_a_line_each(media_type, media):
    if "schema" in media:
        media = {"schema": {"type": "array", **media["schema"]}}
    document = of_media(media, media_type)
    argument = operation_of(document).arguments["properties"]["body"]
    assert argument["type"] == "array"
    assert argument["items"] == EVENT

    wire = sent(document, {"body": EVENTS})

    assert wire.body == LINES
    assert wire.content_type == media_type
    assert not [each for each in examined(document).findings if each.severity != "note"]


@pytest.mark.parametrize("media_type", ["application/json-seq", "application/geo+json-seq"])
def test_z9_2_a_record_separator_begins_each_text_of_a_sequence(media_type):
    """RFC 7464, 2.2."""
    wire = sent(of_media({"itemSchema": EVENT}, media_type), {"body": EVENTS})
    assert wire.body == b'\x1e{"id":1,"note":"a\\nb"}\n\x1e{"id":2}\n'


def test_z9_2_numbers_of_a_sequence_keep_their_digits():
    document = of_media({"itemSchema": {"type": "number"}})
    assert (
        sent(document, {"body": [1.0, 12345678901234567890]}).body == b"1.0\n12345678901234567890\n"
    )


def test_z9_2_items_are_checked_and_both_schemas_hold():
    document = of_media({"itemSchema": EVENT, "schema": {"type": "array", "maxItems": 1}})
    assert sent(document, {"body": [{"id": 1}]}).body == b'{"id":1}\n'
    assert refusal(document, {"body": EVENTS})
    assert refusal(document, {"body": [{"note": "no id"}]})


def test_z9_2_an_item_that_leads_nowhere_blocks():
    found = examined(of_media({"itemSchema": {"$ref": "#/components/schemas/Gone"}}))
    assert [each.verdict for each in found.operations] == ["blocked"]
    [error] = [each for each in found.findings if each.severity == "error"]
    assert error.pointer.endswith("/application~1jsonl/itemSchema/$ref")


def test_z9_2_bodies_that_differ_in_their_items_alone_are_not_the_same():
    """Neither another media type of one operation, nor those of two operations."""
    json = {"application/json": {"schema": EVENT}}
    assert operation_of(of_media({"itemSchema": EVENT}, **json)).body.alternatives == ()
    reference = {"$ref": "#/components/schemas/All"}
    media = [{"schema": reference, "itemSchema": each} for each in (EVENT, {"type": "integer"})]
    bodies = [{"content": {"application/jsonl": each}} for each in media]
    document = of_operation({"requestBody": bodies[0]}, version="3.2.0")
    document["components"] = {"schemas": {"All": {"type": "array"}}}
    document["paths"]["/b"] = {"post": {"operationId": "b", "requestBody": bodies[1]}}
    first, second = (each.operation.arguments for each in examined(document).operations)
    assert first["properties"]["body"]["items"] == EVENT
    assert second["properties"]["body"]["items"] == {"type": "integer"}


def test_z9_2_a_text_with_lines_of_json_is_sent_as_it_is():
    document = of_body("application/x-ndjson", {"type": "string"})
    assert sent(document, {"body": "1\n2\n"}).body == b"1\n2\n"


PARTS = {"schema": {"type": "array", "prefixItems": [EVENT]}}


@pytest.mark.parametrize(
    "member",
    [
        {"prefixEncoding": [{"contentType": "application/json"}]},
        {"itemEncoding": {"contentType": "image/png"}},
        {"itemSchema": EVENT},
    ],
)
@pytest.mark.parametrize(
    ("required", "code", "verdict"),
    [
        (True, "schema.parts_by_position", "blocked"),
        (False, "schema.parts_left_out", "ready_with_warnings"),
    ],
)
def test_z9_2_a_body_of_parts_without_names_is_not_made(member, required, code, verdict):
    document = of_media({**PARTS, **member}, "multipart/mixed", required=required)
    found = examined(document)
    assert [each.verdict for each in found.operations] == [verdict]
    [finding] = [each for each in found.findings if each.code.startswith("schema.parts_")]
    assert finding.code == code
    assert finding.pointer.endswith(f"/multipart~1mixed/{next(iter(member))}")
    assert "multipart/form-data" in finding.hint
    assert found.valid is not required


def test_z9_2_another_media_type_is_sent_in_place_of_parts_without_names():
    media = {**PARTS, "itemEncoding": {}}
    document = of_media(media, "multipart/mixed", **{"application/json": {"schema": EVENT}})
    assert sent(document, {"id": 5}).body == b'{"id":5}'
    codes = [each.code for each in examined(document).findings]
    assert "schema.parts_left_out" in codes
