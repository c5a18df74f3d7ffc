"""Guards of a line each, which whole documents rarely reach (owner's 7)."""

import json
from types import SimpleNamespace

import pytest

from schema_service.domain.blockers import Blockers
from schema_service.domain.compiling.json_schema.composed import Composed
from schema_service.domain.compiling.json_schema.conversion import Converter
from schema_service.domain.compiling.json_schema.inlining import MAX_INLINED, MAX_WORK, Inlining
from schema_service.domain.compiling.references import References
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.examined import examine_text
from schema_service.domain.fallen_back import FallenBack
from schema_service.domain.finding import Finding, Severity
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.yaml_alike import MAX_LINES, MIN_LINES, alike
from schema_service.domain.reading.yaml_line import Proposal
from services.schema.tests.documents import answer, api, codes, post
from services.schema.tests.rule_documents import FINE, OK, body, document, schema, server


def test_o9b7_a_broken_parameter_blocks_although_the_body_is_fine():
    found = post({"type": "object", "properties": {"a": {"type": "string"}}})
    item = found["paths"]["/pets"]["post"]
    item["parameters"] = [{"name": "q", "in": "query", "schema": {"$ref": "#/gone"}}]
    [detected] = answer(found).operations
    assert (detected.verdict, detected.blocked_by.code) == (
        Verdict.BLOCKED,
        "schema.reference_dangling",
    )


def form_of(kind, *, required=True):
    content = {"multipart/form-data": {"schema": kind}}
    return examine(read_document(body({"content": content, "required": required})))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"type": ["string", "null"]}, "string"),
        ({"type": "null"}, "null"),
        ({"enum": ["a"]}, "string"),
        ({"const": 5}, "integer"),
    ],
)
def test_o9b10_a_form_of_what_is_no_object_is_blocked_with_its_type(kind, said):
    found = form_of(kind)
    [error] = [each for each in found.findings if each.code == "schema.form_of_no_object"]
    assert found.operations[0].verdict is Verdict.BLOCKED
    assert f" {said}" in error.message
    assert f"or {said}" not in error.message


@pytest.mark.parametrize("kind", [{}, True, {"type": ["object", "null"]}, {"enum": [{"a": 1}]}])
def test_o9b10_a_form_that_may_be_an_object_is_none_of_these(kind):
    assert "schema.form_of_no_object" not in codes(form_of(kind))


def unsafe_media():
    found = json.loads(server("https://acme.dev:port"))
    content = {"a b": {"schema": {"type": "string"}}}
    found["paths"] = {"/a": {"post": {"requestBody": {"content": content}, "responses": OK}}}
    return json.dumps(found)


def test_o9b7_an_unknown_media_type_comes_before_a_broken_server():
    [operation] = examine_text(unsafe_media().encode(), source_url=None).operations.items()
    assert operation["blocked_by"]["code"] == "schema.body_media_unknown"


def test_o9b7_an_error_behind_another_place_is_not_that_of_an_operation():
    errors = [Finding(Severity.ERROR, "schema.x", "m", each) for each in ("/a", "/bc", "/b/d")]
    blockers = Blockers(errors)

    def of(*place):
        draft = SimpleNamespace(found=[], place=SimpleNamespace(pointer=place), broken_at=None)
        return blockers.of(draft).pointer

    assert [of("b"), of("bb"), of("a"), of("a", "b")] == ["/b/d", "/a", "/a", "/a"]


def test_o9b7_only_the_operations_of_the_list_itself_left_its_servers():
    moved = FallenBack(lists={("https://a:443", "/servers")})
    assert moved.has_left("https://a:443", "/servers/0/url")
    assert not moved.has_left("https://b:443", "/servers/0/url")
    assert not moved.has_left("https://a:443", "/servers2/0/url")
    assert not moved.has_left("https://a:443", "/paths/~1a/servers/0/url")


def test_o9b7_a_path_inside_an_operation_is_moved_where_no_other_has_its_name():
    found = json.loads(document({"/b": {"get": {"responses": OK}}}))
    [free] = examine(read_document(json.dumps(found))).findings
    found["paths"]["/b"] = {"get": {"summary": "s", "operationId": "b", "responses": OK}}
    [taken] = examine(read_document(json.dumps(found))).findings
    assert (free.code, taken.code) == ("schema.path_inside_operation",) * 2
    assert (free.repair is None, taken.repair is None) == (False, True)


