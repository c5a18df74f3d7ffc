"""B18, B20, W5: the discriminator decides which schema a body follows, and a model sees all."""

import json

import jsonschema_rs
import pytest

from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.compiling.json_schema.composed import Composed
from schema_service.domain.compiling.json_schema.discriminator import Discriminators
from schema_service.domain.compiling.references import References
from services.schema.tests.documents import answer, codes, get, only, post

MAPPING = {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}
PET = {
    "type": "object",
    "required": ["petType"],
    "properties": {"petType": {"type": "string"}},
    "discriminator": {"propertyName": "petType", "mapping": MAPPING},
}
CAT = {
    "allOf": [
        {"$ref": "#/components/schemas/Pet"},
        {"type": "object", "properties": {"meow": {"type": "integer"}}},
    ]
}
DOG = {
    "allOf": [
        {"$ref": "#/components/schemas/Pet"},
        {"type": "object", "properties": {"pack": {"type": "integer"}}, "required": ["pack"]},
    ]
}
REF = {"$ref": "#/components/schemas/Pet"}


def with_schemas(document, **schemas):
    return {**document, "components": {"schemas": schemas}}


def pets(schema, pet=PET, cat=CAT, dog=DOG, **more):
    return only(with_schemas(post(schema, required=True), Pet=pet, Cat=cat, Dog=dog, **more))


def admits(operation, **arguments):
    return jsonschema_rs.Draft202012Validator(operation.arguments).is_valid(arguments)


def test_b18_the_members_of_the_children_are_arguments():
    operation = pets(REF)
    assert operation.body.members == {"petType": "petType", "meow": "meow", "pack": "pack"}
    assert admits(operation, petType="cat", meow=3)
    assert not admits(operation, petType="cat", meow="3")
    assert not admits(operation, petType="fish")
    properties = operation.arguments["properties"]
    assert properties["petType"]["enum"] == ["cat", "dog"]
    assert properties["meow"]["description"] == "Where petType is cat."


def test_b18_what_a_child_requires_is_required_where_it_is_meant():
    operation = pets(REF)
    assert not admits(operation, petType="dog")
    assert admits(operation, petType="dog", pack=1)
    tool = tool_for("a", operation, Flavour.OPENAI).definition
    assert set(tool["function"]["parameters"]) == {
        "type",
        "properties",
        "required",
        "additionalProperties",
    }


def test_b18_a_member_of_another_child_is_refused_where_the_child_is_closed():
    closed = [
        {**each, "unevaluatedProperties": False}
        for each in (CAT, {"type": "object", "properties": {"petType": {}, "pack": {}}})
    ]
    operation = pets(REF, cat=closed[0], dog=closed[1])
    assert admits(operation, petType="cat", meow=1)
    assert not admits(operation, petType="cat", pack=1)


NESTED = {
    "one level down": ({"properties": {"pet": REF}}, lambda pet: {"pet": pet}),
    "behind a list": (
        {"properties": {"pets": {"type": "array", "items": REF}}},
        lambda pet: {"pets": [pet]},
    ),
    "a list": ({"type": "array", "items": REF}, lambda pet: {"body": [pet]}),
    "a map": (
        {"properties": {"m": {"type": "object", "additionalProperties": REF}}},
        lambda pet: {"m": {"x": pet}},
    ),
    "nullable": (
        {"properties": {"pet": {"anyOf": [REF, {"type": "null"}]}}},
        lambda pet: {"pet": pet},
    ),
}


@pytest.mark.parametrize(("schema", "given"), NESTED.values(), ids=NESTED)
def test_b18_the_children_are_alternatives_wherever_the_parent_stands(schema, given):
    operation = pets(schema)
    assert admits(operation, **given({"petType": "cat", "meow": 3}))
    assert admits(operation, **given({"petType": "dog", "pack": 3}))
    assert not admits(operation, **given({"petType": "dog"}))
    assert not admits(operation, **given({"petType": "cat", "meow": "x"}))
    assert not admits(operation, **given({"petType": "fish"}))
    text = json.dumps(tool_for("a", operation, Flavour.MCP).definition)
    assert all(word in text for word in ("meow", "pack", '"const": "cat"', '"const": "dog"'))


