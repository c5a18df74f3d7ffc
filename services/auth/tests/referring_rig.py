"""The use cases around references, as `auth_rig` has them, and what tests enter."""

import json

import pytest
from auth_rig import ACT, WHO, WS, Rig
from pydantic import TypeAdapter

from auth_service.domain.reference_rules import ReferenceRule, ReferenceRules
from auth_service.domain.secret_reference import SecretReference, SecretStoreName
from auth_service.entrypoints.bodies import CredentialBody
from contracts.errors import PlatformError

FORMS = TypeAdapter(CredentialBody)
PATH = f"secret/data/openactions/{WS}/pets"
NAME = f"openactions/{WS}/pets"
RULES = (
    "vault:secret/data/openactions/{workspace_id}/*",
    "aws_secrets_manager:eu-central-1:openactions/{workspace_id}/*",
)
VAULT = {"from": "vault", "path": PATH, "key": "token"}
AWS = {"from": "aws_secrets_manager", "secret_id": NAME}
CANARY = "canary-of-the-store"
KEY = {"type": "api_key"}
BEARER = {**KEY, "placement": "bearer"}


def rules_of(*entries):
    return ReferenceRules(tuple(map(ReferenceRule.parse, entries)))


class ReferringRig(Rig):
    rules = rules_of(*RULES)


def referring_rig():
    rig = ReferringRig()
    members = {"token": CANARY, "user": "somebody", "password": "p w", "number": 7, "empty": ""}
    rig.secrets.secrets = {
        ("vault", PATH): members,
        ("aws_secrets_manager", NAME): json.dumps(members),
        ("aws_secrets_manager", f"{NAME}-text"): CANARY,
    }
    return rig


def entered(body):
    return FORMS.validate_python(body).entered()


async def enter(rig, body, who=WHO):
    return (await rig.set(who, ACT, entered(body), None)).credentials


async def handed_out(rig, **asked):
    return rig.opened(await rig.issue(rig.asked(**asked)))


async def refusal(promise):
    with pytest.raises(PlatformError) as refused:
        await promise
    return refused.value


def of_key(key):
    return {**VAULT, "key": key}


def reference(path, key="token"):
    return SecretReference(SecretStoreName.VAULT, path, key)
