"""How much an embedded platform's broker keeps."""

from kit.sizes import MIB
from kit.streams import StreamSettings
from openactions_local.load_settings import load_settings

EMBEDDED_LIMITS = {
    "facts_max_bytes": 128 * MIB,
    "invocations_max_bytes": 512 * MIB,
    "dead_letters_max_bytes": 128 * MIB,
}


def embedded_streams() -> StreamSettings:
    """A developer's disk reserves less than a cluster's; what is set in the environment wins."""
    named = load_settings(StreamSettings).model_dump(exclude_unset=True)
    return load_settings(StreamSettings, EMBEDDED_LIMITS | named)
