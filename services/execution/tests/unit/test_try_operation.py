"""Testing an action's credential by a call of its draft that reads and needs no arguments."""

from dataclasses import dataclass, field

import pytest

from contracts.access import GptAccess, Sharing
from contracts.errors import Denied, PlatformError, Unavailable
from contracts.facts import Outcome
from contracts.operation import Location
from contracts.principal import Role
from contracts.requests import Stage
from execution_service.domain.credential import CredentialDescription
from execution_service.domain.errors import OperationNotFound, SignInRequired
from execution_service.domain.release import Release
from execution_service.usecases.steps.admit import Admit
from execution_service.usecases.steps.resolve import Resolve
from execution_service.usecases.steps.run_steps import RunSteps
from execution_service.usecases.try_operation import MAX_LOOKED_AT, TryOperation, WantedTry
from services.execution.tests.calling import invoking
from services.execution.tests.fakes import (
    DENIED,
    World,
    answered,
    callable_of,
    principal,
)

PAGE = "https://actions.example/aip/act_1/sign-in"


@dataclass
class Draft(World):
    """Offers several operations: `choice` by the tool's name."""

    choice: dict = field(default_factory=dict)
    edited: dict = field(default_factory=dict)
    """What a name stands for from the second time on that it is looked for."""
    looked_for: list = field(default_factory=list)

    async def find(self, wanted, pinned):
        assert (wanted.stage, wanted.action_id) == (Stage.DRAFT, "act_1")
        again = wanted.operation in self.looked_for
        self.looked_for.append(wanted.operation)
        found = self.edited.get(wanted.operation) if again else None
        self.operation = found or self.choice.get(wanted.operation)
        return await super().find(wanted, pinned)

    async def read(self, workspace_id, gpt_id, stage):
        tools = (each.tool for each in self.choice.values())
        return Release.of(gpt_id, stage, 1, tools)


@pytest.fixture
def draft(calls):
    def of(*operations, **changes):
        offered = {}
        for name, method, *more in operations:
            fields = dict(*more)
            required = fields.pop("required", [])
            action_id = fields.pop("action_id", "act_1")
            compiled = calls.compiled(
                calls.parameter("id"),
                calls.parameter("x-api-key", "header"),
                name=name,
                method=method,
                schema={"required": required},
                **fields,
            )
            pinned = {"name": name, "method": method, "action_id": action_id}
            offered[name] = callable_of(compiled, **pinned)
        ours = GptAccess("ws_1", "mem_1", Sharing.PRIVATE)
        return Draft(**{"choice": offered, "access": ours, **changes})

    return of


async def tried(draft, operation=None, **who):
    steps = (RunSteps((Resolve(draft.accesses, draft),)), RunSteps((Admit(draft),)))
    use_case = TryOperation(draft.accesses, draft, *steps, invoking(draft), lambda: "inv_1")
    return await use_case(WantedTry(principal(**who), "gpt_1", "act_1", operation))


async def refused(draft, operation=None, **who):
    with pytest.raises(PlatformError) as refusal:
        await tried(draft, operation, **who)
    assert draft.sent == []
    return refusal.value


NEEDS_ID = {"required": ["id"]}
SAID_TO_CHANGE = {"consequential": True}
UNSIGNED = {"anonymous": True}


async def test_the_first_get_without_required_arguments_is_called_and_on_record(draft):
    offered = draft(
        ("addPet", "POST"),
        ("getPet", "GET", NEEDS_ID),
        ("startScan", "GET", SAID_TO_CHANGE),
        ("readNews", "GET", UNSIGNED),
        ("getOther", "GET", {"action_id": "act_2"}),
        ("listPets", "GET"),
        ("listMore", "GET"),
    )

    finished = await tried(offered)

    assert (finished.operation, finished.status, finished.id) == ("listPets", 200, "inv_1")
    assert [request.method for request in offered.sent] == ["GET"]
    assert (offered.finished.operation, offered.finished.outcome) == (
        "listPets",
        Outcome.SUCCEEDED,
    )


async def test_a_named_one_is_called(draft):
    offered = draft(("listPets", "GET"), ("listMore", "GET"))

    assert (await tried(offered, "listMore")).operation == "listMore"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD"])
