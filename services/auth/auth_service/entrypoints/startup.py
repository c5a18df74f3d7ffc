"""What happens once at each start, beside the service's work: records move to the newest key."""

from prometheus_client import Gauge

from auth_service.usecases.rewrap_credentials import RewrapCredentials
from kit import logs

log = logs.logger("auth.startup")
stuck = Gauge(
    "openactions_auth_secrets_stuck",
    "Stored secrets that could not be brought under the newest key, by why",
    ["reason"],
)


async def bring_under_the_newest_key(rewrap_credentials: RewrapCredentials) -> None:
    """Alarms for what no configured key opens; nothing of it is overwritten."""
    done = await rewrap_credentials()
    stuck.labels("unreadable").set(done.unreadable)
    stuck.labels("unknown_key").set(done.of_unknown_keys.total())
    for key_id, records in done.of_unknown_keys.items():
        log.critical("encryption_key_missing", key_id=key_id, records=records)
    log.info("secrets_rewrapped", rewrapped=done.rewrapped, unreadable=done.unreadable)
