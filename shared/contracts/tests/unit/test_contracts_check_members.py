"""A full access list and its owner are one question, and one answer where all are unknown."""

import pytest
from pydantic import ValidationError

from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import CheckMembers, MembersChecked
from contracts.requests.identity import MAX_MEMBERS

LONGEST = tuple(f"{number:064}" for number in range(MAX_MEMBERS))


def test_the_most_and_longest_ids_fit_one_message_each_way():
    asked = CheckMembers(workspace_id="ws_1", member_ids=LONGEST)
    answered = MembersChecked(unknown=LONGEST)

    assert len(asked.model_dump_json().encode()) <= MAX_MESSAGE_BYTES
    assert len(answered.model_dump_json().encode()) <= MAX_MESSAGE_BYTES


def test_more_are_no_question():
    with pytest.raises(ValidationError):
        CheckMembers(workspace_id="ws_1", member_ids=(*LONGEST, "mem_1"))
