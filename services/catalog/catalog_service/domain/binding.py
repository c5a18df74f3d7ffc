"""Binding a schema to an action: which operations it offers, and what the builder should know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from catalog_service.domain.definition import (
    MAX_NAME,
    Action,
    Definition,
    Limits,
    ServerValues,
    Tool,
)
from catalog_service.domain.errors import (
    ActionWithoutOperations,
    HostsShared,
    OperationsUnusable,
    ServerVariableUnknown,
    TooManyOperations,
    duplicate_host,
)
from catalog_service.domain.tool_names import tool_names
from contracts.ids import ActionId, SchemaId
from contracts.origin import host_of
from contracts.requests import HostRefusal, OperationBrief, SchemaBrief

_EXAMPLES = (".example.com", ".example.net", ".example.org", ".example.edu")
MAX_BRIEF = 128
"""How many operations a `SchemaBrief` lists at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a builder asks an action to be."""

    schema_id: SchemaId
    operations: tuple[str, ...] | None = None
    """Function names, each once; None for all that are ready."""
    privacy_policy_url: str | None = None
    name: str | None = None
    """None for the schema's title."""
    names_policy: bool = True
    """Whether the builder said anything about the privacy policy."""
    base_url: str | None = None
    server_variables: Mapping[str, str] = field(default_factory=dict)
    names_variables: bool = True
    """Whether the builder named these variables now: then the schema must have each."""
    names_server: bool = True
    """Whether the builder said anything about base URL or variables."""
    keeps_places: bool = False
    """Whether operations stay where the action pinned them, if schema, base URL and variables do
    (decision 34).
    """

    @property
    def server_values(self) -> ServerValues:
        base_url = self.base_url.strip().rstrip("/") if self.base_url else None
        return ServerValues(base_url, tuple(sorted(self.server_variables.items())))


@dataclass(frozen=True, slots=True)
class ActionEdit:
    """What a builder changes of an action; a member that is not in `changes` stays as it is."""

    changes: Mapping[str, Any]
    """Of `Wanted`'s members."""

    def applied_to(self, action: Action) -> Wanted:
        """The operations stay the same ones, by name, also of another schema."""
        as_it_is = {
            "schema_id": action.schema_id,
            "operations": action.operations,
            "privacy_policy_url": action.privacy_policy_url,
            "name": action.name,
            "base_url": action.base_url,
            "server_variables": action.server_variables,
            "names_variables": "server_variables" in self.changes,
            "keeps_places": True,
        }
        return Wanted(**{**as_it_is, **self.changes})


MAX_NAMED = 3
"""Servers that a warning names."""


@dataclass(frozen=True, slots=True)
class BindingWarning:
    """Binding loses no work over this; publishing, or the call itself, is refused for it."""

    code: str
    sentence: str
    hint: str = ""
    host: str | None = None


def nothing_bound(schema_id: SchemaId) -> BindingWarning:
    return BindingWarning(
        ActionWithoutOperations.code,
        "The action has no operation: none of the schema is ready, or none was chosen.",
        hint=f"GET /v1/schemas/{schema_id} lists the operations and what blocks them. Where that is"
        " only the server (`lacks_server`), give the action a `base_url` or `server_variables`"
        " (`openactions bind` has --base-url and --server-variable).",
    )


def variable_unused(name: str) -> BindingWarning:
    return BindingWarning(
        "catalog.server_variable_unused",
        f"The action has a value for the server variable {name}, which no operation of this schema "
        "has; it is kept and not used.",
        hint="Leave it out of `server_variables`, or give the variable that took its place a "
        "value: PATCH /v1/gpts/{gpt_id}/actions/{action_id}.",
    )


def base_url_is_example(host: str) -> BindingWarning:
    return BindingWarning(
        "catalog.base_url_is_example",
        f"The base URL is a placeholder: {host} is kept for examples and is nobody's API.",
        hint="Give the action your API's address as its `base_url`.",
        host=host,
    )


def base_url_unused(origins: Sequence[str]) -> BindingWarning:
    return BindingWarning(
        "catalog.base_url_unused",
        "The action's base URL is kept and not used: its operations have servers of their own in "
        f"the document, and are called at {', '.join(origins[:MAX_NAMED])}.",
        hint="Leave `base_url` out, or correct `servers` in the document where the operations are "
        "to be called elsewhere.",
    )


