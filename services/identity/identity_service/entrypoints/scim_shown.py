"""A resource as it is shown: its long list is built where it is asked for, without the library,
which takes as long for each entry as all that is around it takes for a whole one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scim2_models import Context, Meta, Resource, ResponseParameters

Entry = dict[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    resource: Resource[Any]
    """Without that list."""
    attribute: str
    """By which the list is named in the resource."""
    sample: Resource[Any]
    """Another one of its kind, with one entry that has all there may be."""
    entries: Callable[[], list[Entry]]

    @property
    def meta(self) -> Meta | None:
        return self.resource.meta


@dataclass(frozen=True, slots=True)
class Attributes:
    """Which attributes of a resource an answer has (RFC 7644, 3.9)."""

    parameters: ResponseParameters[Any]
    _of_entries: dict[type[Any], frozenset[str]] = field(default_factory=dict)

    def shown(self, shown: Shown) -> dict[str, Any]:
        answer = self._dumped(shown.resource)
        if kept := self._kept(shown):
            entries = [{n: v for n, v in each.items() if n in kept} for each in shown.entries()]
            if entries:
                answer[shown.attribute] = entries
        return answer

    def _kept(self, shown: Shown) -> frozenset[str]:
        """What each entry shows; nothing where the list is not asked for."""
        kind = type(shown.sample)
        if kind not in self._of_entries:
            [entry] = self._dumped(shown.sample).get(shown.attribute) or [{}]
            self._of_entries[kind] = frozenset(entry)
        return self._of_entries[kind]

    def _dumped(self, resource: Resource[Any]) -> dict[str, Any]:
        context = Context.RESOURCE_QUERY_RESPONSE
        return resource.model_dump(scim_ctx=context, response_parameters=self.parameters)
