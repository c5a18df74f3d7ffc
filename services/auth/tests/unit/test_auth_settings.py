import base64
import os

import pytest
from pydantic import ValidationError

from auth_service.adapters.envelope import read_keys
from auth_service.settings import AuthSettings


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def with_keys(keys):
    return AuthSettings(mongodb_url="mongodb://h", nats_url="nats://h", keys=keys)


def test_keys_are_read_in_order_and_the_first_one_writes():
    one, two = os.urandom(32), os.urandom(32)

    settings = with_keys(f"k2:{encoded(two)}, k1:{encoded(one)}")

    assert list(read_keys(settings.keys.get_secret_value()).items()) == [("k2", two), ("k1", one)]


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        pytest.param("", "no key", id="empty"),
        pytest.param(" , ", "no key", id="only commas"),
        pytest.param("k1:", "0 bytes long", id="nothing behind the id"),
        pytest.param(f"k1:{encoded(os.urandom(16))}", "16 bytes long", id="short"),
        pytest.param(f"k1:{encoded(os.urandom(33))}", "33 bytes long", id="long"),
        pytest.param(f"k1:{encoded(bytes(32))}", "repeats itself", id="zeros"),
        pytest.param(f"k1:{encoded(b'abcdefgh' * 4)}", "repeats itself", id="pattern"),
        pytest.param(f"k1:{encoded(bytes(range(32)))}", "is a sequence", id="sequence"),
        pytest.param(
            f"k1:{encoded(b'change-me-before-production!12:)')}", "is text", id="a sentence"
        ),
        pytest.param("k1:not/base64!", "not base64", id="not base64"),
        pytest.param(encoded(os.urandom(32)), "id of its own", id="no id"),
        pytest.param(os.urandom(32).hex(), "id of its own", id="a bare key in hex"),
        pytest.param(f"k|1:{encoded(os.urandom(32))}", "id of its own", id="bar in the id"),
        pytest.param(
            f"k1:{encoded(os.urandom(32))},k1:{encoded(os.urandom(32))}",
            "id of its own",
            id="one id twice",
        ),
    ],
)
def test_h101_a_key_that_is_missing_weak_or_an_example_stops_the_start(keys, reason):
    with pytest.raises(ValidationError) as refused:
        with_keys(keys)
    assert reason in str(refused.value)
    for secret in filter(None, (part.rpartition(":")[2].strip() for part in keys.split(","))):
        assert secret not in str(refused.value)


def test_there_is_no_default_key():
    with pytest.raises(ValidationError) as refused:
        AuthSettings(mongodb_url="mongodb://h", nats_url="nats://h")
    assert "keys" in str(refused.value)


def test_a_replica_may_keep_a_credential_for_a_minute_at_most():
    with pytest.raises(ValidationError):
        AuthSettings(
            mongodb_url="mongodb://h",
            nats_url="nats://h",
            keys=f"k1:{encoded(os.urandom(32))}",
            release_seconds=61,
        )
