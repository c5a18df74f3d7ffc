from dataclasses import dataclass

from contracts import requests
from contracts.requests import Answer, HostRefusal, HostsChecked
from policy_service.domain.decision import decide_host
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class CheckHosts:
    """Which hosts may not be called, asked when a schema is bound and when a GPT is published."""

    rules: RuleStore

    async def __call__(self, asked: requests.CheckHosts) -> HostsChecked:
        rules = await self.rules.in_force(asked.workspace_id)
        verdicts = [(host, decide_host(host, rules)) for host in asked.hosts]
        return HostsChecked(
            refusals=tuple(
                HostRefusal(host=host, code=said.code, sentence=said.sentence, hint=said.hint)
                for host, said in verdicts
                if said.answer is Answer.DENY
            )
        )
