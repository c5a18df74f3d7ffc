from collections.abc import Callable
from typing import Protocol, TypeVar

from contracts.fact import Fact
from contracts.ids import WorkspaceId
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


class Revised(Protocol):
    @property
    def revision(self) -> int: ...


T = TypeVar("T", bound=Revised)
F_contra = TypeVar("F_contra", bound=Fact, contravariant=True)


class Store(Protocol[T, F_contra]):
    """`ports.RuleStore` and `ports.SettingsStore`."""

    async def in_force(self, workspace_id: WorkspaceId) -> T: ...

    async def replace(self, seen: T, changed: T, fact: F_contra, /) -> None: ...

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None: ...


@repeats_on_contention
async def change_in_force(
    store: Store[T, F_contra],
    fact: type[F_contra],
    workspace_id: WorkspaceId,
    change: Callable[[T], T],
    expected_revision: int | None,
) -> T:
    """Commit what `change` makes of what is in force, with its fact; return it.

    Where `change` changes nothing it succeeds, whatever revision was expected (RFC 9110, 13.1.1),
    once that is in force. `ChangedMeanwhile` where another revision was expected.
    """
    seen = await store.in_force(workspace_id)
    changed = change(seen)
    if changed is seen:
        await store.ensure_in_force(workspace_id)
        return seen
    if expected_revision not in (None, seen.revision):
        raise ChangedMeanwhile
    about = fact(workspace_id=workspace_id, revision=changed.revision)
    await store.replace(seen, changed, about)
    return changed
