"""Names that a request has and a route does not know: refused, with the nearest that there is."""

from collections.abc import Collection
from difflib import get_close_matches

from kit.errors import MAX_SHOWN

ALIKE = 0.6
"""`difflib`'s own default: `examples` and `example` are alike, `x` and `limit` are not."""
MAX_LISTED = 12


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that one most probably meant."""
    found = get_close_matches(name[:MAX_SHOWN], sorted(known), n=1, cutoff=ALIKE)
    return found[0] if found else None


def no_such(kind: str, name: str, known: Collection[str]) -> str:
    """A sentence, such as: There is no field `examples`; did you mean `example`?"""
    sentence = f"There is no {kind} `{name[:MAX_SHOWN]}`"
    if (meant := nearest(name, known)) is not None:
        return f"{sentence}; did you mean `{meant}`?"
    if not known:
        return f"{sentence}; there are none here."
    listed = ", ".join(f"`{each}`" for each in sorted(known)[:MAX_LISTED])
    return f"{sentence}; there are {listed}{' and others' if len(known) > MAX_LISTED else ''}."
