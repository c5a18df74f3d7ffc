"""The chassis of every service: what all of them do, done once."""

import sys

# The MongoDB driver prefers PyOpenSSL, which no service installs, to Python's own ssl. To find that
# out it would import 7 MB of cryptography; where `sys.modules` has None for it, it does not.
sys.modules.setdefault("pymongo.pyopenssl_context", None)  # type: ignore[arg-type]