def test_o9b7_a_misspelt_consent_beside_the_right_one_is_not_renamed():
    text = document({"x-openai-isconsequential": True, "x-openai-isConsequential": False})
    [finding] = examine(read_document(text)).findings
    assert (finding.code, finding.repair) == ("schema.consequential_misspelt", None)


def test_o9b7_what_another_word_stands_for_is_missing_still():
    found = json.loads(FINE)
    answers = {"200": {"desc": "x"}}
    found["paths"]["/a"]["get"]["responses"] = answers
    assert {"schema.member_misspelt", "schema.member_missing"} <= {
        *codes(examine(read_document(json.dumps(found))))
    }
    answers["200"] = {"descripton": "x"}
    assert "schema.member_missing" not in codes(examine(read_document(json.dumps(found))))


def test_o9b7_no_other_error_goes_where_a_member_is_to_be_renamed():
    text = FINE.replace('"paths"', '"Paths"', 1)
    by_code = {each.code: each for each in examine(read_document(text)).findings}
    assert by_code["schema.member_misspelt"].repair is not None
    assert by_code["schema.paths_missing"].repair is None


def test_o9b7_a_part_of_an_allof_may_require_what_another_one_has():
    part = {"type": "object", "required": ["other"], "properties": {"name": {}}}
    whole = {"allOf": [part, {"properties": {"other": {}}}]}
    assert "schema.required_undescribed" not in codes(examine(read_document(schema(whole))))
    assert "schema.required_undescribed" in codes(examine(read_document(schema(part))))


def test_o9b7_a_server_whose_url_is_no_text_may_have_variables():
    found = api({}, servers=[{"url": 5, "variables": {"a": {"default": "b"}}}])
    assert "schema.server_variable_idle" not in codes(examine(read_document(json.dumps(found))))


def proposal(lines, *, is_sure=True):
    return Proposal(0, 0, "r", "h", "Put the text in quotes", lines, is_sure)


def reads(text):
    return "unreadable" if "@" in text and '"' not in text else None


def test_o9b7_only_one_sure_line_of_a_text_of_no_more_than_so_many_has_others_like_it():
    many = [f"a{n}: @b\n" for n in range(MIN_LINES + 1)]
    first = {0: 'a0: "@b"\n'}
    assert alike(many, proposal(first), reads) is not None
    assert alike(many, proposal(first, is_sure=False), reads) is None
    assert alike(many, proposal({**first, 1: 'a1: "@b"\n'}), reads) is None
    assert alike(many[: MIN_LINES - 1], proposal(first), reads) is None
    longer = many + ["b: 1\n"] * (MAX_LINES + 1 - len(many))
    assert alike(longer, proposal(first), reads) is None


def composed(document=None):
    return Composed(References(document or {}))


def test_o9b7_a_part_that_comes_again_hides_none_behind_it():
    part, last = {"type": "object"}, {"required": ["a"]}
    parts = [each for each, _ in composed().parts({"allOf": [part, part, last]}, ())]
    assert parts[1:] == [part, last]


def test_o9b7_a_document_with_too_many_parts_is_looked_at_without_them():
    whole = {"allOf": [{"title": str(n)} for n in range(3)]}
    converter = Converter(References({}), [], lambda *_: "n", alone=False)
    converter.composed = Composed(References({}), most=5)
    seen = [len([*converter.composed.parts(whole, ())]) for _ in range(3)]
    assert seen == [4, 2, 1]
    assert (converter.composed.is_exhausted, converter.is_exhausted) == (True, True)


def test_o9b7_no_more_is_written_out_than_a_document_may_have():
    inlining = Inlining()
    for _ in range(MAX_INLINED - 1):
        with inlining.of(("a",)):
            pass
    assert inlining.may_hold(("b",), 1)
    with inlining.of(("a",)):
        pass
    assert not inlining.may_hold(("b",), 1)

    inlining = Inlining()
    inlining.count_values(MAX_WORK - 1)
    assert inlining.may_hold(("b",), 1)
    inlining.count_values(1)
    assert not inlining.may_hold(("b",), 1)
