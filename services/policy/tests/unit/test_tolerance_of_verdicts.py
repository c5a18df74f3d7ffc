import pytest

from contracts.requests import Decide
from policy_service.domain.workspace_settings import WorkspaceSettings
from policy_service.usecases.decide_invocation import DecideInvocation
from services.policy.tests.fakes import MemoryRules, MemorySettings


@pytest.mark.parametrize("tolerant", [True, False])
async def test_a_verdict_says_whether_the_workspace_takes_arguments_for_what_they_mean(tolerant):
    settings = MemorySettings()
    settings._settings["ws_1"] = WorkspaceSettings("ws_1", tolerant_arguments=tolerant)
    asked = Decide(
        workspace_id="ws_1",
        member_id="mem_1",
        gpt_id="gpt_1",
        action_id="act_1",
        operation="listPets",
        method="GET",
        host="api.example.com",
        consequential=False,
    )
    verdict = await DecideInvocation(MemoryRules(), settings)(asked)
    assert verdict.tolerant_arguments is tolerant
