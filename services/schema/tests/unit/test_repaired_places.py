"""What was repaired is said with its place."""

import pytest

from schema_service.domain.examined import examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

YAML = """openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: "https://api.acme.io"}]
paths:
  /items/{id}:
    get:
      operationId: a
      summary: s
      parameters:
      - name: id
        in: path
        schema: {type: String}
      responses: {"200": {description: d}}
"""


def repaired(text):
    found = examine_text(text.encode(), source_url=None).findings.items()
    given = [each["repair"] for each in found if each["repair"]]
    chosen = [Repair.of(each["title"], map(Edit.of, each["edits"])) for each in given]
    return repair_all(text, chosen)


def test_nc16_what_was_repaired_says_line_and_pointer():
    changes = {each.title: each for each in repaired(YAML).changes}

    place = "/paths/~1items~1{id}/get/parameters/0"
    assert changes["Write string"].pointer == f"{place}/schema/type"
    assert changes["Write string"].line == 12
    assert {each.pointer for each in changes.values()} >= {f"{place}/required"}


def test_nc16_the_lines_are_those_before_the_repairs_of_one_round():
    text = '{"a": 1,\n "b": 2,\n "c": 3}'
    repairs = [Repair.of(each, [Edit("remove", f"/{each}")]) for each in "ac"]

    assert [(each.title, each.line) for each in repair_all(text, repairs).changes] == [
        ("a", 1),
        ("c", 3),
    ]


@pytest.mark.parametrize("line", ["   summary: s\n", " summary: s\n"])
def test_nc16_what_was_corrected_in_the_text_has_its_line(line):
    text = YAML.replace("      summary: s\n", line)

    changes = repaired(text).changes
    assert [each.line for each in changes if "ndent" in each.title] == [8]


@pytest.mark.parametrize(
    "text",
    [
        "openapi: 3.1.0\n info: {title: t}\npaths: {}\n",
        'openapi: 3.1.0\ninfo:\n  title: t\n  version: "1"\n paths:\n  /a: {}\n',
        'openapi: 3.1.0\ninfo:\n  title: t\n  version: "1"\n servers: []\npaths: {}\n',
    ],
)
def test_nc16_nothing_is_indented_by_0_spaces(text):
    found = read_document(text).findings
    said = [f"{each.message} {each.hint} {each.repair and each.repair.title}" for each in found]

    assert said
    assert not [each for each in said if "by 0 spaces" in each]
    assert not [each for each in said if " 1 spaces" in each]
