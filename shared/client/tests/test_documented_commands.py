"""The client's page names every command of members and tokens."""

import re
from pathlib import Path

import pytest

from openactions.member_commands import members, tokens

PAGE = Path(__file__).parents[1] / "README.md"


@pytest.mark.parametrize(("name", "group"), [("members", members), ("tokens", tokens)])
def test_n8_a_group_is_listed_with_all_its_commands(name, group):
    [row] = re.findall(rf"(?m)^\| `{name}` \| (.+) \|$", PAGE.read_text())
    known = {each.name or each.callback.__name__ for each in group.registered_commands}

    assert {*re.findall(r"`([a-z-]+)`", row)} == known
