"""A broker and a database of a test's own, to be started, killed and started again."""

from openactions_local.servers import free_port, mongodb_server, nats_server


def servers_in(folder):
    """Both, not started, and their URLs."""
    ports = [free_port(), free_port()]
    children = [
        nats_server(folder / "nats", ports[0]),
        mongodb_server(folder / "mongodb", ports[1]),
    ]
    return children, f"nats://127.0.0.1:{ports[0]}", f"mongodb://127.0.0.1:{ports[1]}"
