"""A tool whose binding chose a base URL is called there, and nowhere else."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from contracts.requests import (
    IssueCredential,
    OperationsText,
    ReadOperations,
    ReleaseAction,
    ReleasePage,
    ReleaseTool,
    SealedCredential,
)
from egress import EgressSettings
from egress.errors import AddressRefused
from execution_service.adapters.cached_credentials import CachedCredentials
from execution_service.adapters.cached_operations import CachedOperations
from execution_service.adapters.cached_releases import CachedReleases
from execution_service.adapters.cached_tool_texts import CachedToolTexts
from execution_service.adapters.operation_texts import OperationTexts
from execution_service.domain.admission import NO_NAMES, admit
from execution_service.domain.credential import CredentialDescription
from execution_service.domain.errors import OperationUnusable
from execution_service.domain.outbound_request import build_request
from execution_service.domain.tool_text import OPENAI, LeftOut, ToolText
from kit.cache import Limits
from kit.handover import Handover
from kit.sealing import SealBinding, seal
from kit.testing import FrozenClock, MemoryBlobs
from services.execution.tests.fakes import tool, wanted_call
from services.execution.tests.unit.test_cached_answers import Bus
from shared.kit.tests.kit_fakes import Watch

LIMITS = Limits(100, 10_000_000, 60)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EXPIRY = NOW + timedelta(seconds=50)
OURS = "https://ours.acme.io/base"


class Rig:
    """One operation, compiled without a server or with one, in a release with these tools."""

    def __init__(self, calls, server="", **tools):
        form = {**calls.operation().model_dump(mode="json"), "server": server}
        text = orjson.dumps([form]).decode()
        self.bus = Bus(
            ReadRelease=lambda _: release(tools), ReadOperations=OperationsText(text=text)
        )
        self.watch = Watch()
        self.sources = OperationTexts(self.bus, Handover(MemoryBlobs()))
        releases = CachedReleases(self.bus, self.watch, LIMITS)
        self.operations = CachedOperations(
            self.sources, self.watch, releases, EgressSettings(), LIMITS
        )

    async def find(self, name="listPets"):
        return (await self.operations.find(wanted_call(operation=name))).value

    async def text(self, server):
        texts = CachedToolTexts(self.sources, self.watch, EgressSettings(), LIMITS)
        return await texts.find("ws_1", tool(server=server), OPENAI)


def release(tools):
    action = ReleaseAction(action_id="act_1", name="Pets", schema_id="sch_1", origin_set="set_1")
    offered = tuple(
        ReleaseTool(
            name=name,
            action_id="act_1",
            operation="listPets",
            source_digest="0" * 64,
            origin="",
            method="GET",
            consequential=False,
            anonymous=False,
            server=server,
        )
        for name, server in tools.items()
    )
    return ReleasePage(
        gpt_id="gpt_1", stage="published", number=3, name="Vet", actions=(action,), tools=offered
    )


async def test_it_is_called_at_the_base_url_of_its_binding(calls):
    found = await Rig(calls, listPets=OURS).find()

    built = build_request(found.compiled, admit(found.compiled, {}))
    assert found.target.origin == "https://ours.acme.io:443"
    assert built.raw_path_and_query.startswith("/base/")


async def test_two_bindings_of_one_schema_are_two_operations_to_consent_to(calls):
    rig = Rig(calls, "https://api.acme.io", listPets=OURS, other="https://other.acme.io", plain="")

    ours, other, plain = [await rig.find(name) for name in ("listPets", "other", "plain")]

    digests = {each.compiled.consent_digest for each in (ours, other, plain)}
    assert len(digests) == 3
    assert plain.target.origin == "https://api.acme.io:443"
    assert not ours.is_same_as(other)


async def test_an_operation_without_a_server_is_refused_where_no_binding_chose_one(calls):
    with pytest.raises(OperationUnusable):
        await Rig(calls, listPets="").find()


async def test_a_base_url_that_may_not_be_called_is_refused_at_the_call(calls):
    with pytest.raises(AddressRefused):
        await Rig(calls, listPets="https://10.0.0.1").find()


async def test_its_tool_is_listed_with_where_it_calls(calls):
    rig = Rig(calls)

    listed, left_out = await rig.text(OURS), await rig.text("")

    assert isinstance(listed, ToolText)
    assert listed.origin == "https://ours.acme.io:443"
    assert isinstance(left_out, LeftOut)


async def test_a_form_of_the_release_before_is_called_where_it_says(calls):
    rig = Rig(calls, "https://api.acme.io/v1", listPets="")
    form = orjson.loads(rig.bus.answers[ReadOperations.__name__].text)
    for name in ("server_template", "server_variables"):
        form[0].pop(name)
    rig.bus.answers[ReadOperations.__name__] = OperationsText(text=orjson.dumps(form).decode())

    assert (await rig.find()).target.path == "/v1"


KEYS_OF = {"https://api.acme.io:443": "key-of-api", "https://ours.acme.io:443": None}


def issued(asked):
    """As auth answers: what was entered for this origin, or nothing."""
    if (key := KEYS_OF[asked.origin]) is None:
        return SealedCredential(revision=0, sealed="", expires_at=EXPIRY)
    binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, EXPIRY)
    secret = orjson.dumps({"headers": [["x-api-key", key]], "query": []})
    return SealedCredential(
        revision=1, sealed=seal(secret, asked.recipient, binding), expires_at=EXPIRY
    )


async def test_b1_the_credential_does_not_follow_an_action_to_another_base_url(calls):
    """Decision 21: it is asked for by the origin that is called, and kept by it in memory."""
    rig = Rig(calls, "https://api.acme.io", plain="", moved=OURS)
    rig.bus.answers["IssueCredential"] = issued
    credentials = CachedCredentials(rig.bus, rig.watch, LIMITS, FrozenClock(NOW))

    plain, moved = await rig.find("plain"), await rig.find("moved")
    first = await credentials.issue(wanted_call(), plain, CredentialDescription(1, NO_NAMES))
    second = await credentials.issue(wanted_call(), moved, CredentialDescription(0, NO_NAMES))

    asked = [each for each in rig.bus.asked if isinstance(each, IssueCredential)]
    assert [each.origin for each in asked] == [*KEYS_OF]
    assert {each.action_id for each in asked} == {"act_1"}
    assert first.value.headers == (("x-api-key", "key-of-api"),)
    assert second.value.headers == ()