def called_elsewhere(before: Action | None, now: Action) -> tuple[BindingWarning, ...]:
    """Where operations of the same schema version are called elsewhere, though base URL and
    variables are the same: what was pinned was worked out by an earlier release.
    """
    moved = _moved(before, now) if before is not None else []
    if not moved:
        return ()
    (old, new), more = moved[0], len(moved) - 1
    others = f", and {more} more" if more else ""
    return (
        BindingWarning(
            "catalog.called_elsewhere",
            f"The operation `{new.operation}`{others} was called at {old.server or old.origin}, "
            f"and is called at {new.server or new.origin} once the GPT is published again, although"
            " the action's base URL stays.",
            hint="A relative server URL of the document now stands behind the base URL. Where that "
            "is wrong, correct `servers` in the document, or the action's `base_url`.",
        ),
    )


def _moved(before: Action, now: Action) -> list[tuple[Tool, Tool]]:
    if not _calls_alike(before, now):
        return []
    known = {tool.operation: tool for tool in before.tools if tool.origin}
    pairs = [(known[tool.operation], tool) for tool in now.tools if tool.operation in known]
    return [
        (old, new) for old, new in pairs if (old.origin, old.server) != (new.origin, new.server)
    ]


def _calls_alike(one: Action, other: Action | Wanted) -> bool:
    """Whether the same was said about where they call."""
    mine, theirs = one.server_values, other.server_values
    return (one.schema_id, mine) == (other.schema_id, theirs)


POLICY_REMOVED = BindingWarning(
    "catalog.privacy_policy_removed",
    "The action had a privacy policy URL and has none any more: PUT replaces all of an action.",
    hint="PATCH /v1/gpts/{gpt_id}/actions/{action_id} changes what it names and keeps the rest.",
)


SERVER_VALUES_REMOVED = BindingWarning(
    "catalog.server_values_removed",
    "The action had a base URL or server variables and has none any more: PUT replaces all of an "
    "action.",
    hint="PATCH /v1/gpts/{gpt_id}/actions/{action_id} changes what it names and keeps the rest.",
)


def bind(
    action_id: ActionId, wanted: Wanted, brief: SchemaBrief, draft: Definition, limits: Limits
) -> Action:
    """The action as the draft is to hold it; where it held it before, tools keep their names."""
    chosen = _where_they_were(_chosen(wanted.operations, brief, limits), action_id, wanted, draft)
    if wanted.names_variables:
        _check_variables(wanted.server_variables, brief)
    action = Action(
        id=action_id,
        name=wanted.name or brief.title.strip()[:MAX_NAME].strip() or "Untitled",
        schema_id=brief.schema_id,
        operations=tuple(operation.name for operation in chosen),
        origins=tuple(sorted({operation.origin for operation in chosen})),
        privacy_policy_url=wanted.privacy_policy_url,
        server_values=wanted.server_values,
    )
    return pinned(action, chosen, draft)


def _where_they_were(
    briefs: Sequence[OperationBrief], action_id: ActionId, wanted: Wanted, draft: Definition
) -> list[OperationBrief]:
    """With the server that the draft's action pinned for them, where that is to stay."""
    pinned_ = {
        tool.operation: tool
        for action in draft.actions
        if wanted.keeps_places and action.id == action_id and _calls_alike(action, wanted)
        for tool in action.tools
        if tool.server and tool.origin
    }
    return [_at(brief, pinned_.get(brief.name)) for brief in briefs]


def _at(brief: OperationBrief, tool: Tool | None) -> OperationBrief:
    """The digest is of the server, too, and of nothing else that changes in one schema version."""
    if tool is None or tool.server == brief.server:
        return brief
    place = {"origin": tool.origin, "server": tool.server, "source_digest": tool.source_digest}
    return brief.model_copy(update=place)


def _check_variables(values: Mapping[str, str], brief: SchemaBrief) -> None:
    for name in unknown_variables(values, brief):
        raise ServerVariableUnknown(name, sorted(_variables_of(brief)))


