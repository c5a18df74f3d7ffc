import sys

BLOCK = """
  Your owner token. It is shown this once and stored nowhere; keep it safe.

    {token}

"""


def announce_on_stdout(token: str) -> None:
    """Past the logs, which are shipped elsewhere and would redact it."""
    sys.stdout.write(BLOCK.format(token=token))
    sys.stdout.flush()
