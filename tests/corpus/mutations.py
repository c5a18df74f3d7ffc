"""Documents with a few values gone, or others in their place; the same ones for the same seed."""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.corpus.needs import Steps, Tree, found_at

MOST = 3
OTHERS: tuple[Any, ...] = (None, {}, [], "", "x", 0, True, "https://api.acme.dev", ["x"], {"a": {}})


def mutated(document: Tree, random: Random) -> bytes:
    changed = copy.deepcopy(document)
    places = [*_places(changed)]
    for _ in range(random.randint(1, MOST)):
        steps = random.choice(places)
        parent = found_at(changed, steps[:-1], None)
        if found_at(changed, steps, None) is not None:
            random.choice((_removed, _replaced, _renamed, _taken_from))(
                parent, steps[-1], random, found_at(changed, random.choice(places), None)
            )
    return json.dumps(changed).encode()


def _places(tree: Any, steps: Steps = ()) -> Iterator[Steps]:
    if steps:
        yield steps
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _places(value, (*steps, key))


def _removed(parent: Any, step: Any, _random: Random, _other: Any) -> None:
    del parent[step]


def _replaced(parent: Any, step: Any, random: Random, _other: Any) -> None:
    parent[step] = copy.deepcopy(random.choice(OTHERS))


def _renamed(parent: Any, step: Any, random: Random, other: Any) -> None:
    if isinstance(parent, dict):
        name = other if isinstance(other, str) else random.choice((f"{step} ", "x-a", step.title()))
        parent[name] = parent.pop(step)


def _taken_from(parent: Any, step: Any, _random: Random, other: Any) -> None:
    """What stands elsewhere in the document."""
    parent[step] = copy.deepcopy(other)
