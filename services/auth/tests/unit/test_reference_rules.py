"""What may be referred to: the operator's rules, and what is a name of a secret."""

from dataclasses import replace

import pytest
from auth_rig import ACT, ORIGIN, WHO, WS, Rig, client, principal
from pydantic import ValidationError
from referring_rig import (
    AWS,
    BEARER,
    KEY,
    NAME,
    PATH,
    RULES,
    VAULT,
    enter,
    entered,
    reference,
    referring_rig,
    refusal,
    rules_of,
)

from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.errors import HeaderRepeated, HeaderReserved, SecretInvalid
from auth_service.domain.reference_errors import (
    SecretNameNotAllowed,
    SecretReferenceInvalid,
    SecretReferencesOff,
)
from auth_service.domain.reference_rules import ReferenceRule, RuleInvalid
from auth_service.domain.secret_reference import SecretReference, SecretStoreName
from kit.key_ring import SecretUnreadable


@pytest.fixture
def rig():
    return referring_rig()


async def test_without_the_setting_no_reference_is_taken():
    rig = Rig()
    for secret in (VAULT, AWS):
        refused = await refusal(enter(rig, {**BEARER, "token": secret}))

        assert isinstance(refused, SecretReferencesOff)
        assert "AUTH_SECRET_REFERENCES" in refused.hint
    client_entered = client(secret=None)
    with_reference = type(client_entered)(client_entered.settings, reference(PATH))
    refused = await refusal(rig.set(WHO, ACT, with_reference, None))
    assert isinstance(refused, SecretReferencesOff)


async def test_a_store_without_a_rule_of_its_own_is_off():
    class OnlyVault(Rig):
        rules = rules_of(RULES[0])

    refused = await refusal(enter(OnlyVault(), {**BEARER, "token": AWS}))

    assert isinstance(refused, SecretReferencesOff)
    assert "AWS" in refused.sentence


FOREIGN = [
    "secret/data/openactions/ws_theirs/pets",
    f"secret/data/openactions/{WS}0/pets",
    f"secret/data/openactions/{WS}",
    f"secret/data/openactions/{WS}.pets/x",
    f"secret/metadata/openactions/{WS}/pets",
    f"kv/data/openactions/{WS}/pets",
    f"secret/data/{WS}/pets",
    "sys/raw/core/keyring",
    "auth/token/lookup-self",
    f"SECRET/data/openactions/{WS}/pets",
]


@pytest.mark.parametrize("path", FOREIGN)
async def test_a_workspace_refers_to_nothing_of_anothers_or_of_another_mount(rig, path):
    refused = await refusal(enter(rig, {**BEARER, "token": {**VAULT, "path": path}}))

    assert isinstance(refused, SecretNameNotAllowed)
    assert f"secret/data/openactions/{WS}/*" in refused.hint


async def test_the_same_of_aws(rig):
    for name in ("openactions/ws_theirs/pets", f"openactions/{WS}", f"other/{WS}/pets"):
        refused = await refusal(enter(rig, {**BEARER, "token": {**AWS, "secret_id": name}}))

        assert isinstance(refused, SecretNameNotAllowed)


TRAVERSALS = [
    f"secret/data/openactions/{WS}/../ws_theirs/pets",
    f"secret/data/openactions/{WS}/./pets",
    f"secret/data/openactions/{WS}/..",
    f"secret/data/openactions/{WS}//pets",
    f"/secret/data/openactions/{WS}/pets",
    f"secret/data/openactions/{WS}/pets/",
    f"secret/data/openactions/{WS}/..%2fws_theirs%2fpets",
    f"secret/data/openactions/{WS}/%2e%2e/ws_theirs",
    f"secret/data/openactions/{WS}/pets?version=1",
    f"secret/data/openactions/{WS}/pets#x",
    f"secret/data/openactions/{WS}\\..\\ws_theirs",
    f"secret/data/openactions/{WS}/pets\n",
    f"secret/data/openactions/{WS}/\uff50ets",
    f"secret/data/openactions/{WS}/*",
    "",
]


