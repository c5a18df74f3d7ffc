"""Headers that the platform adds to every call, unless the operation already sets them."""

from collections.abc import Sequence

USER_AGENT = "OpenActions/0.1.0"
DEFAULT_ACCEPT = "application/json, text/*;q=0.9, */*;q=0.1"


def platform_headers(gpt_id: str, own: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names are lower-case; `openai-gpt-id` lets one backend serve several GPTs, as before."""
    added = [("user-agent", USER_AGENT), ("openai-gpt-id", gpt_id)]
    if not any(name.lower() == "accept" for name, _ in own):
        added.append(("accept", DEFAULT_ACCEPT))
    return added
