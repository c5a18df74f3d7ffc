"""Several documents made one: what refers where, and that the compiler finds all of it there."""

import json

import pytest

from schema_service.domain.bundling.addresses import same_origin
from schema_service.domain.bundling.bundle import MAX_SPLICED, bundled
from schema_service.domain.bundling.part import Part, outside
from schema_service.domain.bundling.place_names import place_names
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.reading.read_document import read_document

ROOT = "https://docs.example.com/v1/openapi.yaml"
TOP = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: "https://api.example.com"}]
"""
PETS = (
    TOP
    + """\
paths:
  # every pet there is
  /pets:
    $ref: paths/pets.yaml
components:
  schemas:
    Name: {type: string}
"""
)
PETS_PATH = """\
get:
  operationId: listPets
  summary: All pets
  parameters: [{$ref: "../common.yaml#/parameters/Limit"}]
  responses:
    default: {$ref: "#/x-problem"}
    "200":
      description: pets
      content: {application/json: {schema: {$ref: "../schemas/pet.yaml"}}}
x-problem: {description: no pets}
"""
PET = """\
type: object
properties:
  name: {$ref: "../openapi.yaml#/components/schemas/Name"}
  parent: {$ref: "#"}
  toys: {type: array, items: {$ref: "toy.json#/definitions/A%20toy"}}
"""
TOY = '{"definitions": {"A toy": {"type": "object", "properties": {"of": {"$ref": "pet.yaml"}}}}}'
COMMON = (
    "parameters: {Limit: {name: limit, in: query, description: How many, schema: {type: integer}}}"
)
V1 = "https://docs.example.com/v1/"
FILES = {
    "paths/pets.yaml": PETS_PATH,
    "schemas/pet.yaml": PET,
    "schemas/toy.json": TOY,
    "common.yaml": COMMON,
}


def part(url, text):
    return Part(url, url, text.encode())


def bundle_of(root, files, url=ROOT):
    parts = [part(V1 + path, text) for path, text in files.items()]
    return bundled(part(url, root), parts).decode()


def examined(text):
    return examine(read_document(text), source_url=ROOT)


def referring_to(reference):
    schema = {"type": "object", "properties": {"it": {"$ref": reference}}}
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {
        "operationId": "put",
        "requestBody": body,
        "responses": {"200": {"description": "x"}},
    }
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "paths": {"/it": {"put": operation}},
        }
    )


def test_files_that_refer_to_files_become_one_document_that_can_be_called():
    text = bundle_of(PETS, FILES)

    found = examined(text)
    assert found.findings == ()
    [operation] = found.operations
    assert (operation.name, operation.verdict) == ("listPets", Verdict.READY)
    assert [each.name for each in operation.operation.parameters] == ["limit"]


def test_what_a_file_refers_to_is_resolved_against_that_file():
    tree = read_document(bundle_of(PETS, FILES)).document["x-bundled"]

    assert tree["paths_pets"]["get"]["parameters"] == [
        {"$ref": "#/x-bundled/common/parameters/Limit"}
    ]
    assert tree["paths_pets"]["get"]["responses"]["default"] == {
        "$ref": "#/x-bundled/paths_pets/x-problem"
    }
    pet = tree["schemas_pet"]["properties"]
    assert pet["name"] == {"$ref": "#/components/schemas/Name"}
    assert pet["parent"] == {"$ref": "#/x-bundled/schemas_pet"}
    assert pet["toys"]["items"] == {"$ref": "#/x-bundled/schemas_toy/definitions/A%20toy"}


def test_comments_and_order_of_the_text_stay():
    text = bundle_of(PETS, FILES)

    assert "  # every pet there is\n" in text
    assert text.startswith(TOP)


def test_json_stays_json():
    root = json.dumps(read_document(PETS).document, indent=2)

    tree = json.loads(bundle_of(root, FILES))

    assert tree["paths"]["/pets"] == {"$ref": "#/x-bundled/paths_pets"}


def test_the_same_documents_give_the_same_text_in_whatever_order_they_came():
    backwards = dict(reversed(FILES.items()))

    one, other = bundle_of(PETS, FILES), bundle_of(PETS, backwards)

    assert read_document(one).document == read_document(other).document


def test_a_text_with_very_many_references_is_written_anew_and_reads_the_same():
    many = "".join(
        f"    S{n}: {{$ref: 'common.yaml#/parameters'}}\n" for n in range(MAX_SPLICED + 1)
    )

    tree = read_document(bundle_of(PETS + many, FILES)).document

    assert len(tree["components"]["schemas"]) == MAX_SPLICED + 2
    assert tree["components"]["schemas"]["S7"] == {"$ref": "#/x-bundled/common/parameters"}
    assert tree["info"] == {"title": "Pets", "version": "1"}
    assert "x-bundled" in tree


def test_swagger_documents_are_bundled_alike():
    root = """\
