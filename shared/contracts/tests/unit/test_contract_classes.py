"""The base classes keep the rules that the contracts live by."""

import re
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from contracts.errors import ERROR_OF_KIND, Conflict, Kind, PlatformError
from contracts.fact import FACTS, Fact
from contracts.facts import DomainsChanged, GptPublished, InvocationFinished
from contracts.ids import new_id
from contracts.request import REQUESTS, Reply, Request
from contracts.requests import Decide, Verdict

SUBJECT = re.compile(r"(fact|request)\.[a-z_]+\.[a-z_]+\.v[1-9][0-9]*")
CAUSE = DomainsChanged(
    workspace_id="ws_1", revision=1, traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01"
)


def follow_up(cause):
    return GptPublished.because(
        cause, workspace_id="ws_1", gpt_id="gpt_1", version=1, action_ids=()
    )


@pytest.mark.parametrize("subject", [*FACTS, *REQUESTS])
def test_a_subject_names_its_kind_its_thing_and_its_version(subject):
    assert SUBJECT.fullmatch(subject)


@pytest.mark.parametrize("contract", [*FACTS.values(), *REQUESTS.values()])
def test_every_contract_says_what_it_promises(contract):
    assert contract.__doc__
    assert contract.__doc__ not in (Fact.__doc__, Request.__doc__)


@pytest.mark.parametrize("request_class", REQUESTS.values())
def test_a_request_knows_its_owner_and_its_reply(request_class):
    assert request_class.name.startswith(f"{request_class.owner}.")
    assert issubclass(request_class.reply, Reply)
    assert request_class.reply is not Reply


def test_a_second_publisher_of_a_fact_is_refused():
    with pytest.raises(TypeError, match="already declared, by policy"):
        type("Imposter", (Fact,), {"__module__": __name__}, name="domains.changed", by="catalog")

    assert FACTS[DomainsChanged.subject] is DomainsChanged


def test_a_second_owner_of_a_request_is_refused():
    with pytest.raises(TypeError, match="already declared, by policy"):
        type("Imposter", (Request[Verdict],), {"__module__": __name__}, name="policy.decide")

    assert REQUESTS[Decide.subject] is Decide


def test_a_fact_travels_as_data_without_its_headers():
    assert CAUSE.model_dump(mode="json") == {"workspace_id": "ws_1", "revision": 1}


def test_a_fact_reads_back_as_it_was_sent_and_overlooks_what_is_new():
    sent = InvocationFinished(
        workspace_id="ws_1",
        invocation_id="inv_1",
        gpt_id="gpt_1",
        operation="getThing",
        member_id="mem_1",
        outcome="succeeded",
        code="ok",
    )
    newer = {**sent.model_dump(mode="json"), "added_later": True}

    read = InvocationFinished.model_validate(newer)

    assert read.model_dump() == sent.model_dump()


def test_a_fact_is_not_changed_once_it_is_published():
    with pytest.raises(ValidationError, match="frozen"):
        CAUSE.revision = 2


def test_each_fact_has_an_id_and_a_time_of_its_own():
    one, another = (DomainsChanged(workspace_id="ws_1", revision=1) for _ in range(2))

    assert one.id != another.id
    assert one.time.tzinfo is UTC
    assert abs((datetime.now(UTC) - one.time).total_seconds()) < 60


def test_a_follow_ups_id_derives_from_its_cause():
    assert follow_up(CAUSE).id == follow_up(CAUSE).id
    assert follow_up(CAUSE).id != CAUSE.id
    assert follow_up(CAUSE).id != follow_up(DomainsChanged(workspace_id="ws_1", revision=1)).id


def test_two_kinds_of_follow_up_to_one_cause_are_two_facts():
    other = DomainsChanged.because(CAUSE, workspace_id="ws_1", revision=2)

    assert other.id != follow_up(CAUSE).id


def test_a_follow_up_goes_on_with_its_causes_trace():
    assert follow_up(CAUSE).traceparent == CAUSE.traceparent
    assert follow_up("inv_1").traceparent is None
    assert follow_up("inv_1").id == follow_up("inv_1").id


def test_ids_are_prefixed_unique_and_sort_by_time():
    ids = [new_id("gpt") for _ in range(1_000)]

    assert len(set(ids)) == 1_000
    assert all(re.fullmatch(r"gpt_[0-9A-HJKMNP-TV-Z]{26}", id_) for id_ in ids)
    assert [id_[:14] for id_ in ids] == sorted(id_[:14] for id_ in ids)


def test_h100_no_id_can_be_read_as_part_of_a_subject():
    assert not set(new_id("ws")) & set(".*> \r\n")


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_refusal_is_rebuilt_on_the_other_side(kind):
    error = ERROR_OF_KIND[kind]("No.", hint="Ask.", code="policy.no", findings=[{"at": 1}])

    assert isinstance(error, PlatformError)
    assert (error.kind, error.code, error.hint) == (kind, "policy.no", "Ask.")
    assert error.findings == ({"at": 1},)


def test_an_instances_code_does_not_become_the_classes():
    Conflict("No.", code="policy.no")

    assert Conflict("No.").code == PlatformError.code
