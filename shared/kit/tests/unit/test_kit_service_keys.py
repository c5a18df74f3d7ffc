"""Which keys a service writes under, by its settings; and what stops its start."""

import base64
import os

import pytest
from pydantic import SecretStr, ValidationError

from kit import mongo
from kit.key_services.settings import KeysSettings, KeysUnusable
from kit.outbox import Outbox
from kit.root_keys import KeyOfService, KeyService, read_keys, read_roots
from kit.service_keys import Stored, service_keys
from shared.kit.tests.kit_fakes import Publisher

HELD = f"k1:{base64.b64encode(os.urandom(32)).decode()}"
ARN = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000"
VAULT = {"vault_url": "https://vault.example.com:8200", "vault_token": "hvs.of-the-operator"}
AWS = {"aws_access_key_id": "AKIA", "aws_secret_access_key": "of-the-operator"}


class Dialled:
    """`Dial` that notes its arguments."""

    def __init__(self, urls, **more):
        self.urls, self.more = urls, more


@pytest.fixture
def made():
    client = mongo.connect("mongodb://nobody.invalid")

    def make(keys, **settings):
        stored = Stored("auth", client["auth"], Outbox("auth", Publisher()))
        return service_keys(stored, SecretStr(keys), KeysSettings(**settings), Dialled)

    yield make
    client.close()


@pytest.mark.parametrize(
    ("keys", "settings", "writing"),
    [
        (HELD, {}, "k1"),
        (HELD, {"per_workspace": True}, "workspace/k1"),
        (f"{HELD},k2:vault-transit:root", VAULT, "k1"),
        (f"k2:vault-transit:root,{HELD}", VAULT, "workspace/k2"),
        (f"k3:aws-kms:{ARN}", AWS, "workspace/k3"),
    ],
    ids=["held", "of workspaces", "held first", "Vault first", "AWS"],
)
def test_f41_what_the_release_before_reads_is_written_until_the_operator_says_more(
    made, keys, settings, writing
):
    assert made(keys, **settings).ring.writing_key == writing


def test_every_root_is_read_in_both_forms_where_it_has_both(made):
    ring = made(f"k2:vault-transit:root,{HELD}", **VAULT).ring

    assert ring.known_keys == {"k1", "workspace/k1", "workspace/k2"}


def test_the_way_out_leads_to_the_named_key_services_alone(made):
    both = made(f"k2:vault-transit:root,k3:aws-kms:{ARN},{HELD}", **VAULT, **AWS)

    assert both.exchange.urls == [
        "https://kms.eu-central-1.amazonaws.com",
        "https://vault.example.com:8200",
    ]
    assert made(HELD, **VAULT).exchange is None


@pytest.mark.parametrize(
    ("keys", "settings", "missing"),
    [
        ("k2:vault-transit:root", {}, "KEYS_VAULT_URL"),
        ("k2:vault-transit:root", {"vault_url": VAULT["vault_url"]}, "KEYS_VAULT_TOKEN"),
        (
            "k2:vault-transit:root",
            {"vault_url": VAULT["vault_url"], "vault_token": "@/no/such/file"},
            "KEYS_VAULT_TOKEN",
        ),
        (f"k3:aws-kms:{ARN}", {}, "KEYS_AWS_ACCESS_KEY_ID"),
        (f"k3:aws-kms:{ARN}", {"aws_access_key_id": "AKIA"}, "KEYS_AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_h101_a_key_service_that_cannot_be_reached_stops_the_start(made, keys, settings, missing):
    with pytest.raises(KeysUnusable, match=missing):
        made(keys, **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"vault_url": "vault.example.com"},
        {"vault_url": "https://vault.example.com/v1"},
        {"vault_url": "https://user:password@vault.example.com"},
        {"vault_mount": "../sys"},
        {"vault_token": "root"},
        {"aws_secret_access_key": "change-me"},
        {"aws_endpoint": "ftp://kms"},
    ],
)
def test_h101_malformed_settings_and_examples_stop_the_start(settings):
    with pytest.raises(ValidationError) as refused:
        KeysSettings(**settings)
    assert "password" not in str(refused.value)


def test_keys_of_services_are_named_beside_those_that_the_settings_hold():
    keys = f"k3:aws-kms:{ARN},k2:vault-transit:root,{HELD}"

    assert list(read_roots(keys)) == ["k3", "k2", "k1"]
    assert read_roots(keys)["k3"] == KeyOfService(KeyService.AWS_KMS, ARN)
    assert list(read_keys(keys)) == ["k1"]


@pytest.mark.parametrize(
    "key",
    [
        "vault-transit:",
        "vault-transit:a/b",
        "vault-transit:..",
        "aws-kms:alias/mine",
        "aws-kms:arn:aws:s3:eu-central-1:123456789012:key/x",
        f"aws-kms:{ARN}/../x",
        "gcp-kms:projects",
    ],
)
def test_h101_a_malformed_name_of_a_key_is_refused(key):
    with pytest.raises(ValueError, match="k2"):
        read_roots(f"k2:{key}")


def test_no_more_keys_are_read_than_a_workspace_may_have():
    with pytest.raises(ValueError, match="more than 16"):
        read_roots(",".join(f"k{number}:vault-transit:root" for number in range(17)))
