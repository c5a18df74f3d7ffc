"""For workspaces of tests and benches, which call more often than people and agents do."""

NO_QUOTAS = {"calls_per_minute": None, "calls_per_minute_per_member": None}
"""A PATCH of `/v1/settings`."""