swagger: "2.0"
info: {title: T, version: "1"}
host: api.example.com
schemes: [https]
paths:
  /a:
    get:
      operationId: a
      responses: {"200": {description: x, schema: {$ref: "schemas/toy.json#/definitions/A toy"}}}
      parameters: [{$ref: "common.yaml#/parameters/Limit"}]
"""
    common = "parameters: {Limit: {name: limit, in: query, type: integer}}"

    [operation] = examined(bundle_of(root, {**FILES, "common.yaml": common})).operations

    assert [each.name for each in operation.operation.parameters] == ["limit"]


def test_a_reference_by_name_leads_to_the_anchor_of_its_own_document():
    here = referring_to("a.yaml#It")

    text = bundle_of(
        here,
        {
            "a.yaml": "x: {$ref: '#It'}\n$defs: {y: {$anchor: It, type: integer}}",
            "b.yaml": "$anchor: It",
        },
    )

    tree = json.loads(text)
    assert "#/x-bundled/a/$defs/y" in text
    assert tree["x-bundled"]["a"]["x"] == {"$ref": "#/x-bundled/a/$defs/y"}


def test_discriminators_lead_to_the_bundled_schemas_and_plain_names_stay():
    schema = (
        "discriminator: {propertyName: kind, mapping: {toy: 'schemas/toy.json', cat: Cat}}\n"
        "oneOf: [{$ref: schemas/toy.json}]"
    )

    tree = json.loads(bundle_of(referring_to("any.yaml"), {**FILES, "any.yaml": schema}))

    mapping = tree["x-bundled"]["any"]["discriminator"]["mapping"]
    assert mapping == {"toy": "#/x-bundled/schemas_toy", "cat": "Cat"}


@pytest.mark.parametrize(
    "reference",
    [
        "file:///etc/passwd",
        "//other.example.com/x.yaml",
        "https://docs.example.com:8443/v1/x.yaml",
        "http://docs.example.com/v1/x.yaml",
        "https://docs.example.com@evil.example.com/x.yaml",
        "https://docs.example.com\\@evil.example.com/x.yaml",
        "https://docs.example.com:port/x.yaml",
        "https://[docs.example.com/x.yaml",
        "javascript:alert(1)",
        "//docs.example.com\t.evil.example.com/x.yaml",
    ],
)
def test_h70_what_has_another_origin_is_neither_asked_for_nor_changed(reference):
    root = referring_to(reference)

    assert outside(part(ROOT, root), ROOT).urls == ()
    text = bundle_of(root, {"unrelated.yaml": "a: 1"})
    assert json.loads(text)["paths"] == json.loads(root)["paths"]
    [operation] = examined(text).operations
    assert operation.verdict is Verdict.BLOCKED


def test_what_was_not_fetched_is_named_with_its_whole_address():
    file = "properties: {it: {$ref: 'gone.yaml#/a'}, far: {$ref: 'https://far.example.com/x'}}"

    tree = json.loads(bundle_of(referring_to("schemas/a.yaml"), {"schemas/a.yaml": file}))

    assert tree["x-bundled"]["schemas_a"]["properties"] == {
        "it": {"$ref": "https://docs.example.com/v1/schemas/gone.yaml#/a"},
        "far": {"$ref": "https://far.example.com/x"},
    }


def test_only_references_are_asked_for_once_each_in_the_order_of_the_text():
    root = (
        TOP
        + """\
