"""Bodies of PATCH: one finding a fault, and no null in the documents of what cannot be null."""

import pytest
from pydantic import Field, ValidationError

from kit.patches import LeftOut, PatchBody, kept


class Edit(PatchBody):
    clearable = frozenset({"policy"})

    values: dict[str, str] | LeftOut = kept()
    names: list[str] | LeftOut = kept(max_length=5)
    either: int | str | LeftOut = kept()
    policy: str | None = Field(default=None)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"values": 3}, ("values",)),
        ({"values": {"a": 3}}, ("values", "a")),
        ({"names": "x"}, ("names",)),
        ({"names": [1]}, ("names", 0)),
        ({"names": None}, ("names",)),
    ],
)
def test_a_member_of_a_wrong_type_is_one_finding_at_its_own_place(given, place):
    with pytest.raises(ValidationError) as refused:
        Edit.model_validate(given)
    assert [each["loc"] for each in refused.value.errors()] == [place]


def test_what_is_left_out_stays_and_null_is_offered_only_where_it_clears():
    members = Edit.model_json_schema()["properties"]
    assert Edit.model_validate({"policy": None}).changes == {"policy": None}
    assert members["names"]["type"] == "array"
    assert members["names"]["maxItems"] == 5
    assert [each["type"] for each in members["either"]["anyOf"]] == ["integer", "string"]
    assert {"type": "null"} in members["policy"]["anyOf"]
