"""H101: a default, short or example secret ends a production start with a sentence; H102."""

import base64
import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.security, pytest.mark.timeout(90)]

STRONG = "mongodb://policy:8f1c0a97d2e64b53@127.0.0.1:1/policy"
NATS = "nats://policy:5b60c1f29ad84e37@127.0.0.1:1"


def ended(service, shared=None, /, **settings):
    prefix = service.upper()
    return subprocess.run(
        [sys.executable, "-m", f"{service}_service"],
        env={f"{prefix}_MONGODB_URL": STRONG, f"{prefix}_NATS_URL": NATS, **(shared or {})}
        | {f"{prefix}_{name}": value for name, value in settings.items()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def key(raw):
    return f"k1:{base64.b64encode(raw).decode()}"


@pytest.mark.parametrize(
    ("service", "name", "value", "reason"),
    [
        ("auth", "KEYS", key(bytes(32)), "repeats itself"),
        ("auth", "KEYS", key(b"short"), "5 bytes long"),
        ("auth", "KEYS", key(b"change-me-before-production!12:)"), "is text"),
        ("identity", "OPERATOR_TOKEN", "changeme", "must have at least 32 characters"),
        ("identity", "OPERATOR_TOKEN", "0123" * 10, "repeats itself"),
        ("identity", "OPERATOR_TOKEN", "change-me-0123456789abcdefghijklmnop", "is an example"),
        ("policy", "MONGODB_URL", "mongodb://policy:changeme@db:27017/policy", "example password"),
        ("policy", "MONGODB_URL", "mongodb://policy:policy@a:1,b:2/policy", "example password"),
        ("identity", "OPERATOR_NATS_URL", "nats://operator:change-me@b:4222", "example password"),
        ("policy", "NATS_URL", f"{NATS},nats://policy:secret@b:4222", "example password"),
    ],
)
def test_h101_a_weak_secret_ends_a_production_start_with_a_sentence(service, name, value, reason):
    stopped = ended(service, **{name: value})

    assert stopped.returncode == 1
    assert reason in stopped.stderr
    assert "Traceback" not in stopped.stderr
    secret = value.rpartition("@")[0].rpartition(":")[2] if "@" in value else value
    assert f":{secret}" not in stopped.stderr
    assert value not in stopped.stderr


@pytest.mark.parametrize("service", ["execution", "schema"])
def test_h101_without_a_store_for_blobs_or_with_an_example_key_nothing_starts(service):
    given = {
        "BLOBS_URL": "s3://blobs",
        "BLOBS_ACCESS_KEY_ID": "minioadmin",
        "BLOBS_SECRET_ACCESS_KEY": "minioadmin",
    }
    for blobs, reason in (({}, "BLOBS_URL: Field required"), (given, "is an example")):
        stopped = ended(service, blobs, KEYS=key(os.urandom(32)))

        assert stopped.returncode == 1
        assert reason in stopped.stderr
        assert "Traceback" not in stopped.stderr
        assert "minioadmin" not in stopped.stderr