def unknown_variables(values: Iterable[str], brief: SchemaBrief) -> list[str]:
    """Those that no operation of the brief, which was asked for with them, has."""
    known = _variables_of(brief)
    return [name for name in values if name not in known]


def _variables_of(brief: SchemaBrief) -> set[str]:
    return {name for operation in brief.operations for name in operation.server_variables}


def pinned(action: Action, briefs: Sequence[OperationBrief], draft: Definition) -> Action:
    """The action with a tool for each of its operations, of which these are the briefs."""
    known = {brief.name: brief for brief in briefs}
    before = {
        tool.operation: tool.name
        for earlier in draft.actions
        if earlier.id == action.id
        for tool in earlier.tools
    }
    names = tool_names(action.operations, action.name, before, draft.tool_names_beside(action.id))
    tools = tuple(_tool(known[operation], name) for operation, name in names.items())
    return replace(action, tools=tools, tools_of=action.schema_id)


def _tool(brief: OperationBrief, name: str) -> Tool:
    return Tool(
        name=name,
        operation=brief.name,
        source_digest=brief.source_digest,
        origin=brief.origin,
        method=brief.method,
        consequential=brief.consequential,
        anonymous=brief.anonymous,
        server=brief.server,
    )


def _chosen(
    names: Sequence[str] | None, brief: SchemaBrief, limits: Limits
) -> Sequence[OperationBrief]:
    """The operations of these names, all of which the brief must hold ready."""
    if names is None:
        if brief.total > len(brief.operations) >= MAX_BRIEF:
            raise TooManyOperations(limits.operations)  # the brief may not even list them all
        return [operation for operation in brief.operations if operation.ready]
    known = {operation.name: operation for operation in brief.operations}
    if faults := list(_faults(names, known)):
        raise OperationsUnusable(faults)
    return [known[name] for name in names]


def _faults(names: Sequence[str], known: dict[str, OperationBrief]) -> Iterator[dict[str, Any]]:
    for position, name in enumerate(names):
        if name not in known:
            code, message = "catalog.operation_unknown", f"There is no operation `{name}`."
        elif not known[name].ready:
            code, why = "catalog.operation_blocked", known[name].blocked_by
            reason = (why.message if why else "its document has errors").rstrip(".")
            message = f"The operation `{name}` is blocked: {reason}."
        else:
            continue
        pointer = f"/body/operations/{position}"
        yield {"pointer": pointer, "code": code, "operation": name, "message": message}


def _examples(action: Action) -> list[str]:
    """Hosts of base URLs that the builder gave, which are kept for examples (RFC 2606, 3)."""
    hosts = {host_of(tool.origin) for tool in action.tools if tool.server}
    return sorted(host for host in hosts if f".{host}".endswith(_EXAMPLES))


def warnings_about(
    action: Action,
    refusals: Sequence[HostRefusal],
    shared_hosts: Sequence[str] = (),
    *,
    policy_removed: bool = False,
    server_values_removed: bool = False,
    unused_variables: Sequence[str] = (),
) -> tuple[BindingWarning, ...]:
    """`shared_hosts` are those that another action calls, where the workspace refuses that."""
    warnings = [nothing_bound(action.schema_id)] if not action.operations else []
    warnings += map(variable_unused, unused_variables)
    warnings += map(base_url_is_example, _examples(action))
    if action.base_url and action.tools and not any(tool.server for tool in action.tools):
        warnings.append(base_url_unused(action.origins))
    warnings += [POLICY_REMOVED] if policy_removed else []
    warnings += [SERVER_VALUES_REMOVED] if server_values_removed else []
    warnings += [
        BindingWarning(refusal.code, refusal.sentence, refusal.hint, refusal.host)
        for refusal in refusals
    ]
    warnings += [
        BindingWarning(HostsShared.code, duplicate_host(host), HostsShared.HINT, host)
        for host in shared_hosts
    ]
    if action.privacy_policy_url and action.public_policy_url is None:
        warnings.append(
            BindingWarning(
                "catalog.privacy_policy_invalid",
                "This privacy policy URL is not an absolute https URL; nobody will be shown it.",
                hint="Sharing by link or with everybody requires a valid one.",
            )
        )
    return tuple(warnings)
