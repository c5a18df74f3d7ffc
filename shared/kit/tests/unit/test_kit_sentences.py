"""What Pydantic finds is said in sentences of ours (T12)."""

from datetime import datetime
from typing import Annotated, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from kit.sentences import sentence_of


class Body(BaseModel):
    name: str = Field(default="x", min_length=1, max_length=50)
    many: list[int] = Field(default_factory=list, max_length=1)
    since: AwareDatetime = Field(default_factory=lambda: datetime.now().astimezone())
    switch: bool | None = None
    named: dict[str, str] | Literal[0] | None = None
    each: list[Annotated[str, Field(max_length=2)]] = Field(default_factory=list)


def said(body):
    with pytest.raises(ValidationError) as refused:
        Body.model_validate(body)
    faults = refused.value.errors(include_url=False)
    return [sentence_of({**fault, "loc": ("body", *fault["loc"])}) for fault in faults]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"name": "x" * 51}, "`name` must have at most 50 characters."),
        ({"name": ""}, "`name` must have at least 1 character."),
        ({"many": [1, 2]}, "`many` must have at most 1 item."),
        ({"each": ["abc"]}, "`each.0` must have at most 2 characters."),
    ],
)
def test_t12_lengths_are_said_in_characters_and_items(body, sentence):
    assert said(body) == [sentence]


@pytest.mark.parametrize("since", ["yesterday", "2026-11-26", "2026-11-26T12:00:00", []])
def test_t12_a_time_is_asked_for_with_an_example(since):
    assert said({"since": since}) == [
        "`since` must be a time with its zone, such as 2026-11-26T12:00:00Z."
    ]


def test_t12_what_a_member_may_be_is_no_part_of_its_name():
    assert said({"switch": "perhaps"}) == ["`switch` must be true or false."]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [(5, "`named` must be a JSON object."), ({"a": 5}, "`named.a` must be a text.")],
)
def test_t12_what_the_items_of_a_member_may_be_is_no_part_of_its_name(value, sentence):
    assert said({"named": value})[0] == sentence
