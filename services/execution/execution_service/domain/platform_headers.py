"""Headers that the platform adds to every call, unless the operation already sets them."""

from collections.abc import Sequence

from contracts.wire import is_media_type

USER_AGENT = "OpenActions/0.1.0"
_DEFAULTS = ("application/json", "text/*;q=0.9", "*/*;q=0.1")
DEFAULT_ACCEPT = ", ".join(_DEFAULTS)


MAX_ACCEPTED = 10
"""Media types of answers that are named; what else comes is taken too."""
MAX_CHOSEN = 100
"""Of which a caller may choose one."""


def declared(media_types: Sequence[str]) -> tuple[str, ...]:
    """Those of an operation's answers that can be asked for, each once. JSON is always the first of
    them, since models read it best; otherwise they keep the document's order.
    """
    usable = [each for each in dict.fromkeys(media_types) if is_media_type(each)]
    usable = [each for each in usable if each.isprintable() and each != "*/*"]
    return tuple(sorted(usable, key=lambda each: "json" not in each.lower())[:MAX_CHOSEN])


def accept_of(answer_types: Sequence[str]) -> str:
    """The first of those that are declared, then the platform's."""
    named = answer_types[:MAX_ACCEPTED]
    others = [each for each in _DEFAULTS if each not in named]
    return ", ".join([*named, *others])


def platform_headers(
    gpt_id: str, own: Sequence[tuple[str, str]], accept: str = DEFAULT_ACCEPT
) -> list[tuple[str, str]]:
    """Names are lower-case; `openai-gpt-id` lets one backend serve several GPTs, as before."""
    added = [("user-agent", USER_AGENT), ("openai-gpt-id", gpt_id)]
    if not any(name.lower() == "accept" for name, _ in own):
        added.append(("accept", accept))
    return added