@pytest.mark.parametrize("discriminator", [{"propertyName": "petType"}, "petType"])
def test_b18_without_a_mapping_components_that_extend_the_parent_are_its_children(discriminator):
    operation = pets({"properties": {"pet": REF}}, pet={**PET, "discriminator": discriminator})
    assert admits(operation, pet={"petType": "Cat", "meow": 3})
    assert admits(operation, pet={"petType": "something else"})
    assert '"meow"' in json.dumps(operation.arguments)


NAMED = {
    "type": "object",
    "properties": {"t": {"type": "string"}},
    "required": ["t"],
    "discriminator": {"propertyName": "t"},
}
P_REF, Q_REF = "#/components/schemas/P", "#/components/schemas/Q"
A = {
    "allOf": [
        {"$ref": "#/components/schemas/P"},
        {"required": ["y"], "properties": {"x": {"type": "integer"}, "y": {}}},
    ]
}
PLACES = {
    "property": ({"properties": {"w": {"$ref": "#/components/schemas/P"}}}, lambda v: {"w": v}),
    "two down": (
        {"properties": {"w": {"properties": {"v": {"$ref": "#/components/schemas/P"}}}}},
        lambda v: {"w": {"v": v}},
    ),
    "list": (
        {"properties": {"w": {"type": "array", "items": {"$ref": "#/components/schemas/P"}}}},
        lambda v: {"w": [v]},
    ),
    "map": (
        {"properties": {"w": {"additionalProperties": {"$ref": "#/components/schemas/P"}}}},
        lambda v: {"w": {"k": v}},
    ),
    "itself within": (
        {"properties": {"w": {"$ref": "#/components/schemas/Q"}}},
        lambda v: {"w": {"p": {"t": "other", "q": {"p": v}}}},
    ),
}


@pytest.mark.parametrize(("schema", "given"), PLACES.values(), ids=PLACES)
def test_w5_a_parent_alone_admits_no_value_that_means_a_child(schema, given):
    parent = {**NAMED, "properties": {**NAMED["properties"], "q": {"$ref": Q_REF}}}
    own = {"properties": {"p": {"$ref": "#/components/schemas/P"}}}
    operation = only(with_schemas(post(schema), P=parent, A=A, Q=own))
    assert admits(operation, **given({"t": "A", "x": 1, "y": 0}))
    assert admits(operation, **given({"t": "P"}))
    assert admits(operation, **given({"t": "other"}))
    assert not admits(operation, **given({"t": "A", "x": "abc", "y": 0}))
    assert not admits(operation, **given({"t": "A", "x": 1}))


def test_w5_a_parent_alone_in_a_json_parameter():
    content = {"application/json": {"schema": {"type": "array", "items": {"$ref": P_REF}}}}
    parameter = {"name": "w", "in": "query", "content": content}
    operation = only(with_schemas(get(parameters=[parameter]), P=NAMED, A=A))
    assert admits(operation, w=[{"t": "A", "x": 1, "y": 0}, {"t": "P"}])
    assert not admits(operation, w=[{"t": "A", "x": "abc", "y": 0}])


def test_w5_what_a_value_may_not_be_keeps_no_tool_from_being_strict():
    member = {"type": "string", "not": {"enum": ["A"]}}
    schema = {"type": "object", "properties": {"w": member}, "required": ["w"]}
    document = post({**schema, "additionalProperties": False}, required=True)
    function = tool_for("a", only(document), Flavour.OPENAI, strict=True).definition["function"]
    assert function["strict"] is True
    assert "not" not in function["parameters"]["properties"]["w"]


def test_b18_children_of_children_are_told_too():
    lion = {
        "allOf": [{"$ref": "#/components/schemas/Cat"}, {"properties": {"mane": {"type": "null"}}}]
    }
    operation = pets(REF, Lion=lion)
    assert admits(operation, petType="Lion", meow=1, mane=None)


