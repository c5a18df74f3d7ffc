"""Repairs in rounds: what they may cost, what is said of the others, what counts as worse."""

import json
import pickle

from contracts.errors import Denied
from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.examination import MAX_FINDINGS, examine
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import DIFFERENT, NOT_TRIED, UNREADABLE
from schema_service.domain.repairing.rounds import WORSE, repair_all
from schema_service.domain.repairing.terms import MAX_TRIES, Budget, Terms

ANSWER = {"responses": {"200": {"description": "done"}}}
ORIGIN, OTHER = "https://api.acme.test", "https://other.acme.test"


def document(operations=1, **more):
    paths = {f"/p{n}": {"get": {"operationId": f"p{n}", **ANSWER}} for n in range(operations)}
    about = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    return json.dumps({**about, "servers": [{"url": ORIGIN}], "paths": paths, **more}, indent=1)


def described(number):
    edit = Edit("add", f"/paths/~1p{number}/get/description", "Reads it.")
    return Repair(f"Describe {number}", (edit,))


def removed(number):
    return Repair(f"Remove {number}", (Edit("remove", f"/paths/~1p{number}"),))


class Refusing:
    def __init__(self, *origins):
        self.origins = origins

    def refusal(self, origin):
        return Denied("It may not be called.") if origin in self.origins else None

    def is_example(self, origin):
        return False


class TestBudget:
    def test_one_bad_repair_among_many_is_found_in_few_tries(self):
        repairs = [*map(described, range(100)), removed(100)]
        budget = Budget()

        repaired = repair_all(document(101), repairs, Terms(rounds=1), budget)

        assert len(repaired.applied) == 100
        assert [(skip.title, skip.reason) for skip in repaired.skips] == [("Remove 100", WORSE)]
        assert MAX_TRIES - budget.tries <= 16

    def test_tries_that_are_used_up_leave_the_rest_named(self):
        repairs = [described(0), removed(1), described(2)]

        repaired = repair_all(document(3), repairs, Terms(rounds=1), Budget(tries=2))

        assert repaired.applied == ("Describe 0",)
        assert {(skip.title, skip.reason) for skip in repaired.skips} == {
            ("Remove 1", NOT_TRIED),
            ("Describe 2", NOT_TRIED),
        }

    def test_all_rounds_together_have_one_budget(self):
        budget = Budget(tries=1)

        repair_all(document(1), [described(0)], Terms(), budget)

        assert budget.tries == 0

    def test_time_is_looked_at_between_tries(self):
        now = iter([0.0, 1.0, *[99.0] * 50])
        budget = Budget(seconds=10.0, clock=lambda: next(now))

        repaired = repair_all(document(2), [described(0), removed(1)], Terms(rounds=1), budget)

        assert repaired.applied == ()
        assert [skip.reason for skip in repaired.skips] == [NOT_TRIED, NOT_TRIED]

    def test_repairs_that_collide_are_not_tried_one_by_one_for_ever(self):
        now = iter([0.0, 1.0, *[99.0] * 50])
        budget = Budget(seconds=10.0, clock=lambda: next(now))
        colliding = [described(0), described(0), described(1)]
        colliding[1] = Repair("Other", (Edit("add", "/paths/~1p0/get/description", "Other."),))

        repaired = repair_all(document(2), colliding, Terms(rounds=1), budget)

        assert {skip.reason for skip in repaired.skips} == {NOT_TRIED}


class TestReasons:
    def test_a_skip_of_an_earlier_round_is_still_said_in_the_end(self):
        missing = Repair("Missing", (Edit("replace", "/nowhere/at/all", 1),))
        text = document(1).replace('"servers"', '"x-a": {}, "servers"')

        repaired = repair_all(text, [missing, described(0)], Terms(rounds=3))

        assert repaired.applied[:1] == ("Describe 0",)
        assert [(skip.title, skip.reason) for skip in repaired.skips] == [("Missing", DIFFERENT)]

    def test_a_value_that_is_needed_is_named(self):
        needing = Repair.of("Name it", [Edit("add", "/x", None, "server_variables.tenant")])

        [skip] = repair_all(document(1), [needing], Terms(rounds=1)).skips

        assert "server_variables.tenant" in skip.reason

    def test_what_waits_for_a_text_that_can_be_read_says_so(self):
        [skip] = repair_all("a: [", [described(0)], Terms(rounds=1)).skips

        assert skip.reason == UNREADABLE


class TestWorse:
    def test_values_of_the_request_count_as_if_the_document_had_them(self):
        text = document(2).replace(json.dumps(ORIGIN), '"/v1"')
        values = NeededValues.checked(ORIGIN)

        repaired = repair_all(text, [removed(1)], Terms(values=values, rounds=1))

        assert [skip.reason for skip in repaired.skips] == [WORSE]
        assert repair_all(text, [removed(1)], Terms(rounds=1)).applied == ("Remove 1",)

    def test_an_origin_that_the_operator_refuses_counts_as_blocked(self):
        moved = Repair("Move it", (Edit("replace", "/servers/0/url", OTHER),))

        repaired = repair_all(document(1), [moved], Terms(rules=Refusing(f"{OTHER}:443"), rounds=1))

        assert [skip.reason for skip in repaired.skips] == [WORSE]
        assert repair_all(document(1), [moved], Terms(rounds=1)).applied == ("Move it",)

    def test_values_that_lead_to_a_refused_origin_do_not_count(self):
        text = document(1).replace(json.dumps(ORIGIN), '"/v1"')
        terms = Terms(values=NeededValues.checked(OTHER), rules=Refusing(f"{OTHER}:443"), rounds=1)

        assert repair_all(text, [removed(0)], terms).applied == ("Remove 0",)

    def test_errors_are_counted_beyond_those_that_are_shown(self):
        lost = {"post": {"requestBody": {"$ref": "#/components/requestBodies/Lost"}, **ANSWER}}
        text = document(1, paths={f"/p{n}": lost for n in range(MAX_FINDINGS + 50)})
        found = examine(read_document(text))

        assert found.errors > MAX_FINDINGS


def test_operator_rules_reach_a_worker_process():
    rules = pickle.loads(pickle.dumps(EgressOrigins(EgressSettings(_env_file=None))))

    assert rules.refusal("http://127.0.0.1:80") is not None
