"""Which of the known names a word was meant as, where it is one slip of the pen away."""

import re
from collections.abc import Collection

_JOINTS = re.compile(r"[-_ ]")


def misspelt(word: str, known: Collection[str]) -> str | None:
    """One letter too many, missing, other or swapped with the next, or other capitals and joints;
    in words of `_LONG` letters or more, two of these.

    None where two names are as near, or the word is too short to tell. Unlike `kit.nearest`, which
    suggests: `fetch` is no misspelt `patch`.
    """
    plain = plain_name(word)
    same = [name for name in known if plain_name(name) == plain]
    if same:
        return same[0] if len(same) == 1 and same[0] != word else None
    if len(plain) < 3 or len(plain) > _LONGEST:  # noqa: PLR2004 - too short to tell
        return None
    near = [name for name in known if _is_one_away(plain, plain_name(name))]
    if not near and len(plain) >= _LONG:
        near = [name for name in known if _are_two_away(plain, plain_name(name))]
    return near[0] if len(near) == 1 else None


_LONG = 9
_LONGEST = 40


def plain_name(word: str) -> str:
    """In small letters, without hyphens, underscores and spaces."""
    return _JOINTS.sub("", word.strip()).lower()


def _is_one_away(one: str, other: str) -> bool:
    """Optimal string alignment distance 1."""
    if abs(len(one) - len(other)) > 1:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    left, right = one[head:], other[head:]
    if left[1:] == right[1:] or left[1:] == right or left == right[1:]:
        return True
    return left[:2] == right[1::-1] and left[2:] == right[2:]


def _are_two_away(one: str, other: str) -> bool:
    """The first of two slips is where the words differ first: without it, one is left."""
    if abs(len(one) - len(other)) > 2 or len(other) < _LONG:  # noqa: PLR2004 - two slips
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    left, right = one[head:], other[head:]
    rests = [(left[1:], right[1:]), (left[1:], right), (left, right[1:])]
    if left[:2] == right[1::-1]:
        rests.append((left[2:], right[2:]))
    return any(_is_one_away(*rest) for rest in rests)