def test_b18_a_child_that_says_its_own_value_is_meant_by_it():
    """Its mapping is another one: that of its own children."""
    cat = {
        "allOf": [{"$ref": "#/components/schemas/Pet"}],
        "type": "object",
        "required": ["petType", "breed"],
        "properties": {"petType": {"type": "string", "enum": ["cat"]}, "breed": {"type": "string"}},
        "discriminator": {
            "propertyName": "breed",
            "mapping": {"siamese": "#/components/schemas/Siamese"},
        },
    }
    siamese = {
        "allOf": [{"$ref": "#/components/schemas/Cat"}],
        "properties": {"breed": {"enum": ["siamese"]}},
    }
    operation = pets(REF, cat=cat, Siamese=siamese)

    assert admits(operation, petType="cat", breed="siamese")
    assert not admits(operation, petType="bird", breed="siamese")


def test_b18_a_child_may_have_a_parent_among_its_members():
    cat = {"allOf": [REF, {"properties": {"friend": REF}}]}
    operation = pets({"type": "array", "items": REF}, cat=cat)
    friends = {"petType": "cat", "friend": {"petType": "dog", "pack": 1}}
    assert admits(operation, body=[friends])
    assert not admits(operation, body=[{**friends, "friend": {"petType": "dog"}}])


def test_a_parent_of_very_many_stays_as_it_is():
    many = {f"C{i}": {"allOf": [REF, {"properties": {f"m{i}": {}}}]} for i in range(60)}
    operation = only(with_schemas(post(REF), Pet=PET, **many))
    assert list(operation.body.members) == ["petType"]


CARD = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "number": {"type": "string"}},
}
BANK = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "iban": {"type": "string"}},
}
UNION = {
    "oneOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/Bank"}],
    "discriminator": {
        "propertyName": "type",
        "mapping": {"card": "#/components/schemas/Card", "bank": "Bank"},
    },
}


def payments(union=UNION, card=CARD, bank=BANK, **more):
    schema = {"$ref": "#/components/schemas/Pay"}
    document = with_schemas(post(schema, required=True), Pay=union, Card=card, Bank=bank, **more)
    return only(document)


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_b20_w5_the_discriminator_decides(keyword):
    operation = payments({keyword: UNION["oneOf"], "discriminator": UNION["discriminator"]})
    assert admits(operation, body={"type": "card", "number": "1"})
    assert admits(operation, body={"type": "bank", "iban": "1"})
    assert not admits(operation, body={"type": "card", "number": 1})
    assert not admits(operation, body={"type": "cash"})
    assert not admits(operation, body={"number": "1"})
    for strict in (True, False):
        tool = tool_for("a", operation, Flavour.OPENAI, strict=strict)
        text = json.dumps(tool.definition)
        assert '"const": "card"' in text
        assert '"const": "bank"' in text
        assert tool.strict is strict


def test_w5_a_wrong_field_of_another_branch_is_refused_where_branches_are_closed():
    card, bank = ({**each, "additionalProperties": False} for each in (CARD, BANK))
    operation = payments(card=card, bank=bank)
    assert admits(operation, body={"type": "card", "number": "1"})
    assert not admits(operation, body={"type": "card", "iban": "1"})


def own(value):
    return {"type": "string", **({"const": value} if isinstance(value, str) else {"enum": value})}


@pytest.mark.parametrize(
    ("card", "bank"),
    [(own("CARD"), own("BANK")), (own(["CARD", "DEBIT"]), own(["BANK"]))],
)
def test_w5_values_that_the_branches_list_themselves_count_without_a_mapping(card, bank):
    operation = payments(
        {**UNION, "discriminator": {"propertyName": "type"}},
        card={**CARD, "properties": {**CARD["properties"], "type": card}},
        bank={**BANK, "properties": {**BANK["properties"], "type": bank}},
    )
    assert admits(operation, body={"type": "CARD", "number": "1"})
    assert admits(operation, body={"type": "BANK", "iban": "1"})
    assert not admits(operation, body={"type": "BANK", "iban": 1})


def test_w5_without_mapping_and_values_the_names_of_the_schemas_decide():
    operation = payments({**UNION, "discriminator": {"propertyName": "type"}})
    assert admits(operation, body={"type": "Card", "number": "1"})
    assert not admits(operation, body={"type": "Card", "number": 1})


