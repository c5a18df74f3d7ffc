"""Secrets read by reference, over the network: Vault's KV engine against a double (no real Vault
was ever asked), AWS Secrets Manager against moto.
"""

import json

import pytest
from vault_served import vault_served

from auth_service.adapters.operator_secrets import endpoint_of, operator_secrets
from auth_service.domain.reference_errors import SecretNotFound, SecretStoreUnavailable
from auth_service.domain.reference_rules import ReferenceRule, ReferenceRules
from auth_service.domain.secret_reference import SecretStoreName
from egress import OperatorEgress
from kit.key_services.settings import KeysSettings, KeysUnusable
from openactions_local.servers import LOOPBACK, free_port
from tests.peers.moto_up import asked_by_boto, moto

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
VAULT, AWS = SecretStoreName.VAULT, SecretStoreName.AWS
VAULT_RULE = "vault:secret/data/{workspace_id}/*"
REGION = "eu-central-1"
AWS_RULE = f"aws_secrets_manager:{REGION}:openactions/{{workspace_id}}/*"
PATH, NAME = "secret/data/ws_1/pets", "openactions/ws_1/pets"
KEYS_OF_AWS = {"aws_access_key_id": "AKIAOPERATOR", "aws_secret_access_key": "of-the-operator"}


def rules_of(*entries):
    return ReferenceRules(tuple(map(ReferenceRule.parse, entries)))


@pytest.fixture(scope="module")
def served():
    with vault_served() as vault:
        yield vault


@pytest.fixture
def vault(served):
    served.secrets, served.forbidden, served.asked = {}, set(), []
    served.status, served.raw = 0, None
    return served


@pytest.fixture
async def stores_of():
    """What reads by these rules and settings, started."""
    started = []

    async def make(rule, settings):
        stores = operator_secrets(rules_of(rule), settings, OperatorEgress)
        await stores.start()
        started.append(stores)
        return stores

    yield make
    for stores in started:
        await stores.close()


@pytest.mark.parametrize(
    "data",
    [
        {"data": {"token": "canary"}, "metadata": {"version": 3}},
        {"token": "canary"},
        {"token": "canary", "data": "of version 1"},
    ],
    ids=["version 2", "version 1", "version 1 with a member that is called data"],
)
async def test_a_secret_of_vault_is_read_by_a_get_with_token_and_namespace(vault, stores_of, data):
    vault.secrets[PATH] = data
    stores = await stores_of(VAULT_RULE, vault.settings(vault_namespace="team/a"))

    secret = await stores.read(VAULT, PATH, "")

    assert secret.text("token").reveal() == "canary"
    [(path, headers)] = vault.asked
    assert path == f"/v1/{PATH}"
    assert headers["x-vault-token"] == vault.token
    assert (headers["x-vault-request"], headers["x-vault-namespace"]) == ("true", "team/a")


@pytest.mark.parametrize("secrets", [{}, {PATH: None}], ids=["never there", "deleted"])
async def test_what_vault_has_not_is_not_found(vault, stores_of, secrets):
    vault.secrets = secrets
    stores = await stores_of(VAULT_RULE, vault.settings())

    with pytest.raises(SecretNotFound):
        await stores.read(VAULT, PATH, "")


JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "raw",
    [
        (503, JSON, b'{"errors": ["Vault is sealed"]}'),
        (403, JSON, b'{"errors": ["permission denied"]}'),
        (307, {"location": "http://169.254.169.254/"}, b""),
        (200, {"content-type": "text/html"}, b"<html>"),
        (200, JSON, b"[]"),
        (200, JSON, json.dumps({"data": {"token": "x" * 100_000}}).encode()),
    ],
    ids=["sealed", "forbidden", "redirect", "HTML", "a list", "too large"],
)
async def test_an_answer_without_a_secret_is_a_store_that_is_away(vault, stores_of, raw):
    vault.raw = raw
    stores = await stores_of(VAULT_RULE, vault.settings())

    with pytest.raises(SecretStoreUnavailable):
        await stores.read(VAULT, PATH, "")


async def test_one_secret_that_may_not_be_read_keeps_nobody_else_from_theirs(vault, stores_of):
    """A workspace's own mistake holds up no other one."""
    vault.secrets[PATH] = {"token": "canary"}
    vault.forbidden.add("secret/data/ws_2/x")
    stores = await stores_of(VAULT_RULE, vault.settings())
    with pytest.raises(SecretStoreUnavailable):
        await stores.read(VAULT, "secret/data/ws_2/x", "")

    assert (await stores.read(VAULT, PATH, "")).text("token") is not None


