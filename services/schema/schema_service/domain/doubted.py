"""Which operations are called otherwise than their author meant, by a finding of the document."""

from collections.abc import Iterable, Iterator
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling.operations import Draft
from schema_service.domain.compiling.path_members import METHODS
from schema_service.domain.finding import Finding
from schema_service.domain.linting import rules
from schema_service.domain.linting.wanted_forms import FLAGS_LEFT_OUT
from schema_service.domain.misspelt import misspelt

MAX_FINDINGS = 200
"""That are compared with the places of operations."""
MAX_NODES = 20_000
"""Objects and lists that are gone through for one document."""
_OF_ANSWERS = frozenset({"responses", "callbacks", "links"})
_DESCRIBING = frozenset({"summary", "description", "tags", "externalDocs", "deprecated", "example"})
"""What no call is any different for."""
_Path = tuple[str | int, ...]


class Doubts:
    """Members that nobody reads because of their letters, and flags that count as left out."""

    def __init__(self, found: Iterable[Finding], document: dict[str, Any]) -> None:
        changing = [each.pointer for each in found if _changes_calls(each)]
        self._pointers = changing[:MAX_FINDINGS]
        self._document = document
        self._left = MAX_NODES

    def concern(self, draft: Draft) -> bool:
        """Whether one is in the operation, in its path item or in what it refers to."""
        if not self._pointers:
            return False
        item = pointers.join(draft.place.item_pointer)
        if any(_is_beside(each, item) for each in self._pointers):
            return True
        return any(map(self._is_in, self._parts(draft.place.pointer, draft.place.node)))

    def _is_in(self, path: _Path) -> bool:
        where = pointers.join(path)
        answers = tuple(f"{where}/{name}/" for name in _OF_ANSWERS)
        return any(
            each.startswith(f"{where}/") and not each.startswith(answers) for each in self._pointers
        )

    def _parts(self, path: _Path, node: Any) -> Iterator[_Path]:
        """The operation itself, and all that it refers to, each once."""
        yield path
        seen: set[str] = set()
        waiting: list[Any] = [value for key, value in node.items() if key not in _OF_ANSWERS]
        while waiting and self._left > 0:
            self._left -= 1
            here = waiting.pop()
            reference = here.get("$ref") if isinstance(here, dict) else None
            if isinstance(reference, str) and reference[:2] == "#/" and reference not in seen:
                seen.add(reference)
                steps = pointers.split(reference[1:])
                yield tuple(steps)
                waiting.append(pointers.look_up(self._document, steps))
            if isinstance(here, dict | list):
                waiting += here.values() if isinstance(here, dict) else here


def _changes_calls(finding: Finding) -> bool:
    name = pointers.split(finding.pointer)[-1] if finding.pointer else ""
    if finding.code == rules.MEMBER_MISSPELT.code:
        return misspelt(name, _DESCRIBING) is None
    return finding.code == rules.VALUE_OF_WRONG_TYPE.code and name in FLAGS_LEFT_OUT


def _is_beside(pointer: str, item: str) -> bool:
    """Whether it is a member of the document itself, or of a path item beside its methods."""
    if pointer.count("/") == 1:
        return True
    name = pointer.removeprefix(f"{item}/").partition("/")[0]
    return pointer.startswith(f"{item}/") and name.lower() not in METHODS
