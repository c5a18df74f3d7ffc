from typing import Annotated, Any

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
    calls_per_minute: int | None = Field(
        description="What all members together may call; beyond it, calls are answered 429 "
        "`platform.rate_limited`. Calls are spread over the minute, for neighbours do not wait for "
        "a burst: of 6,000 a minute, 50 may be made at once and then 100 a second; of 60, 6 and "
        "then one a second; of 12, 4 and then one in 5 s. `RateLimit` of each answer says what is "
        "left. Null: no quota. Never more than the operator allows."
    )
    calls_per_minute_per_member: int | None = Field(
        description="The same for each member, within the workspace's quota, spread as that is."
    )
    concurrent_calls: int | None = Field(
        description="Calls under way at once in each replica of the platform. Null: what is the "
        "workspace's fair share of the replica."
    )
    revision: int

    @classmethod
    def of(cls, settings: WorkspaceSettings) -> "SettingsView":
        return cls(
            custom_actions_enabled=settings.custom_actions_enabled,
            unique_hosts=settings.unique_hosts,
            first_call_asks=settings.first_call_asks,
            tolerant_arguments=settings.tolerant_arguments,
            calls_per_minute=settings.calls_per_minute,
            calls_per_minute_per_member=settings.calls_per_minute_per_member,
            concurrent_calls=settings.concurrent_calls,
            revision=settings.revision,
        )


CallsPerMinute = Annotated[int, Field(strict=True, ge=1, le=10_000_000)]
ConcurrentCalls = Annotated[int, Field(strict=True, ge=1, le=100_000)]
NULLABLE = frozenset({"calls_per_minute", "calls_per_minute_per_member", "concurrent_calls"})
"""Where null is a value: no limit."""


class SettingsBody(BaseModel):
    """All settings. For one more version, one that is left out stays as it is, and so does a switch
    that is null; then it is refused. PATCH changes what it names.
    """

    model_config = ConfigDict(extra="forbid")

    custom_actions_enabled: StrictBool | None = None
    unique_hosts: StrictBool | None = None
    first_call_asks: StrictBool | None = None
    tolerant_arguments: StrictBool | None = None
    calls_per_minute: CallsPerMinute | None = kept(description="Null: no quota.")
    calls_per_minute_per_member: CallsPerMinute | None = kept(description="Null: no quota.")
    concurrent_calls: ConcurrentCalls | None = kept(description="Null: the fair share alone.")

    @property
    def changes(self) -> dict[str, Any]:
        named = {name: getattr(self, name) for name in self.model_fields_set}
        return {
            name: value for name, value in named.items() if value is not None or name in NULLABLE
        }


class SettingsEditBody(PatchBody):
    """What is left out stays as it is; null takes a limit away."""

    clearable = NULLABLE

    custom_actions_enabled: StrictBool | LeftOut = kept()
    unique_hosts: StrictBool | LeftOut = kept()
    first_call_asks: StrictBool | LeftOut = kept()
    tolerant_arguments: StrictBool | LeftOut = kept()
    calls_per_minute: CallsPerMinute | None = kept(description="Null: no quota.")
    calls_per_minute_per_member: CallsPerMinute | None = kept(description="Null: no quota.")
    concurrent_calls: ConcurrentCalls | None = kept(description="Null: the fair share alone.")
