from datetime import timedelta

KEPT_FOR = timedelta(minutes=5)
"""After it expired: replicas' clocks differ, and none may find it gone too early."""
