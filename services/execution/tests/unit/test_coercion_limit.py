"""A call with more values to convert than one call may have: the refusal names the limit."""

from contracts.operation import Body
from execution_service.domain.admission import Admitted, Refused, admit


def operation(calls):
    item = {"type": "array", "items": {"type": "integer"}}
    return calls.compiled(calls.parameter("a"), schema={"properties": {"a": item}})


def test_a_list_of_too_many_values_to_convert_is_refused_with_the_limit(calls):
    answer = admit(operation(calls), {"a": ["1"] * 6_000}, tolerant=True)
    assert isinstance(answer, Refused)
    first = answer.faults[0]
    assert first.code == "argument.too_many_to_convert"
    assert first.message.startswith("Only 5,000 values of a call are converted")
    assert "fewer" in first.message


def test_as_many_values_that_need_no_conversion_are_sent(calls):
    assert isinstance(admit(operation(calls), {"a": [1] * 6_000}, tolerant=True), Admitted)


def test_o9b7_nulls_that_remove_are_no_conversions(calls):
    members = {"a": "a", "b": "b"}
    body = Body(media_type="application/merge-patch+json", members=members, argument="body")
    item = {"type": "array", "items": {"type": "integer"}}
    schema = {"properties": {"a": item, "b": {"type": "string"}}}
    compiled = calls.compiled(body=body, schema=schema)
    answer = admit(compiled, {"a": ["x"] * 6_000, "b": None}, tolerant=False)
    assert isinstance(answer, Refused)
    assert "argument.too_many_to_convert" not in {each.code for each in answer.faults}


def test_a_list_within_the_limit_that_cannot_be_converted_does_not_name_it(calls):
    answer = admit(operation(calls), {"a": ["1", "x"]}, tolerant=True)
    assert isinstance(answer, Refused)
    assert answer.faults[0].code != "argument.too_many_to_convert"
