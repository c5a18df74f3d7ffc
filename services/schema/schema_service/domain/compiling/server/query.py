"""A query or a fragment of a server's URL, for which OpenAPI has no place (OAS 3.1, 4.8.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding


@dataclass(frozen=True, slots=True)
class WrittenUrl:
    """A server's URL in its parts, variables in braces: what paths are joined to, and the rest."""

    plain: str
    query: str = ""
    fragment: str | None = None

    @classmethod
    def of(cls, template: str) -> "WrittenUrl":
        before, hash_, fragment = template.partition("#")
        plain, _, query = before.partition("?")
        return cls(plain, query, fragment if hash_ else None)

    @property
    def is_open(self) -> bool:
        """Whether a server variable stands in its query."""
        return "{" in self.query

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What is sent with every call, before all other query parameters."""
        return tuple(parse_qsl(self.query, keep_blank_values=True))

    def found(self, template: str, path: Path) -> Iterator[Finding]:
        """`path` is the URL's."""
        if self.query:
            yield server_rules.SERVER_QUERY.at(path, url=template, query=self.query)
        if self.fragment is not None:
            finding = server_rules.SERVER_FRAGMENT.at(path, url=template)
            edit = Edit("replace", pointers.join(path), template.partition("#")[0])
            yield finding.repaired_by("Leave the fragment out", edit)