@pytest.mark.parametrize("path", TRAVERSALS)
async def test_what_a_store_might_read_as_another_name_is_no_name(rig, path):
    with pytest.raises(SecretReferenceInvalid):
        await enter(rig, {**BEARER, "token": {**VAULT, "path": path}})


@pytest.mark.parametrize(
    "name", ["a/../b", "arn:aws:secretsmanager:eu-central-1:1:secret:x", "a b"]
)
async def test_what_is_no_name_of_an_aws_secret_is_refused(rig, name):
    with pytest.raises(SecretReferenceInvalid):
        await enter(rig, {**BEARER, "token": {**AWS, "secret_id": name}})


@pytest.mark.parametrize(
    "entry",
    [
        "vault:secret/data/shared/*",
        "vault:secret/{workspace_id}/{workspace_id}/*",
        "vault:secret/data-{workspace_id}/*",
        "vault:secret/*/{workspace_id}",
        "vault:secret/../{workspace_id}/*",
        "vault:/secret/{workspace_id}/*",
        "vault:*",
        "vault:",
        "consul:secret/{workspace_id}/*",
        "secret/{workspace_id}/*",
        "aws_secrets_manager:openactions/{workspace_id}/*",
        "aws_secrets_manager:Europe:openactions/{workspace_id}/*",
    ],
)
def test_a_rule_by_which_two_workspaces_would_read_the_same_is_none(entry):
    with pytest.raises(RuleInvalid):
        ReferenceRule.parse(entry)


def test_a_rule_without_a_star_is_one_name_and_the_first_that_allows_says_the_region():
    rules = rules_of(
        "aws_secrets_manager:eu-west-1:one/{workspace_id}",
        "aws_secrets_manager:us-east-1:{workspace_id}/*",
    )

    def region(name):
        asked = SecretReference(SecretStoreName.AWS, name)
        return rules.for_reference(WS, asked).region

    assert (region(f"one/{WS}"), region(f"{WS}/a/b")) == ("eu-west-1", "us-east-1")
    with pytest.raises(SecretNameNotAllowed):
        region(f"one/{WS}/more")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"placement": "custom", "name": "Host", "value": VAULT}, HeaderReserved),
        (
            {
                "placement": "headers",
                "headers": [{"name": "x-a", "value": VAULT}, {"name": "X-A", "value": "b"}],
            },
            HeaderRepeated,
        ),
        ({"placement": "basic", "username": VAULT}, SecretInvalid),
    ],
)
def test_names_are_checked_when_they_are_entered(body, kind):
    with pytest.raises(kind):
        entered({**KEY, **body})


@pytest.mark.parametrize(
    "secret",
    [
        {"from": "vault", "path": PATH},
        {"from": "vault", "path": PATH, "key": "x", "version": 1},
        {"from": "azure", "path": PATH},
        {"path": PATH, "key": "x"},
        {"from": "aws_secrets_manager", "path": NAME},
        7,
        None,
    ],
)
def test_what_is_neither_text_nor_reference_is_refused(secret):
    with pytest.raises(ValidationError):
        entered({**BEARER, "token": secret})


async def test_no_reference_crosses_workspaces_by_a_sealed_copy(rig):
    """What was sealed for one workspace opens in no other."""
    await enter(rig, {**BEARER, "token": VAULT})
    theirs = principal("mem_2", "ws_theirs")
    rig.actions.workspace_id = "ws_theirs"
    rig.actions.hosts_of[ACT] = ActionHosts((ORIGIN,))
    refused = await refusal(rig.set(theirs, ACT, entered({**BEARER, "token": VAULT}), None))

    seen = await rig.store.find(WS, ACT)
    assert isinstance(refused, SecretNameNotAllowed)
    with pytest.raises(SecretUnreadable):
        await rig.keys.open(seen.records[0].sealed, replace(seen.place, workspace_id="ws_theirs"))