def test_w5_values_that_do_not_tell_the_branches_apart_refuse_nothing():
    shared = {"type": "string", "enum": ["a", "b"]}
    operation = payments(
        {**UNION, "discriminator": {"propertyName": "type"}},
        card={**CARD, "properties": {**CARD["properties"], "type": shared}},
        bank={**BANK, "properties": {**BANK["properties"], "type": shared}},
    )
    assert admits(operation, body={"type": "a", "number": "1"})


def test_w5_branches_that_extend_what_lists_them_compile():
    """A parent that lists its children, which have it among their `allOf`: often met."""
    pet = {**PET, "oneOf": [{"$ref": MAPPING["cat"]}, {"$ref": MAPPING["dog"]}]}
    operation = pets({"type": "array", "items": REF}, pet=pet)
    assert admits(operation, body=[{"petType": "cat", "meow": 1}])
    assert not admits(operation, body=[{"petType": "dog"}])


def test_a_mapping_that_leads_nowhere_is_a_warning():
    union = {**UNION, "discriminator": {"propertyName": "type", "mapping": {"x": "#/nowhere"}}}
    document = with_schemas(post(union), Card=CARD, Bank=BANK)
    assert codes(answer(document)) == ["schema.discriminator_mapping"]


def test_b18_broken_children_block_the_operation():
    cat = {"allOf": [REF, {"properties": {"meow": {"$ref": "#/nowhere"}}}]}
    document = with_schemas(post(REF), Pet=PET, Cat=cat, Dog=DOG)
    assert answer(document).operations[0].operation is None


def test_a_branch_within_itself_stays_a_reference():
    """Alternatives that are written out in a schema that is one of them."""
    friend = {"friend": UNION}
    operation = payments(
        card={**CARD, "properties": {**CARD["properties"], **friend}},
        bank={**BANK, "properties": {**BANK["properties"], **friend}},
    )
    body = {"type": "card", "friend": {"type": "bank", "friend": {"type": "card", "number": "1"}}}
    assert admits(operation, body=body)
    body["friend"]["friend"]["number"] = 1
    assert not admits(operation, body=body)
    body["friend"]["friend"] = {"type": "bank", "friend": {"type": "cash"}}
    assert not admits(operation, body=body)


def test_alternatives_that_hold_each_other_stay_small():
    names = [f"S{i}" for i in range(30)]
    union = {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names],
        "discriminator": {"propertyName": "type"},
    }
    schemas = {
        name: {"type": "object", "properties": {"type": {"type": "string"}, "u": union}}
        for name in names
    }
    operation = only(with_schemas(post({"type": "array", "items": union}), **schemas))
    assert len(json.dumps(operation.arguments)) < 2_000_000


class Counted(str):
    """A text that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other):
        Counted.compared += 1
        return super().__eq__(other)

    __hash__ = str.__hash__


def test_the_values_of_thousands_of_branches_are_not_compared_with_each_other():
    branches = [
        {"type": "object", "properties": {"k": {"enum": [Counted(f"v{number}")]}}}
        for number in range(5_000)
    ]
    node = {"oneOf": branches, "discriminator": {"propertyName": "k"}}
    references = References({}, [])
    discriminators = Discriminators(references, Composed(references))

    found = discriminators.alternatives(node, ("x",), "oneOf")

    assert [each.values for each in found] == [(f"v{number}",) for number in range(5_000)]
    assert Counted.compared < 50_000


def test_b20_a_value_that_a_branch_names_twice_is_still_its_own_and_one_of_two_branches_is_not():
    def branch(*values):
        return {"type": "object", "properties": {"k": {"enum": [*values]}}, "required": ["k"]}

    alternatives = [branch("a", "a"), branch(1), branch(True), branch("b"), branch("b")]
    node = {"oneOf": alternatives, "discriminator": {"propertyName": "k"}}
    references = References({}, [])
    found = Discriminators(references, Composed(references)).alternatives(node, ("x",), "oneOf")

    assert [each.values for each in found] == [("a",), (1,), (True,), (), ()]
