"""No object brings the name of another parameter or property (W7)."""

import pytest

from execution_service.domain.errors import BodyRefused
from tests.contract.wire_of_documents import of_body, of_parameters, refusal, sent

FORM = "application/x-www-form-urlencoded"
OBJECT = {"type": "object"}


def parameter(name, schema, location="query", **more):
    return {"name": name, "in": location, "schema": schema, **more}


@pytest.mark.parametrize("location", ["query", "cookie"])
def test_w7_nor_bring_a_parameter_to_which_the_call_gives_no_value(location):
    """Past its enum, it would be sent with any value."""
    choice = parameter("q", {"type": "string", "enum": ["a", "b"]}, location)
    document = of_parameters(parameter("f", OBJECT, location), choice)
    assert refusal(document, {"f": {"q": "evil"}}) == ["argument.name_taken"]
    assert refusal(document, {"f": {"Q": "1"}}) == ["argument.name_taken"]
    sent(document, {"f": {"other": "1"}, "q": "a"})


def test_w7_a_member_that_the_document_names_itself_may_be_sent():
    named = {"allOf": [{"type": "object", "properties": {"q": {"type": "string"}}}]}
    document = of_parameters(parameter("f", named), parameter("q", {"enum": ["a", "b"]}))
    assert sent(document, {"f": {"q": "1"}}).query == "q=1"
    assert refusal(document, {"f": {"q": "1"}, "q": "a"}) == ["argument.name_taken"]


@pytest.mark.parametrize("media_type", [FORM, "multipart/form-data"])
@pytest.mark.parametrize("whole", [True, False])
def test_w7_nor_does_an_object_in_a_form_bring_another_property(media_type, whole):
    schema = {"type": "object", "properties": {"f": OBJECT, "q": {"enum": ["a", "b"]}}}
    schema |= {"minProperties": 1} if whole else {}
    encoding = {"f": {"style": "form", "explode": True}}
    document = of_body(media_type, schema, encoding=encoding)

    def given(**members):
        return {"body": members} if whole else members

    with pytest.raises(BodyRefused):
        sent(document, given(f={"q": "evil"}))
    assert b"other" in sent(document, given(f={"other": "1"})).body
    schema["properties"]["f"] = {"type": "object", "properties": {"q": {"type": "string"}}}
    assert b"1" in sent(of_body(media_type, schema, encoding=encoding), given(f={"q": "1"})).body
