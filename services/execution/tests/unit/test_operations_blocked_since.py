"""A release offers what schema refuses by now: the refusal is schema's (decision 39)."""

from dataclasses import replace

import pytest

from contracts.errors import Conflict
from contracts.requests import ReadOperations, Stage
from egress import EgressSettings
from execution_service.adapters.cached_operations import CachedOperations
from execution_service.adapters.cached_releases import CachedReleases, ReleaseKey
from execution_service.adapters.operation_texts import OperationTexts
from kit.handover import Handover
from kit.testing import MemoryBlobs
from services.execution.tests.fakes import wanted_call
from services.execution.tests.unit.test_cached_answers import LIMITS, Bus, release_of
from shared.kit.tests.kit_fakes import Watch

BLOCKED = Conflict("It is blocked.", hint="Correct it.", code="schema.xml_name_invalid")


def refuse(_):
    raise BLOCKED


@pytest.mark.parametrize("server", ["", "https://ours.acme.dev"])
async def test_d_what_a_newer_compiler_blocks_is_refused_in_schemas_words(server):
    bus = Bus(ReadRelease=release_of, ReadOperations=refuse)
    releases = CachedReleases(bus, Watch(), LIMITS)
    sources = OperationTexts(bus, Handover(MemoryBlobs()))
    operations = CachedOperations(sources, Watch(), releases, EgressSettings(), LIMITS)
    release = await releases.find(ReleaseKey("ws_1", "gpt_1", Stage.PUBLISHED))
    tool = replace(release.value.tools["listPets"], server=server)

    with pytest.raises(Conflict) as refused:
        await operations.find(wanted_call(), tool)

    assert refused.value is BLOCKED
    [asked] = [each for each in bus.asked if isinstance(each, ReadOperations)]
    assert asked.placed is bool(server)
