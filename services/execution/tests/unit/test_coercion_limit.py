"""A call with more values to convert than one call may have: the refusal names the limit."""

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


def test_a_list_within_the_limit_that_cannot_be_converted_does_not_name_it(calls):
    answer = admit(operation(calls), {"a": ["1", "x"]}, tolerant=True)
    assert isinstance(answer, Refused)
    assert answer.faults[0].code != "argument.too_many_to_convert"
