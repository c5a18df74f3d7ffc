import base64
import os

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from kit.envelope import EnvelopeKeyRing
from kit.root_keys import MAX_FILE_BYTES, RootKeys, read_keys
from kit.settings import ServiceSettings


class SampleSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SAMPLE_")

    mongodb_database: str = "sample"
    keys: RootKeys


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def with_keys(keys):
    return SampleSettings(mongodb_url="mongodb://h", nats_url="nats://h", keys=keys)


def test_keys_are_read_in_order_and_the_first_one_writes():
    one, two = os.urandom(32), os.urandom(32)

    settings = with_keys(f"k2:{encoded(two)}, k1:{encoded(one)}")

    assert list(read_keys(settings.keys.get_secret_value()).items()) == [("k2", two), ("k1", one)]
    assert EnvelopeKeyRing.of(settings.keys).writing_key == "k2"


def test_keys_may_stand_in_a_file_one_a_line(tmp_path):
    one, two = os.urandom(32), os.urandom(32)
    file = tmp_path / "keys"
    file.write_text(f"k2:{encoded(two)}\nk1:{encoded(one)}\n")

    settings = with_keys(f"@{file}")
    file.unlink()  # it is read once

    assert list(read_keys(settings.keys.get_secret_value()).items()) == [("k2", two), ("k1", one)]


def test_a_root_is_read_from_the_environment_of_its_service(monkeypatch):
    for name in ("MONGODB_URL", "NATS_URL"):
        monkeypatch.setenv(f"SAMPLE_{name}", "x://h")
    monkeypatch.setenv("SAMPLE_KEYS", f"k1:{encoded(os.urandom(32))}")

    assert EnvelopeKeyRing.of(SampleSettings().keys).known_keys == {"k1"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(None, "cannot be read: No such file", id="missing"),
        pytest.param(b"", "no key", id="empty"),
        pytest.param(b"k1:hunter2", "not base64", id="malformed"),
        pytest.param(b"@/another/file", "id of its own", id="a file that names a file"),
        pytest.param("k1:schlüssel".encode(), "something else", id="not ASCII"),
        pytest.param(b"k" * (MAX_FILE_BYTES + 1), "something else", id="too large"),
    ],
)
def test_h101_a_file_without_usable_keys_stops_the_start(tmp_path, content, reason):
    file = tmp_path / "keys"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ValidationError) as refused:
        with_keys(f"@{file}")

    assert reason in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("path", ["", "/", "/no\0such"])
def test_h101_what_is_no_file_stops_the_start(path):
    with pytest.raises(ValidationError, match="cannot be read"):
        with_keys(f"@{path}")


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
        SampleSettings(mongodb_url="mongodb://h", nats_url="nats://h")
    assert "keys" in str(refused.value)