paths:
  /b: {$ref: "b.yaml#/x"}
  /a: {$ref: "./a.yaml"}
  /b2: {$ref: "other/../b.yaml#/y"}
  /own: {$ref: "openapi.yaml#/paths/~1a"}
components:
  examples: {one: {$ref: one.yaml}}
  responses: {default: {$ref: "default.yaml"}}
  schemas:
    S: {example: {$ref: not-this.yaml}, default: {$ref: nor-this.yaml}, enum: [{$ref: nor.yaml}]}
    T: {properties: {example: {$ref: this.yaml}, $ref: {type: string}}}
"""
    )

    asked = outside(part(ROOT, root), ROOT).urls

    names = ["b.yaml", "a.yaml", "default.yaml", "this.yaml"]
    assert asked == tuple(V1 + name for name in names)


def test_names_tell_files_apart_whichever_others_there_are():
    a, b, c = (V1 + path for path in ("a/pet.yaml", "b/pet.yaml", "pet.yaml"))
    json_twin, outside_the_folder = V1 + "pet.json", "https://docs.example.com/common/x.yaml"

    names = place_names([a, b, c, json_twin, outside_the_folder], ROOT)

    assert (names[a], names[b], names[outside_the_folder]) == ("a_pet", "b_pet", "common_x")
    assert names[c].startswith("pet_")
    assert names[json_twin].startswith("pet_")
    assert names[c] != names[json_twin]
    assert place_names([json_twin, c, a], ROOT)[c] == names[c]


def test_two_files_with_a_schema_of_one_name_keep_both():
    pet = "components: {schemas: {Pet: {type: %s, properties: {b: {$ref: %s}}}}}"
    here, there = "a.yaml#/components/schemas/Pet", "b.yaml#/components/schemas/Pet"
    files = {
        "a.yaml": pet % ("object", there),
        "b.yaml": pet % ("[object, 'null']", "'#/components'"),
    }

    [operation] = examined(bundle_of(referring_to(here), files)).operations

    definitions = operation.operation.arguments["$defs"]
    assert {"Pet", "Pet_2"} <= set(definitions)
    assert definitions["Pet"]["type"] != definitions["Pet_2"]["type"]


def test_a_document_bundled_before_is_bundled_again():
    once = bundle_of(PETS, {"paths/pets.yaml": PETS_PATH})

    twice = bundle_of(once, {name: text for name, text in FILES.items() if "paths" not in name})

    assert examined(twice).findings == ()
    assert [each.verdict for each in examined(twice).operations] == [Verdict.READY]


def test_a_file_that_cannot_be_read_leaves_the_others():
    text = bundle_of(PETS, {**FILES, "schemas/toy.json": "{"})

    assert "https://docs.example.com/v1/schemas/toy.json#/definitions/A%20toy" in text
    assert outside(part(V1 + "x", "{"), ROOT).unreadable


def test_references_with_spaces_stay_with_their_document():
    file = "x: {$ref: '#/definitions/My model'}\ndefinitions: {My model: {type: string}}"

    tree = json.loads(bundle_of(referring_to("a.yaml#/x"), {"a.yaml": file}))

    assert tree["x-bundled"]["a"]["x"] == {"$ref": "#/x-bundled/a/definitions/My model"}


def test_ports_that_are_not_written_are_those_of_the_scheme():
    assert same_origin("https://DOCS.example.com:443/x", ROOT)
    assert not same_origin("https://docs.example.com.evil.example/x", ROOT)
