"""The flag that says whether a call asks the user first, where nobody reads it."""

from collections.abc import Iterator
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling.json_schema.keywords import meant
from schema_service.domain.compiling.path_members import is_method_key
from schema_service.domain.consent import CONSENT, is_consent, says_opposite
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.linting import rules
from schema_service.domain.misspelt import misspelt


def consequential_misspelt(node: dict[str, Any], where: tuple[str | int, ...]) -> Iterator[Finding]:
    """What an operation says of asking first, under a name that nobody reads.

    The repair is offered only for what makes calls ask: no repair takes that away.
    """
    for name, value in node.items():
        if name == CONSENT or not is_consent(name):
            continue
        asks = _asks(name, value)
        finding = rules.CONSEQUENTIAL_MISSPELT.at((*where, name), name=name, value=_shown(asks))
        if asks is not True or CONSENT in node or says_opposite(name):
            yield finding
        else:
            yield finding.repaired_by(f"Write {CONSENT}", Edit("rename", finding.pointer, CONSENT))


def consequential_misplaced(
    node: dict[str, Any], kind: str, path: tuple[str | int, ...]
) -> Iterator[Finding]:
    """The flag in any other object than an operation. From a path item it is moved to the
    operations there, under the same terms as above.
    """
    for name in [each for each in node if is_consent(each)]:
        if kind in _PLACES or name == CONSENT or misspelt(name, (CONSENT,)):
            asks = _asks(name, node[name])
            place = _PLACES.get(kind, "here")
            finding = rules.CONSEQUENTIAL_MISPLACED.at(
                (*path, name), name=name, place=place, value=_shown(asks)
            )
            yield _moved(finding, node, path) if kind == "path" and asks else finding


def _moved(finding: Finding, node: dict[str, Any], path: tuple[str | int, ...]) -> Finding:
    there = {key: node[key] for key in node if is_method_key(key, node)}
    if not there or not all(isinstance(each, dict) for each in there.values()):
        return finding
    edits = [
        Edit("add", pointers.join((*path, key, CONSENT)), value=True)
        for key, each in there.items()
        if CONSENT not in each
    ]
    return finding.repaired_by(
        "Move it to the operations of this path", *edits, Edit("remove", finding.pointer)
    )


_PLACES = {"document": "at the root of the document", "path": "beside the methods of a path"}


def _asks(name: str, value: Any) -> bool | None:
    """None where the value says neither."""
    asks = value if isinstance(value, bool) else meant("deprecated", value)
    if not isinstance(asks, bool):
        return None
    return asks is not says_opposite(name)


def _shown(asks: bool | None) -> str:  # noqa: FBT001 - what a document says
    return "true or false" if asks is None else str(asks).lower()
