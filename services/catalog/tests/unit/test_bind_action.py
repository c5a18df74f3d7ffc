import pytest
from catalog_fakes import (
    BUILDER,
    MemoryGpts,
    MemoryVersions,
    ScriptedHosts,
    ScriptedSchemas,
    operation,
    schema,
)

from catalog_service.domain.binding import Wanted
from catalog_service.domain.definition import Definition, Limits
from catalog_service.domain.errors import SchemaGone
from catalog_service.domain.gpt import Gpt
from catalog_service.usecases.bind_action import BindAction
from catalog_service.usecases.pin_tools import PinTools
from contracts.errors import PlatformError, Unavailable
from contracts.facts import GptChanged
from kit.errors import BusUnavailable, NothingHere

LIMITS = Limits(actions=10, operations=128)
WANTED = Wanted("sch_1")


def pins(gpts, schemas):
    return PinTools(gpts, MemoryVersions(), schemas, kept_versions=50)


class AbsentPolicy:
    async def refused(self, workspace_id, hosts):
        raise BusUnavailable


@pytest.fixture
async def gpts():
    memory = MemoryGpts()
    await memory.add(Gpt("gpt_1", "ws_1", Definition("Vet"), owner="mem_1"))
    return memory


@pytest.fixture
def schemas():
    return ScriptedSchemas({("ws_1", "sch_1"): schema(operation("getPet"))})


async def test_binding_the_same_again_states_nothing_new(gpts, schemas):
    bind = BindAction(
        gpts, pins(gpts, schemas), schemas, ScriptedHosts({"api.example.com"}), LIMITS
    )

    first = await bind(BUILDER, "gpt_1", None, WANTED, None)
    again = await bind(BUILDER, "gpt_1", first.action.id, WANTED, None)

    assert (again.action, again.gpt.revision) == (first.action, 2)
    assert [fact.revision for fact in gpts.facts.of(GptChanged)] == [2]


async def test_a_blocked_domain_is_stored_with_a_warning(gpts, schemas):
    bind = BindAction(gpts, pins(gpts, schemas), schemas, ScriptedHosts(), LIMITS)

    bound = await bind(BUILDER, "gpt_1", None, WANTED, None)

    assert [warning.code for warning in bound.warnings] == ["policy.no_domains_allowed"]
    assert (await gpts.read("ws_1", "gpt_1")).draft.actions == (bound.action,)


async def test_nothing_is_stored_while_policy_cannot_be_asked(gpts, schemas):
    bind = BindAction(gpts, pins(gpts, schemas), schemas, AbsentPolicy(), LIMITS)

    with pytest.raises(Unavailable):
        await bind(BUILDER, "gpt_1", None, WANTED, None)

    assert (await gpts.read("ws_1", "gpt_1")).draft.actions == ()
    assert gpts.facts.published == {}


async def test_an_action_that_the_gpt_does_not_have_cannot_be_rebound(gpts, schemas):
    bind = BindAction(gpts, pins(gpts, schemas), schemas, ScriptedHosts(), LIMITS)

    with pytest.raises(PlatformError) as refused:
        await bind(BUILDER, "gpt_1", "act_0", WANTED, None)

    assert refused.value.code == "catalog.action_not_found"


@pytest.mark.parametrize("unique", [True, False])
async def test_a_host_of_another_action_is_a_warning_where_hosts_are_unique(gpts, schemas, unique):
    hosts = ScriptedHosts({"api.example.com"}, unique=unique)
    bind = BindAction(gpts, pins(gpts, schemas), schemas, hosts, LIMITS)
    first = await bind(BUILDER, "gpt_1", None, WANTED, None)

    second = await bind(BUILDER, "gpt_1", None, WANTED, None)
    codes = [(warning.code, warning.host) for warning in second.warnings]

    assert first.warnings == ()
    assert codes == ([("catalog.hosts_shared", "api.example.com")] if unique else [])


class SchemasAskedTwice:
    """Answers the first question, and refuses the second with `why`."""

    def __init__(self, schemas, why):
        self._schemas, self._why, self._asked = schemas, why, 0

    async def read(self, *asked):
        self._asked += 1
        if self._asked > 1:
            raise self._why
        return await self._schemas.read(*asked)


@pytest.mark.parametrize(
    ("why", "refusal"), [(NothingHere(), SchemaGone), (BusUnavailable(), BusUnavailable)]
)
async def test_a_binding_whose_schema_may_be_gone_is_taken_back(gpts, schemas, why, refusal):
    once = SchemasAskedTwice(schemas, why)
    bind = BindAction(gpts, pins(gpts, schemas), once, ScriptedHosts({"api.example.com"}), LIMITS)

    with pytest.raises(refusal):
        await bind(BUILDER, "gpt_1", None, WANTED, None)

    assert (await gpts.read("ws_1", "gpt_1")).draft.actions == ()


async def test_t11_somebody_elses_edit_meanwhile_stays_and_the_refusal_is_about_the_schema(
    gpts, schemas
):
    class EditedMeanwhile(SchemasAskedTwice):
        async def read(self, *asked):
            if self._asked == 1:
                now = await gpts.read("ws_1", "gpt_1")
                await gpts.change(now, now.redrafted(Definition("Edited")))
            return await super().read(*asked)

    once = EditedMeanwhile(schemas, NothingHere())
    bind = BindAction(gpts, pins(gpts, schemas), once, ScriptedHosts({"api.example.com"}), LIMITS)

    with pytest.raises(SchemaGone):
        await bind(BUILDER, "gpt_1", None, WANTED, None)

    assert (await gpts.read("ws_1", "gpt_1")).draft.name == "Edited"
