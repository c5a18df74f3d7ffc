from datetime import UTC, datetime


def system_clock() -> datetime:
    """To the millisecond, as MongoDB keeps time: what is answered now is what is read later."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1_000 * 1_000)
