"""Which repair counts as worse, what a later round makes up for, and how many rounds there are."""

import json
from dataclasses import replace

import pytest

from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.adapters.process_examiner import ProcessExaminer
from schema_service.domain.examined import examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import NOT_TRIED
from schema_service.domain.repairing.rounds import WORSE, repair_all
from schema_service.domain.repairing.standing import Standing
from schema_service.domain.repairing.terms import Budget, Terms
from schema_service.ports import RepairOrder

NOW = Standing(readable=True, operations=3, callable=2, errors=4)
NOTHING_ALLOWED = EgressOrigins(EgressSettings())
ORIGIN = "https://api.acme.test"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (NOW, False),
        (replace(NOW, readable=False), True),
        (replace(NOW, callable=1), True),
        (replace(NOW, callable=3), False),
        (replace(NOW, errors=5), True),
        (replace(NOW, errors=3), False),
        (replace(NOW, callable=1, errors=0), True),
        (replace(NOW, operations=4, errors=5), False),
        (replace(NOW, operations=2, errors=5), False),
        (replace(NOW, operations=4, callable=1), True),
        (replace(NOW, readable=False, callable=9, errors=0), True),
    ],
)
def test_property_3_worse_is_fewer_calls_or_more_errors_about_the_same_operations(after, expected):
    assert after.is_worse_than(NOW) is expected


@pytest.mark.parametrize("readable", [True, False])
def test_property_3_nothing_is_worse_than_a_text_that_cannot_be_read(readable):
    before = replace(NOW, readable=False, callable=5, errors=0)
    assert not replace(NOW, readable=readable).is_worse_than(before)


def document(**paths):
    about = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    operations = {
        f"/{name}": {
            "get": {"operationId": name, "responses": {"200": {"description": "d"}}, **each}
        }
        for name, each in paths.items()
    }
    return json.dumps({**about, "servers": [{"url": ORIGIN}], "paths": operations}, indent=1)


def described(name, text="Reads it."):
    return Repair(f"Describe {name}", (Edit("add", f"/paths/~1{name}/get/description", text),))


def test_repairs_beside_one_that_makes_it_worse_are_made():
    worse = Repair("Remove it", (Edit("remove", "/paths/~1b"),))
    several = [described("a"), worse, described("b"), described("c")]

    repaired = repair_all(document(a={}, b={}, c={}), several, Terms(rounds=1))

    assert {*repaired.applied} == {"Describe a", "Describe b", "Describe c"}
    assert [(each.title, each.reason) for each in repaired.skips] == [("Remove it", WORSE)]


SLIP = {"name": "p", "in": "query", "required": "true", "schema": {"type": "string"}}


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_what_the_new_text_offers_is_repaired_in_further_rounds_only(rounds):
    """Without its version the document is none; what is wrong with its parameters shows then."""
    text = document(a={"parameters": [SLIP]}).replace('"openapi": "3.1.0",', "")
    first = [Repair("Say the version", (Edit("add", "/openapi", "3.1.0"),))]

    repaired = repair_all(text, first, Terms(rounds=rounds))

    expected = ["Say the version", "Write required: true"][:rounds]
    assert [*repaired.applied] == expected


def findings(text):
    return examine_text(text.encode(), source_url=None).findings.items()


def textual(text, old, new, title="Write it"):
    start = text.index(old)
    edit = Edit("text", "", {"start": start, "end": start + len(old), "text": new})
    return Repair(title, (edit,))


@pytest.mark.parametrize("rounds", [1, 3])
def test_edits_of_the_text_come_first_where_a_further_round_may_look_again(rounds):
    """What the other repair would add, the new text has, so that it is offered no more."""
    text = document(a={"summary": "s"})
    first = textual(text, '"title": "t"', '"title": "u"')
    other = described("a", "Of the text as it was.")

    repaired = repair_all(text, [other, first], Terms(rounds=rounds))

    assert read_document(repaired.text).document["info"]["title"] == "u"
    assert ("Describe a" in repaired.applied) is (rounds == 1)


def test_edits_of_the_text_that_change_nothing_leave_the_round_to_the_others():
    text = document(a={})
    same = textual(text, '"title": "t"', '"title": "t"')

    repaired = repair_all(text, [same, described("a")], Terms(rounds=3))

    assert "Describe a" in repaired.applied


