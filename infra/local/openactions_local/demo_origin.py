"""Where the demo API is: under a name that nobody can own (RFC 2606); no DNS server is asked."""

HOST = "demo-api.example.com"
PORT = 8199
DOMAIN = "example.com"


def origin(port: int = PORT) -> str:
    return f"http://{HOST}:{port}"


def allowed_origin(port: int = PORT) -> str:
    """The entry of `EGRESS_ALLOWED_ORIGINS` that allows the demo API, and only it, on loopback."""
    return f"{origin(port)}=127.0.0.1"