async def test_a_store_that_is_silent_or_gone_is_away(stores_of):
    nobody = f"http://{LOOPBACK}:{free_port()}"
    gone = KeysSettings(vault_url=nobody, vault_token="hvs.x", allowed_origins=nobody)
    with vault_served() as vault:
        vault.may_answer.clear()
        for settings in (gone, vault.settings(seconds=0.2)):
            stores = await stores_of(VAULT_RULE, settings)
            with pytest.raises(SecretStoreUnavailable):
                await stores.read(VAULT, PATH, "")


async def test_a_token_whose_file_is_gone_is_a_store_that_is_away(vault, stores_of, tmp_path):
    file = tmp_path / "token"
    file.write_text(vault.token)
    stores = await stores_of(VAULT_RULE, vault.settings(vault_token=f"@{file}"))
    file.unlink()

    with pytest.raises(SecretStoreUnavailable):
        await stores.read(VAULT, PATH, "")
    assert vault.asked == []


@pytest.fixture(scope="module")
def aws():
    with moto() as port:
        yield port


def settings_of(port):
    url = f"http://{LOOPBACK}:{port}"
    return KeysSettings(aws_endpoint=url, allowed_origins=url, **KEYS_OF_AWS)


def made(port, name, **content):
    asked_by_boto(port, "create_secret", service="secretsmanager", Name=name, **content)


async def test_a_secret_of_aws_is_read_as_text_and_as_a_member_of_json(aws, stores_of):
    made(aws, NAME, SecretString='{"token": "canary", "port": 1}')
    made(aws, f"{NAME}-text", SecretString="canary")
    stores = await stores_of(AWS_RULE, settings_of(aws))

    members, text = (
        await stores.read(AWS, NAME, REGION),
        await stores.read(AWS, f"{NAME}-text", REGION),
    )

    assert members.text("token").reveal() == text.text("").reveal() == "canary"
    assert (members.text("port"), text.text("token")) == (None, None)


async def test_what_aws_has_not_or_deletes_is_not_found(aws, stores_of):
    deleted = f"{NAME}-deleted"
    made(aws, deleted, SecretString="canary")
    asked_by_boto(aws, "delete_secret", service="secretsmanager", SecretId=deleted)
    stores = await stores_of(AWS_RULE, settings_of(aws))

    for name in (f"{NAME}-absent", deleted):
        with pytest.raises(SecretNotFound):
            await stores.read(AWS, name, REGION)


async def test_a_binary_secret_of_aws_has_no_text(aws, stores_of):
    made(aws, f"{NAME}-binary", SecretBinary="Y2FuYXJ5")
    stores = await stores_of(AWS_RULE, settings_of(aws))

    assert (await stores.read(AWS, f"{NAME}-binary", REGION)).text("") is None


async def test_aws_that_does_not_answer_is_away(stores_of):
    stores = await stores_of(AWS_RULE, settings_of(free_port()))

    with pytest.raises(SecretStoreUnavailable):
        await stores.read(AWS, NAME, REGION)


@pytest.mark.parametrize(
    ("rule", "settings", "said"),
    [
        (VAULT_RULE, {}, "KEYS_VAULT_URL"),
        (VAULT_RULE, {"vault_url": "https://vault.example.com:8200"}, "KEYS_VAULT_TOKEN"),
        (VAULT_RULE, {"vault_url": "http://10.1.2.3", "vault_token": "hvs.x"}, "KEYS_"),
        (AWS_RULE, {"aws_access_key_id": "AKIAOPERATOR"}, "KEYS_AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_rules_of_a_store_that_cannot_be_reached_stop_the_start(rule, settings, said):
    with pytest.raises(KeysUnusable, match=said):
        operator_secrets(rules_of(rule), KeysSettings(**settings), OperatorEgress)


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (REGION, "https://secretsmanager.eu-central-1.amazonaws.com"),
        ("cn-north-1", "https://secretsmanager.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_secrets_of_aws_are_asked_for_in_the_region_of_their_rule(region, expected):
    assert endpoint_of(region, KeysSettings()) == expected
