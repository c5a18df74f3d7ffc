"""Names that the properties of a form have, and that no object within it may bring (W7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from contracts.operation import Body
from execution_service.domain.arguments.declared_members import declared_members
from execution_service.domain.errors import BodyRefused


@dataclass(frozen=True, slots=True)
class MemberNames:
    properties: frozenset[str] = frozenset()
    """All that the document names."""
    own: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By property: the members that its own schema names."""

    @classmethod
    def of(cls, body: Body, arguments_schema: Mapping[str, Any]) -> Self:
        arguments = arguments_schema.get("properties", {})
        if body.members is None:
            schemas = declared_members(arguments.get(body.argument), arguments_schema)
        else:
            schemas = {member: arguments.get(name) for name, member in body.members.items()}
        own = {
            name: frozenset(declared_members(schema, arguments_schema))
            for name, schema in schemas.items()
        }
        return cls(frozenset(schemas), own)

    def check(self, name: str, brought: Iterable[str], given: Iterable[str]) -> None:
        """Raises BodyRefused where what is sent for the property `name` brings the name of another
        one: of one that is given, or that the document names and this property's schema does not.
        """
        others = (self.properties - self.own.get(name, frozenset())) | {*given}
        taken = sorted((others - {name}) & {*brought})
        if taken:
            raise BodyRefused(
                f"A member of {name[:80]!r} would be sent as {taken[0][:80]!r}, which is another "
                "property of the body.",
                hint=f"Leave {taken[0][:80]!r} out of {name[:80]!r}.",
            )


NO_NAMES: Final = MemberNames()
