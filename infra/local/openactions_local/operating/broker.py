"""Where the broker is whose operator somebody at this machine is."""

import json
from pathlib import Path

from kit.operators_broker import BrokerAway


def broker_url(nats_url: str | None, data: Path) -> str:
    """The one that was named, or that of the embedded platform on this data folder."""
    if nats_url:
        return nats_url
    settings = data / "nats" / "nats.conf"
    try:
        listen = json.loads(settings.read_text())["listen"]
    except (OSError, ValueError, KeyError):
        raise BrokerAway(
            f"No embedded platform has run on {data}. Name the broker with --nats-url or "
            "OPENACTIONS_NATS_URL, or the folder with --data."
        ) from None
    return f"nats://{listen}"
