"""The command's first lines: Ctrl-C while the rest is loaded ends it without a traceback."""

import sys
from time import monotonic

STARTED = monotonic()
"""When the command began."""
INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""


def main() -> None:
    try:
        from openactions.cli import main as run  # noqa: PLC0415 - it takes a while

        run()
    except KeyboardInterrupt:
        sys.stderr.write("\nopenactions: interrupted.\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
