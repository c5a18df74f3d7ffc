from pydantic import BaseModel, ConfigDict, Field

from policy_service.domain.domain_rules import DomainRules, Mode


class DomainRulesView(BaseModel):
    mode: Mode
    domains: list[str] = Field(description="Each covers its subdomains. With mode `all`, unused.")
    revision: int

    @classmethod
    def of(cls, rules: DomainRules) -> "DomainRulesView":
        return cls(mode=rules.mode, domains=list(rules.domains), revision=rules.revision)


class DomainRulesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mode: Mode = Mode.LIST
    domains: list[str] = Field(default_factory=list, max_length=10_000)


class DomainBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    domain: str = Field(max_length=1_000, examples=["api.example.com"])
