"""What findings take, in bytes and in work, has a limit, and what only advises gives up first."""

import json

import pytest

from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.json_schema.impossible import Decided, Impossible
from schema_service.domain.examination import MAX_FINDINGS_BYTES, Verdict
from schema_service.domain.examined import examine_text
from schema_service.domain.linting.misspelt_members import MAX_FINDINGS, misspelt_members
from services.schema.tests.documents import answer, api, codes

NOTHING = {"responses": {"200": {"description": ""}}}
MANY_IN_PATH = "/" + "/".join(f"{{p{n}}}" for n in range(3_000))
LONG = "x" * 100_000
SLIP = {"type": "strnig", "maxlength": 3}


def reads(path, **members):
    return api({path: {"get": {"operationId": "a", **NOTHING, **members}}})


def misplaced(count):
    return [{"name": f"p{n}", "in": "qery", "schema": {}} for n in range(count)]


ONE_PARAMETER = [{"name": "q", "in": "query", "schema": {}}]
LONG_WINDED = {
    "many parameters of a path": reads(MANY_IN_PATH),
    "many more of a path that has some": reads(MANY_IN_PATH, parameters=ONE_PARAMETER),
    "many slips below a long path": reads(f"/{LONG}", parameters=misplaced(300)),
    "many slips below a long name": api(
        {}, components={"schemas": {LONG: {"properties": {f"p{n}": SLIP for n in range(300)}}}}
    ),
}


@pytest.mark.parametrize("document", LONG_WINDED.values(), ids=LONG_WINDED)
def test_a2_findings_of_a_short_document_take_little_room(document):
    examined = examine_text(json.dumps(document).encode(), source_url=None)
    assert 2 < len(examined.findings.text) < MAX_FINDINGS_BYTES + 10_000


def test_a2_what_is_not_shown_is_counted():
    examined = answer(reads(f"/{LONG}", parameters=misplaced(300)))
    assert 0 < len(examined.findings) < 20
    assert examined.more_findings > 280


def test_a2_a_finding_that_is_longer_than_all_may_be_is_shown_without_its_repair():
    path = "/" + "x" * MAX_FINDINGS_BYTES
    examined = answer(reads(path, parameters=misplaced(1)))
    [finding] = examined.findings
    assert len(finding.pointer) > MAX_FINDINGS_BYTES
    assert finding.repair is None


def test_a2_path_parameters_are_described_by_one_repair():
    examined = answer(reads("/{a}/{b}/{c}"))
    found = [each for each in examined.findings if each.code == "schema.path_parameter_undeclared"]
    first, *others = [each.repair for each in found]
    assert [each["name"] for each in first.edits[0].value] == ["a", "b", "c"]
    assert others == [None, None]


class Counted(list):
    """Counts what is taken of it."""

    taken = 0

    def __iter__(self):
        for each in super().__iter__():
            self.taken += 1
            yield each


def test_a3_required_names_are_compared_for_as_many_findings_as_are_made():
    names = Counted(f"propertyy{n}" for n in range(4_000))
    schema = {"required": names, "properties": {f"property{n}": {} for n in range(6_000)}}
    found = misspelt_members(api({}, components={"schemas": {"A": schema}}), Dialect.OPENAPI_31)
    assert len(found) == MAX_FINDINGS
    assert names.taken < 2 * MAX_FINDINGS


def test_a3_required_names_that_are_very_long_are_not_compared():
    schema = {"required": ["y" * 200], "properties": {"y" * 201: {}, "a": {}}}
    examined = answer(api({}, components={"schemas": {"A": schema}}))
    assert "schema.required_undescribed" in codes(examined)
    assert "schema.required_misspelt" not in codes(examined)


def ring(size):
    def needs(*names):
        properties = {f"m{n}": {"$ref": f"#/$defs/{name}"} for n, name in enumerate(names)}
        return {"type": "object", "required": [*properties], "properties": properties}

    return {f"S{n}": needs(f"S{(n + 1) % size}", f"S{n * 3 % size}") for n in range(size)}


def test_a3_schemas_that_need_each_other_are_decided_once_a_document():
    definitions, decided = ring(500), Decided()
    allowed = decided.looks
    reasons = {
        Impossible(definitions, decided).reason({"$ref": f"#/$defs/{name}"}) for name in definitions
    }
    assert reasons == {"it needs itself within itself, without end"}
    assert allowed - decided.looks < 20 * len(definitions)


def test_a3_schemas_that_need_each_other_up_to_one_that_may_be_empty_are_possible():
    """Deeper than Python calls, and whichever is asked for first."""
    chain = {
        f"S{n}": {
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"anyOf": [{"$ref": f"#/$defs/S{n + 1}"}, {"$ref": "#/$defs/S0"}]}},
        }
        for n in range(2_000)
    }
    for first in ("S0", "S1000", "S1999"):
        decided = Decided()
        checked = Impossible({**chain, "S2000": {"type": "object"}}, decided)
        assert checked.reason({"$ref": f"#/$defs/{first}"}) is None
        assert decided.looks > 0
    refused = Impossible({**chain, "S2000": False}).reason({"$ref": "#/$defs/S0"})
    assert refused is not None


def test_a3_what_is_decided_where_something_is_cut_counts_there_alone():
    decided = Decided()
    cut = Impossible({**ring(3), "S2": True}, decided, whole=False)
    assert cut.reason({"$ref": "#/$defs/S2"}) is None
    assert Impossible(ring(3), decided).reason({"$ref": "#/$defs/S0"}) is not None
    assert Impossible({"S0": True}, decided, whole=False).reason({"$ref": "#/$defs/S0"}) is None


def test_a3_without_looks_left_schemas_count_as_possible():
    assert Impossible(ring(3), Decided(looks=2)).reason({"$ref": "#/$defs/S0"}) is None


def test_a3_operations_of_schemas_that_need_each_other_are_all_blocked():
    schemas = json.loads(json.dumps(ring(60)).replace("#/$defs/", "#/components/schemas/"))
    paths = {
        f"/{name}": {
            "post": {
                "operationId": name,
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}
                    },
                },
                **NOTHING,
            }
        }
        for name in schemas
    }
    examined = answer(api(paths, components={"schemas": schemas}))
    assert {each.verdict for each in examined.operations} == {Verdict.BLOCKED}
    assert {each.blocked_by.code for each in examined.operations} == {"schema.argument_impossible"}