async def test_a_named_operation_that_is_no_get_is_refused_and_not_sent(draft, method):
    refusal = await refused(draft(("addPet", method)), "addPet")

    assert refusal.code == "execution.test_changes_something"
    assert f"addPet may change something ({method})" in refusal.sentence
    assert "operation_id" in refusal.hint


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (SAID_TO_CHANGE, "execution.test_changes_something"),
        (NEEDS_ID, "execution.test_needs_arguments"),
        (UNSIGNED, "execution.test_without_credential"),
    ],
)
async def test_a_named_get_that_does_not_fit_is_refused_with_why(draft, fields, code):
    refusal = await refused(draft(("getPet", "GET", fields)), "getPet")

    assert (refusal.code, bool(refusal.hint)) == (code, True)


async def test_an_operation_that_was_edited_into_a_post_meanwhile_is_not_sent(draft, calls):
    """Between the look at it and the call."""
    offered = draft(("listPets", "GET"))
    compiled = calls.compiled(name="listPets", method="POST")
    offered.edited["listPets"] = callable_of(compiled, name="listPets")

    refusal = await refused(offered)

    assert refusal.code == "execution.test_changes_something"
    assert offered.finished.outcome is Outcome.REFUSED


async def test_without_any_that_fits_there_is_nothing_to_try(draft):
    refusal = await refused(draft(("addPet", "POST"), ("getPet", "GET", NEEDS_ID)))

    assert refusal.code == "execution.nothing_to_try"


async def test_an_argument_that_the_credential_fills_is_none_that_is_needed(draft):
    offered = draft(("listPets", "GET", {"required": ["x-api-key"]}))
    places = frozenset({(Location.HEADER, "x-api-key")})
    offered.described = CredentialDescription(0, places)

    assert (await tried(offered)).status == 200


async def test_what_policy_says_of_the_call_is_the_answer_and_on_record(draft):
    offered = draft(("listPets", "GET"), verdict=DENIED)

    assert (await refused(offered)).code == DENIED.code
    assert offered.finished.code == DENIED.code


async def test_why_the_action_cannot_sign_in_is_said_in_place_of_nothing_to_try(draft):
    deleted = Denied("It was deleted.", code="auth.credential_deleted")
    offered = draft(("getPet", "GET", NEEDS_ID), ("listPets", "GET"), described=deleted)

    assert (await refused(offered)).code == "auth.credential_deleted"


async def test_a_member_who_has_to_sign_in_first_is_told_where(draft):
    required = SignInRequired("api.example.com", PAGE)
    offered = draft(("listPets", "GET"), described=required, credential=required)

    refusal = await refused(offered)

    assert (refusal.code, refusal.sign_in) == ("auth.sign_in_required", PAGE)


async def test_what_is_away_is_no_reason_to_look_for_another_operation(draft):
    away = Unavailable("Away.", code="platform.bus_unavailable")
    offered = draft(("listPets", "GET"), ("listMore", "GET"), described=away)

    assert (await refused(offered)).code == "platform.bus_unavailable"
    assert offered.looked_for == ["listPets"]


async def test_the_look_for_one_ends(draft):
    offered = draft(*((f"get{number}", "GET", NEEDS_ID) for number in range(MAX_LOOKED_AT + 5)))

    assert (await refused(offered)).code == "execution.nothing_to_try"
    assert len(offered.looked_for) == MAX_LOOKED_AT


@pytest.mark.parametrize("name", [None, "listPets"])
async def test_whoever_may_not_try_the_draft_is_told_nothing_of_what_it_has(draft, name):
    private = GptAccess("ws_1", "mem_owner", Sharing.PRIVATE)
    offered = draft(("listPets", "GET"), access=private)

    assert (await refused(offered, name)).code == "execution.gpt_not_found"
    assert (await refused(offered, name, role=Role.OWNER)).code == "access.private"
    assert offered.looked_for == []


async def test_an_operation_that_the_draft_has_not_is_not_found(draft):
    refusal = await refused(draft(("listPets", "GET")), "listCats")

    assert isinstance(refusal, OperationNotFound)


async def test_an_answer_of_401_is_a_finished_call(draft):
    offered = draft(("listPets", "GET"), answer=answered(status=401))

    finished = await tried(offered)

    assert (finished.outcome, finished.status) == (Outcome.FAILED, 401)
