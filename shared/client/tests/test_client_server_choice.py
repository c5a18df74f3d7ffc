"""What `openactions bind` and `actions change` say of servers."""

import pytest
import typer

from openactions.options import server_choice


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((None, None), {}),
        (("https://a.acme.io", []), {"base_url": "https://a.acme.io"}),
        ((None, ["a=b", "c=d=e"]), {"server_variables": {"a": "b", "c": "d=e"}}),
        ((None, ["a="]), {"server_variables": {"a": ""}}),
    ],
)
def test_only_what_was_given_is_sent(given, expected):
    assert server_choice(*given) == expected


@pytest.mark.parametrize("wrong", ["tenant", "=acme", ""])
def test_a_variable_without_a_name_or_a_value_is_a_sentence(wrong):
    with pytest.raises(typer.BadParameter, match="NAME=VALUE"):
        server_choice(None, [wrong])