def test_a_skip_that_a_later_round_made_up_for_is_not_said_and_every_other_one_is_once():
    text = document(a={"parameters": [SLIP]}).replace('"openapi": "3.1.0",', "")
    version = Repair("Say the version", (Edit("add", "/openapi", "3.1.0"),))
    nowhere = (Edit("replace", "/nowhere", 1),)
    several = [version, Repair("Write required: true", nowhere), *[Repair("Lost", nowhere)] * 2]

    once, thrice = (repair_all(text, several, Terms(rounds=rounds)) for rounds in (1, 3))

    assert [each.title for each in once.skips] == ["Write required: true", "Lost"]
    assert [*thrice.applied] == ["Say the version", "Write required: true"]
    assert [each.title for each in thrice.skips] == ["Lost"]


def test_each_try_counts_and_what_is_left_is_named_once():
    several = [described(name) for name in "ab"] + [described("a"), described("b")]

    repaired = repair_all(document(a={}, b={}), several, Terms(rounds=1), Budget(tries=0))

    assert repaired.applied == ()
    assert [(each.title, each.reason) for each in repaired.skips] == [
        ("Describe a", NOT_TRIED),
        ("Describe b", NOT_TRIED),
    ]


@pytest.mark.parametrize("rounds", [1, 2])
def test_values_of_variables_are_written_where_all_is_repaired(rounds):
    text = document(a={}).replace(ORIGIN, "https://{tenant}.acme.test")
    values = NeededValues(None, {"tenant": "ours", "nobody": "x"})

    repaired = repair_all(text, [], Terms(values=values, rounds=rounds))

    assert ('"ours"' in repaired.text) is (rounds == 2)
    assert bool(repaired.unused) is (rounds == 2)


class HerePools:
    """Work in this process, of `seconds` each; `keys` are whose it was."""

    def __init__(self, seconds=30):
        self.keys = []
        self.seconds = seconds

    def seconds_for(self, size):
        return self.seconds

    async def run(self, key, size, work, *arguments):
        self.keys.append((key, size))
        return work(*arguments)


@pytest.mark.parametrize("all_rounds", [True, False])
async def test_chosen_repairs_are_made_in_one_round_and_all_in_several(all_rounds):
    text = document(a={"parameters": [SLIP]}).replace('"openapi": "3.1.0",', "")
    first = {"title": "Say the version", "edits": [{"op": "add", "pointer": "/openapi"}]}
    first["edits"][0]["value"] = "3.1.0"
    order = RepairOrder([first], NOTHING_ALLOWED, all_rounds=all_rounds)
    pools = HerePools()

    repaired = await ProcessExaminer(pools).repair("ws_1", text.encode(), order)

    assert repaired.applied[0] == first["title"]
    assert (len(repaired.applied) > 1) is all_rounds
    assert json.loads(repaired.text_json) != text
    assert pools.keys == [("ws_1", len(text))]


async def test_repairs_are_compared_under_the_operators_rules_and_with_the_values_given():
    text = document(a={}).replace(ORIGIN, "/v1")
    [needing] = [each["repair"] for each in findings(text) if each["repair"]]
    values = NeededValues.checked("https://given.acme.test")
    order = RepairOrder([needing], NOTHING_ALLOWED, values=values)

    repaired = await ProcessExaminer(HerePools()).repair("ws_1", text.encode(), order)

    assert repaired.applied == (needing["title"],)
    assert "given.acme.test" in json.loads(repaired.text_json)


async def test_repairs_beyond_their_time_are_named():
    order = RepairOrder([{"title": "Any", "edits": []}], NOTHING_ALLOWED)

    repaired = await ProcessExaminer(HerePools(0)).repair("ws_1", document(a={}).encode(), order)

    assert [(each.title, each.reason) for each in repaired.skips] == [("Any", NOT_TRIED)]


async def test_values_that_nothing_used_are_findings_of_the_answer():
    values = NeededValues(None, {"nobody": "x"})
    order = RepairOrder([], NOTHING_ALLOWED, values=values, all_rounds=True)

    repaired = await ProcessExaminer(HerePools()).repair("ws_1", document(a={}).encode(), order)

    assert "nobody" in repaired.examined.findings.text.decode()


def test_where_a_round_changes_nothing_there_is_no_other():
    """What the findings offer was not chosen then."""
    lost = Repair("Lost", (Edit("replace", "/nowhere", 1),))
    budget = Budget()

    repaired = repair_all(document(a={"parameters": [SLIP]}), [lost], Terms(rounds=3), budget)

    assert repaired.applied == ()
    assert [each.title for each in repaired.skips] == ["Lost"]
