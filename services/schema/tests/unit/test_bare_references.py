"""References that YAML reads as comments, because nothing quotes them (nb5)."""

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

QUOTED = """openapi: 3.1.0
info: {title: t, version: "1"}
servers:
  - url: https://api.foo.dev
paths:
  /a:
    get:
      operationId: a
      summary: s
      parameters:
        - $ref: "#/components/parameters/P"
      responses:
        "200":
          description: |
            Such as
            $ref: #/nothing
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/I" # an item
components:
  parameters:
    P: {name: q, in: query, schema: {type: string}}
  schemas:
    I: {type: object}
"""
BARE = QUOTED.replace('"#/components/parameters/P"', "#/components/parameters/P").replace(
    '"#/components/schemas/I"', "  #/components/schemas/I"
)
CODE = "schema.reference_as_comment"


def found(text):
    return [each for each in examine(read_document(text)).findings if each.code == CODE]


def test_nb5_references_without_quotes_are_named_where_they_are_and_repaired():
    findings = found(BARE)

    assert [each.line for each in findings] == [11, 20]
    assert "# begins a comment" in findings[0].message
    repaired = repair_all(BARE, [each.repair for each in findings]).text
    assert read_document(repaired).document == read_document(QUOTED).document


def test_nb5_neither_quoted_ones_nor_texts_are_meant():
    assert found(QUOTED) == []
