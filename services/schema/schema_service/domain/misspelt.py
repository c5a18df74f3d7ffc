"""Which of the known names a word was meant as, where it is one slip of the pen away."""

import re
from collections.abc import Collection

_JOINTS = re.compile(r"[-_ ]")


def misspelt(word: str, known: Collection[str]) -> str | None:
    """One letter too many, missing, other or swapped with the next, or other capitals and joints;
    None where two names are as near, or the word is too short to tell.

    Unlike `kit.nearest`, which suggests: `fetch` is no misspelt `patch`.
    """
    plain = _plain(word)
    same = [name for name in known if _plain(name) == plain]
    if same:
        return same[0] if len(same) == 1 and same[0] != word else None
    if len(plain) < 3 or len(plain) > _LONGEST:  # noqa: PLR2004 - too short to tell
        return None
    near = [name for name in known if _is_one_away(plain, _plain(name))]
    return near[0] if len(near) == 1 else None


_LONGEST = 40


def _plain(word: str) -> str:
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
