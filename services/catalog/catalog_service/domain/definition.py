"""What a GPT is made of. A draft and a published version hold the same kind of thing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalog_service.domain.errors import ActionNotFound, TooManyActions, TooManyOperations
from catalog_service.domain.privacy_policy import is_public_policy
from contracts.ids import ActionId, SchemaId
from contracts.origin import host_of

MAX_NAME = 50
MAX_DESCRIPTION = 300
MAX_INSTRUCTIONS = 32_000
MAX_STARTERS = 12
MAX_STARTER = 300
MAX_PRIVACY_POLICY_URL = 2_048
MAX_LISTED = 500
"""Members on one access list; it fits a message."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one GPT may hold; an operator's settings."""

    actions: int
    operations: int

    def check_operations(self, count: int) -> None:
        if count > self.operations:
            raise TooManyOperations(self.operations)


@dataclass(frozen=True, slots=True)
class Tool:
    """An operation as models are offered it; it is pinned when its action is bound."""

    name: str
    """Unique in the GPT; it stays when the action is bound anew or another one is removed."""
    operation: str
    """Its name in the schema."""
    source_digest: str
    """Of document, operation and the builder's choices (`contracts.requests.OperationBrief`)."""
    origin: str
    method: str
    consequential: bool
    anonymous: bool
    server: str = ""
    """The base URL that the binding chose; empty: as the document says."""


@dataclass(frozen=True, slots=True)
class ServerValues:
    """What the builder says where a document leaves its servers open; kept for each schema that is
    bound to the action.
    """

    base_url: str | None = None
    variables: tuple[tuple[str, str], ...] = ()
    """Names and values of server variables, sorted."""

    def __bool__(self) -> bool:
        return self.base_url is not None or bool(self.variables)


NO_SERVER_VALUES = ServerValues()


@dataclass(frozen=True, slots=True)
class Action:
    """One API of a GPT: operations chosen from one schema version, which never changes."""

    id: ActionId
    name: str
    schema_id: SchemaId
    operations: tuple[str, ...]
    """Function names, in the schema's order or the builder's."""
    origins: tuple[str, ...]
    """The origins (`scheme://host[:port]`) that these operations call, sorted."""
    privacy_policy_url: str | None = None
    """As the builder wrote it; `public_policy_url` is the one to pass on."""
    tools: tuple[Tool, ...] = ()
    """One for each operation, in the same order."""
    tools_of: SchemaId | None = None
    """The schema version that `tools` were pinned from."""
    server_values: ServerValues = NO_SERVER_VALUES

    @property
    def base_url(self) -> str | None:
        return self.server_values.base_url

    @property
    def server_variables(self) -> dict[str, str]:
        return dict(self.server_values.variables)

    @property
    def is_pinned(self) -> bool:
        """False for what an earlier release bound, which pinned nothing."""
        pinned = tuple(tool.operation for tool in self.tools if tool.source_digest)
        return self.tools_of == self.schema_id and pinned == self.operations

    @property
    def signs_in(self) -> bool:
        """False where the document says of every operation that it needs no credential."""
        return any(not tool.anonymous for tool in self.tools)

    @property
    def public_policy_url(self) -> str | None:
        return self.privacy_policy_url if is_public_policy(self.privacy_policy_url) else None


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    description: str = ""
    instructions: str = ""
    starters: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()

    def action(self, action_id: ActionId) -> Action:
        for action in self.actions:
            if action.id == action_id:
                return action
        raise ActionNotFound

    def holding(self, bound: Action, limits: Limits) -> "Definition":
        """With this action in place of the one with its id, or after the others."""
        if any(action.id == bound.id for action in self.actions):
            actions = tuple(bound if action.id == bound.id else action for action in self.actions)
        else:
            actions = (*self.actions, bound)
        if len(actions) > limits.actions:
            raise TooManyActions(limits.actions)
        limits.check_operations(sum(len(action.operations) for action in actions))
        return replace(self, actions=actions)

    def without(self, action_id: ActionId) -> "Definition":
        gone = self.action(action_id)
        return replace(self, actions=tuple(a for a in self.actions if a is not gone))

    @property
    def shared_hosts(self) -> list[tuple[str, ActionId]]:
        """Each host that an earlier action calls too, with the later one."""
        seen: set[str] = set()
        shared: list[tuple[str, ActionId]] = []
        for action in self.actions:
            hosts = hosts_of([action])
            shared += [(host, action.id) for host in hosts if host in seen]
            seen.update(hosts)
        return shared

    def hosts_shared_by(self, action: Action) -> tuple[str, ...]:
        """Hosts that this action and another one call, sorted."""
        others = hosts_of(other for other in self.actions if other.id != action.id)
        return tuple(host for host in hosts_of([action]) if host in others)

    def tool_names_beside(self, action_id: ActionId) -> frozenset[str]:
        """Names of tools that this action may not take: those of all others."""
        others = [action for action in self.actions if action.id != action_id]
        return frozenset(tool.name for action in others for tool in action.tools)


def hosts_of(actions: Iterable[Action]) -> tuple[str, ...]:
    """The hosts that these actions call, sorted, each once."""
    origins = {origin for action in actions for origin in action.origins}
    return tuple(sorted({host_of(origin) for origin in origins}))
