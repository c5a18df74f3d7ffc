from pydantic import BaseModel, ConfigDict, Field, StrictBool

from kit.patches import LeftOut, PatchBody, kept
from policy_service.domain.domain_rules import DomainRules, Mode
from policy_service.domain.workspace_settings import WorkspaceSettings


class DomainRulesView(BaseModel):
    mode: Mode
    domains: list[str] = Field(description="Each covers its subdomains. With mode `all`, unused.")
    revision: int

    @classmethod
    def of(cls, rules: DomainRules) -> "DomainRulesView":
        return cls(mode=rules.mode, domains=list(rules.domains), revision=rules.revision)


class DomainView(BaseModel):
    domain: str


class DomainRulesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mode: Mode = Mode.LIST
    domains: list[str] = Field(default_factory=list, max_length=10_000)


class DomainBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    domain: str = Field(max_length=1_000, examples=["api.example.com"])


class SettingsView(BaseModel):
    custom_actions_enabled: bool = Field(description="While false, no action can be called.")
    unique_hosts: bool = Field(
        description="No two actions of a GPT may call the same host: publishing is refused. What "
        "is published already stays."
    )
    first_call_asks: bool = Field(
        description="Users are asked before their first call to an action. Kept, and without "
        "effect so far: nobody is asked before there are approvals."
    )
    tolerant_arguments: bool = Field(
        description='A call\'s arguments are taken for what they unambiguously mean: `"20"` for an '
        "integer, 5 for a text, JSON text for an object. Answers and records of calls name them in "
        "`coerced`. Null for what is optional is left out, on or off: strict tools demand it."
    )
    revision: int

    @classmethod
    def of(cls, settings: WorkspaceSettings) -> "SettingsView":
        return cls(
            custom_actions_enabled=settings.custom_actions_enabled,
            unique_hosts=settings.unique_hosts,
            first_call_asks=settings.first_call_asks,
            tolerant_arguments=settings.tolerant_arguments,
            revision=settings.revision,
        )


class SettingsBody(BaseModel):
    """All switches. For one more version, one that is left out, or null, stays as it is; then it is
    refused. PATCH changes what it names.
    """

    model_config = ConfigDict(extra="forbid")

    custom_actions_enabled: StrictBool | None = None
    unique_hosts: StrictBool | None = None
    first_call_asks: StrictBool | None = None
    tolerant_arguments: StrictBool | None = None


class SettingsEditBody(PatchBody):
    """A switch that is left out stays as it is."""

    custom_actions_enabled: StrictBool | LeftOut = kept()
    unique_hosts: StrictBool | LeftOut = kept()
    first_call_asks: StrictBool | LeftOut = kept()
    tolerant_arguments: StrictBool | LeftOut = kept()
