"""What people send."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from catalog_service.domain import definition
from catalog_service.domain.binding import ActionEdit, Wanted
from catalog_service.domain.definition import Definition
from catalog_service.usecases.change_access import AccessEdit
from catalog_service.usecases.edit_gpt import Edit
from contracts.access import Level, Sharing
from contracts.ids import MemberId, SchemaId
from contracts.requests.schema import MAX_BASE_URL, ServerVariables
from kit.patches import LeftOut, PatchBody, kept

ONE_LINE = r"^\P{Cc}*$"
"""No control characters."""

Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=definition.MAX_NAME, pattern=ONE_LINE
    ),
]
Description = Annotated[str, StringConstraints(max_length=definition.MAX_DESCRIPTION)]
Instructions = Annotated[str, StringConstraints(max_length=definition.MAX_INSTRUCTIONS)]
Starter = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=definition.MAX_STARTER),
]
Starters = Annotated[list[Starter], Field(max_length=definition.MAX_STARTERS)]
BaseUrl = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_BASE_URL)]
OperationName = Annotated[str, StringConstraints(max_length=64)]


class GptBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Description = ""
    instructions: Instructions = ""
    starters: Starters = Field(default_factory=list)

    def definition(self) -> Definition:
        return Definition(self.name, self.description, self.instructions, tuple(self.starters))


class GptEditBody(PatchBody):
    """What is left out stays as it is; an empty text or list clears."""

    name: Name | LeftOut = kept()
    description: Description | LeftOut = kept()
    instructions: Instructions | LeftOut = kept()
    starters: Starters | LeftOut = kept()

    def edit(self) -> Edit:
        starters = None if self.starters is None else tuple(self.starters)
        return Edit(self.name, self.description, self.instructions, starters)


class ActionBody(BaseModel):
    """All of an action: what is left out is as of a new one."""

    model_config = ConfigDict(extra="forbid")

    schema_id: Annotated[SchemaId, StringConstraints(max_length=64)]
    operations: list[OperationName] | None = Field(
        default=None, max_length=10_000, description="Function names; left out: all that are ready."
    )
    privacy_policy_url: str | None = Field(
        default=None, max_length=definition.MAX_PRIVACY_POLICY_URL
    )
    name: Name | None = Field(default=None, description="Left out: the schema's title.")
    base_url: BaseUrl | None = Field(
        default=None,
        description="Where operations are called whose document names no server that can be; "
        "a relative one, such as /v2, stands behind it: https://api.acme.io/v2.",
    )
    server_variables: ServerVariables = Field(
        default={}, description="Values of server variables, by their names in the document."
    )

    def wanted(self) -> Wanted:
        names_policy = "privacy_policy_url" in self.model_fields_set
        return Wanted(
            self.schema_id,
            _each_once(self.operations),
            self.privacy_policy_url,
            self.name,
            names_policy=names_policy,
            base_url=self.base_url or None,
            server_variables=self.server_variables,
            names_server=bool({"base_url", "server_variables"} & self.model_fields_set),
        )


def _each_once(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(dict.fromkeys(names))


class ActionEditBody(PatchBody):
    """What is left out stays as it is, the chosen operations by their names also where the schema
    is another one.
    """

    clearable = frozenset({"operations", "privacy_policy_url", "name", "base_url"})

    schema_id: Annotated[SchemaId, StringConstraints(max_length=64)] | LeftOut = kept()
    operations: list[OperationName] | None = kept(
        max_length=10_000, description="Function names; null: all that are ready."
    )
    privacy_policy_url: str | None = kept(
        max_length=definition.MAX_PRIVACY_POLICY_URL, description="Null: it has none."
    )
    name: Name | None = kept(description="Null: the schema's title.")
    base_url: BaseUrl | None = kept(description="Null: it has none; kept for another schema, too.")
    server_variables: ServerVariables | LeftOut = kept(
        description="All of them; kept for another schema, too."
    )

    def edit(self) -> ActionEdit:
        changes = self.changes
        if self.operations is not None:
            changes["operations"] = _each_once(self.operations)
        return ActionEdit(changes)


class PublicationBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sharing: Sharing | None = Field(
        default=None, description="Left out: as it is; a new GPT is private."
    )


IdOfMember = Annotated[MemberId, StringConstraints(max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
"""One character, one byte: a full access list fits a message."""


class ListedBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    member_id: IdOfMember
    level: Level


def _named_once(members: list[ListedBody] | None) -> list[ListedBody] | None:
    ids = [listed.member_id for listed in members or ()]
    if len(set(ids)) < len(ids):
        raise ValueError("name each member once")
    return members


class AccessBody(BaseModel):
    """The owner, the sharing and the whole access list. For one more version, what is left out, or
    null, stays as it is; then it is refused. PATCH changes what it names.
    """

    model_config = ConfigDict(extra="forbid")

    owner: IdOfMember | None = None
    sharing: Sharing | None = None
    members: list[ListedBody] | None = Field(default=None, max_length=definition.MAX_LISTED)

    _once = field_validator("members")(_named_once)

    def edit(self) -> AccessEdit:
        return AccessEdit(self.owner, self.sharing, _listed(self.members))


def _listed(members: list[ListedBody] | None) -> list[tuple[MemberId, Level]] | None:
    return None if members is None else [(each.member_id, each.level) for each in members]


class AccessEditBody(PatchBody):
    """What is left out stays as it is; `members` is the whole list."""

    owner: IdOfMember | LeftOut = kept()
    sharing: Sharing | LeftOut = kept()
    members: list[ListedBody] | LeftOut = kept(max_length=definition.MAX_LISTED)

    _once = field_validator("members")(_named_once)

    def edit(self) -> AccessEdit:
        return AccessEdit(self.owner, self.sharing, _listed(self.members))


DEFAULT_PUBLICATION = PublicationBody()
