import sys

BLOCK = """
  Your owner token. It is shown this once and stored nowhere; keep it safe.

    {token}

"""
LINK_BLOCK = """
  Sign in (once, within 10 minutes):

    {link}

"""


def announce_on_stdout(token: str) -> None:
    """Past the logs, which are shipped elsewhere and would redact it."""
    _write(BLOCK.format(token=token))


def announce_link_on_stdout(link: str) -> None:
    """As above."""
    _write(LINK_BLOCK.format(link=link))


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
