from collections.abc import Mapping, Sequence
from typing import Any

from contracts.errors import Conflict, Denied, Invalid, Unavailable
from contracts.ids import ActionId, MemberId
from contracts.requests import ActionProblem, HostRefusal
from kit.errors import NothingHere


class GptNotFound(NothingHere):
    """Unknown, foreign and, for whoever wants to call it, unpublished: the same refusal for all."""

    code = "catalog.gpt_not_found"


class ActionNotFound(NothingHere):
    code = "catalog.action_not_found"


class GptBusy(Unavailable):
    code = "catalog.gpt_busy"

    def __init__(self) -> None:
        super().__init__("This GPT keeps changing.", hint="Try again in a moment.")


class VersionNotFound(NothingHere):
    """Never published, or no longer kept."""

    code = "catalog.version_not_found"


class ReleaseGone(NothingHere):
    """A draft that was edited since, or a version that is no longer kept."""

    code = "catalog.release_gone"


class UnknownMembers(Invalid):
    """The sentence names the first ones; each finding names one."""

    code = "catalog.unknown_members"
    NAMED = 5

    def __init__(self, member_ids: Sequence[MemberId]) -> None:
        named = ", ".join(member_ids[: self.NAMED])
        others = len(member_ids) - self.NAMED
        more = f" and {others} more" if others > 0 else ""
        super().__init__(
            f"These are no members of your workspace: {named}{more}.",
            hint="GET /v1/members lists the members and their ids.",
            findings=[
                {"member_id": member_id, "message": f"{member_id} is no member of your workspace."}
                for member_id in member_ids
            ],
        )


class OwnerBuildsNothing(Invalid):
    code = "catalog.owner_builds_nothing"

    def __init__(self) -> None:
        super().__init__(
            "A member with the role `user` cannot own a GPT: they could not edit or share it.",
            hint="Choose a builder, or have an owner or admin of your workspace make them one.",
        )


class TooManyActions(Invalid):
    """The sentence is the original product's."""

    code = "catalog.too_many_actions"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"GPTs can have a maximum of {limit} actions",
            hint="Remove an action, or add the operations to another GPT.",
        )


class TooManyOperations(Invalid):
    code = "catalog.too_many_operations"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A GPT can offer at most {limit} operations, over all its actions.",
            hint="Name the ones that it needs in `operations`.",
        )


class ServerVariableUnknown(Invalid):
    code = "catalog.server_variable_unknown"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        there_are = f"There are: {', '.join(known[:20])}." if known else "They have none."
        super().__init__(
            f"No server of the chosen operations has a variable {name[:100]}.", hint=there_are
        )


class OperationsUnusable(Invalid):
    """Each finding names one operation, and says why it cannot be bound."""

    code = "catalog.operations_unusable"

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            "Some of these operations cannot be bound.",
            hint="GET /v1/schemas/{schema_id} lists the operations and what blocks them.",
            findings=findings,
        )


class OperationsBlocked(Invalid):
    """Each finding names one operation of one action, or an action whose schema is gone."""

    code = "catalog.operations_blocked"

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            "Some operations of this GPT are blocked: every call of them would be refused.",
            hint="GET /v1/schemas/{schema_id} lists what blocks each. Bind a corrected schema, or "
            "leave these operations out: PATCH /v1/gpts/{gpt_id}/actions/{action_id}.",
            findings=findings,
        )


class SchemaGone(Conflict):
    """It was deleted while it was bound, and what was bound is taken back."""

    code = "catalog.schema_gone"

    def __init__(self) -> None:
        super().__init__(
            "This schema was deleted while it was bound to the action.",
            hint="Choose another one: GET /v1/schemas.",
        )


class ActionWithoutOperations(Invalid):
    """Each finding names one action."""

    code = "catalog.action_without_operations"

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            "Each action of a published GPT needs at least one operation.",
            hint="Choose operations for the action, or remove it.",
            findings=findings,
        )


class PrivacyPolicyRequired(Invalid):
    """Each finding names one action. The sentence is the original product's."""

    code = "catalog.privacy_policy_required"

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            "Public actions require valid privacy policy URLs",
            hint="Give each action an absolute https URL, or share the GPT less widely.",
            findings=findings,
        )


class HostsShared(Invalid):
    """Each finding names a host and one action that has it in common with an earlier one.

    The sentence is the original product's.
    """

    code = "catalog.hosts_shared"
    HINT = (
        "Bind all operations of a host in one action; or an owner or admin of your workspace turns "
        "`unique_hosts` off: PUT /v1/settings."
    )

    def __init__(self, hosts: Sequence[tuple[str, ActionId]]) -> None:
        super().__init__(
            duplicate_host(hosts[0][0]),
            hint=self.HINT,
            findings=[
                {"action_id": action_id, "host": host, "message": duplicate_host(host)}
                for host, action_id in hosts
            ],
        )


def duplicate_host(host: str) -> str:
    return f"Action sets cannot have duplicate domains - {host} already exists on another action"


class SignInsRefused(Conflict):
    """Auth's own code and sentence, for the first action; the findings name all."""

    code = "catalog.sign_ins_refused"

    def __init__(self, problems: Sequence[ActionProblem]) -> None:
        first = problems[0]
        super().__init__(
            first.sentence,
            hint=first.hint,
            code=first.code,
            findings=[
                {"action_id": said.action_id, "code": said.code, "message": said.sentence}
                for said in problems
            ],
        )


class DomainsRefused(Denied):
    """Policy's own code and sentence, for the first host that it refuses; the findings name all."""

    code = "catalog.domains_refused"

    def __init__(self, refusals: Sequence[HostRefusal]) -> None:
        first = refusals[0]
        super().__init__(
            first.sentence,
            hint=first.hint,
            code=first.code,
            findings=[
                {"host": said.host, "code": said.code, "message": said.sentence}
                for said in refusals
            ],
        )
