"""What a call that was asked with a session leaves says so, also where it outlives its request."""

import pytest

from contracts.facts import InvocationFinished, InvocationStarted, Outcome
from contracts.principal import Via
from execution_service.domain.found_invocation import FoundInvocation
from kit.caller import on_behalf_key, session_key
from services.execution.tests.stored import stored_call

WAYS = [
    ("0" * 64, Via.TOKEN),
    (session_key("0" * 64), Via.SESSION),
    (on_behalf_key("0" * 64, "mem_1"), Via.ON_BEHALF_OF),
]


@pytest.mark.parametrize(("key", "via"), WAYS)
def test_a_stored_call_says_how_its_member_came(key, via):
    call = stored_call(token_digest=key)

    assert call.finished_fact(Outcome.UNKNOWN, "interrupted").via is via
    assert FoundInvocation.of(None, call).record.via is via


@pytest.mark.parametrize("fact", [InvocationStarted, InvocationFinished])
def test_what_an_earlier_release_published_came_with_a_token(fact):
    assert fact.model_fields["via"].default is Via.TOKEN


def test_a_stored_call_on_behalf_of_a_member_names_the_member_and_the_token():
    call = stored_call(token_digest=on_behalf_key("0" * 64, "mem_1"), acted_by="tok_backend")

    finished = call.finished_fact(Outcome.UNKNOWN, "interrupted")
    record = FoundInvocation.of(None, call).record
    assert (finished.member_id, finished.acted_by) == ("mem_1", "tok_backend")
    assert (record.member_id, record.acted_by) == ("mem_1", "tok_backend")
