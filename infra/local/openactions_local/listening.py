"""The port that the platform listens on, taken before anything is loaded or started."""

import errno
import socket  # noqa: TID251 - to take the port, never to dial out

from openactions_local.errors import StartFailed
from openactions_local.servers import LOOPBACK

DEFAULT_PORT = 8080
BACKLOG = 2048


class PortTaken(StartFailed):
    """The port cannot be listened on; the sentence says why."""


def listen(wanted: int | None) -> socket.socket:
    """Listen on the wanted port, or refuse; without one on 8080, or another if that is taken.

    A port that is only bound can be bound by another process, too.
    """
    for port in [wanted] if wanted is not None else [DEFAULT_PORT, 0]:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
            listener.listen(BACKLOG)
        except OSError as error:
            listener.close()
            failed = error
        else:
            return listener
    why = "is taken" if failed.errno == errno.EADDRINUSE else f"cannot be used: {failed.strerror}"
    raise PortTaken(f"Port {wanted} {why}. Choose another with --port, or leave it out.")


def check_demo_port(port: int) -> None:
    """Raises `PortTaken` where the demo API could not listen."""
    listen_for_demo(port).close()


def listen_for_demo(port: int) -> socket.socket:
    """Raises `PortTaken` where the demo API cannot listen."""
    try:
        return listen(port)
    except PortTaken:
        raise PortTaken(
            f"Port {port}, of the demo API, is taken. Choose another with --demo-port."
        ) from None
