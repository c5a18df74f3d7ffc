"""Paths, names and texts that would cost the square of their length or more: each would take
minutes, and the test's own time limit would end it.
"""

from schema_service.domain.reading.read_document import read_document
from services.schema.tests.documents import answer, api, codes

ANSWERED = {"responses": {"200": {"description": ""}}}


def reads(path, **members):
    return api({path: {"get": {"operationId": "a", **ANSWERED, **members}}})


def test_na3_spaces_within_doubled_braces_are_gone_through_once():
    examined = answer(reads("/{{" + " " * 100_000 + "x"))
    assert "schema.path_template_broken" in codes(examined)


def test_na3_doubled_braces_are_still_mended():
    examined = answer(reads("/{{ id }}"))
    [broken] = [each for each in examined.findings if each.code == "schema.path_template_broken"]
    assert [each.value for each in broken.repair.edits] == ["/{id}"]


def test_na3_thousands_of_values_in_a_path_s_query_keep_their_order():
    written = [f"q{number}" for number in range(10_000)]
    examined = answer(reads("/a?" + "&".join(f"{name}=1" for name in written)))
    [operation] = examined.operations
    assert [each.name for each in operation.operation.parameters] == written


def test_na3_names_that_stand_for_thousands_of_templates_are_compared_a_limited_number_of_times():
    path = "".join(f"/{{first{number}}}" for number in range(3_000))
    others = [
        {"name": f"second{number}", "in": "path", "required": True, "schema": {}}
        for number in range(3_000)
    ]
    examined = answer(reads(path, parameters=others))
    assert "schema.path_parameter_unused" in codes(examined)


def test_na3_each_of_two_templates_is_what_one_misspelt_parameter_means():
    names = ("custommer", "ordder", "custommmer")
    given = [{"name": name, "in": "path", "required": True, "schema": {}} for name in names]
    examined = answer(reads("/{customer}/{order}", parameters=given))
    [operation] = examined.operations
    assert {each.name for each in operation.operation.parameters} == {"customer", "order"}
    assert codes(examined).count("schema.path_parameter_misspelt") == 2
    assert "schema.path_parameter_unused" in codes(examined)


def test_no5_blanks_within_a_text_are_gone_through_once():
    text = "openapi: 3.1.0\ninfo:\n  title: a\n  version: '1'\n  description: a"
    assert read_document(f"{text}{' ' * 1_000_000}x\npaths: {{}}\n").document is not None
