"""Safe when misconfigured: unset, empty and unparsable all mean that nothing starts."""

import pytest
from pydantic import Field, ValidationError
from pydantic_settings import SettingsConfigDict

from kit.blob_settings import BlobsSettings
from kit.service import main, what_to_set
from kit.settings import Environment, ServiceSettings, refusals_of

SET = {"mongodb_url": "mongodb://u:hunter2@db", "mongodb_database": "x", "nats_url": "nats://n"}


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="NOBODY_SETS_THIS_")


def test_what_is_set_is_enough_and_means_production():
    settings = Settings(**SET)

    assert settings.environment is Environment.PRODUCTION
    assert settings.host == "127.0.0.1"
    assert settings.stream_replicas == 3


@pytest.mark.parametrize("unset", sorted(SET))
def test_nothing_starts_without_its_database_and_its_broker(unset):
    with pytest.raises(ValidationError, match=unset):
        Settings(**{name: value for name, value in SET.items() if name != unset})


@pytest.mark.parametrize("empty", ["mongodb_url", "mongodb_database", "nats_url"])
def test_empty_is_as_good_as_unset(empty):
    with pytest.raises(ValidationError, match=empty):
        Settings(**{**SET, empty: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("environment", "prod"),
        ("port", "eighty"),
        ("port", 70_000),
        ("stream_replicas", 0),
        ("log_format", "xml"),
        ("max_body_bytes", 0),
        ("shutdown_grace_seconds", 0),
        ("redelivery_seconds", [1, -1]),
        ("redelivery_seconds", []),
    ],
)
def test_what_cannot_be_meant_stops_the_process(name, value):
    with pytest.raises(ValidationError, match=name):
        Settings(**{**SET, name: value})


def test_neither_a_repr_nor_a_refusal_shows_what_was_set():
    assert "hunter2" not in repr(Settings(**SET))
    with pytest.raises(ValidationError) as refused:
        Settings(**{**SET, "port": "hunter3"})
    assert "hunter" not in str(refused.value)


def test_a_refusal_names_the_streams_variables_as_they_are_set(monkeypatch):
    monkeypatch.setenv("STREAMS_FACTS_KEEP_DAYS", "thirty")

    with pytest.raises(ValidationError) as refused:
        Settings(**SET)

    assert "STREAMS_FACTS_KEEP_DAYS" in what_to_set(refused.value)


def test_a_list_that_is_no_json_ends_the_start_in_one_sentence(monkeypatch):
    monkeypatch.setenv("NOBODY_SETS_THIS_REDELIVERY_SECONDS", "1,5")

    with pytest.raises(SystemExit) as ended:
        main(Settings, build=lambda _: pytest.fail("it was built"))

    assert ended.value.code == (
        "This service does not start: NOBODY_SETS_THIS_REDELIVERY_SECONDS: "
        "Input should be valid JSON."
    )


def test_a_wrong_item_of_a_list_is_told_by_the_name_of_the_setting(monkeypatch):
    monkeypatch.setenv("NOBODY_SETS_THIS_REDELIVERY_SECONDS", "[1,-5]")

    with pytest.raises(ValidationError) as refused:
        Settings(**SET)

    assert "REDELIVERY_SECONDS: " in what_to_set(refused.value)


def test_settings_do_not_change_while_a_service_runs():
    with pytest.raises(ValidationError, match="frozen"):
        Settings(**SET).port = 1


class WithBlobs(Settings):
    blobs: BlobsSettings = Field(default_factory=BlobsSettings)


def test_all_that_is_missing_is_named_at_once_also_of_what_services_share():
    said = what_to_set(*refusals_of(WithBlobs))

    assert "BLOBS_URL: Field required" in said
    assert "WITHBLOBS_MONGODB_URL: Field required" in said
