"""Who operates the installation in these tests."""

OPERATOR_TOKEN = "5d0c9e1ab7f24386" * 2


def bearer(token):
    return {"authorization": f"Bearer {token}"}
