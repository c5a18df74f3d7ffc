"""What AWS KMS says that moto never says (API reference, Encrypt and Decrypt: Errors)."""

import json

import pytest

from kit.key_ring import KeyServiceUnavailable, KeyUnknown, SecretUnreadable
from kit.key_services.aws_kms import AwsKmsRoot
from kit.key_services.exchange import Asking
from kit.key_services.settings import KeysSettings
from kit.workspace_keys import KeyOwner

ARN = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000"
OWNER = KeyOwner("auth", "ws_1", "k1")


class Way:
    def __init__(self, status, answer):
        self.status = status
        self.body = json.dumps(answer).encode()

    async def post(self, url, headers, body):
        return self


def root(status, answer):
    settings = KeysSettings(aws_access_key_id="AKIA", aws_secret_access_key="of-the-operator")
    return AwsKmsRoot(ARN, settings, Asking("auth", Way(status, answer)))


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        ("DisabledException", KeyUnknown),
        ("KMSInvalidStateException", KeyUnknown),
        ("NotFoundException", KeyUnknown),
        ("com.amazonaws.kms#NotFoundException", KeyUnknown),
        ("IncorrectKeyException", SecretUnreadable),
        ("InvalidCiphertextException", SecretUnreadable),
        ("AccessDeniedException", KeyServiceUnavailable),
        ("ThrottlingException", KeyServiceUnavailable),
        ("ExpiredTokenException", KeyServiceUnavailable),
        ("", KeyServiceUnavailable),
    ],
)
async def test_f29_each_refusal_says_whether_the_key_is_gone(kind, refusal):
    with pytest.raises(refusal):
        await root(400, {"__type": kind, "message": "…"}).unwrap("AAAA", OWNER)


@pytest.mark.parametrize("answer", [{}, {"Plaintext": 1}, {"Plaintext": "no base64!"}, []])
async def test_an_answer_without_a_key_opens_nothing(answer):
    with pytest.raises(KeyServiceUnavailable):
        await root(200, answer).unwrap("AAAA", OWNER)


async def test_f28_an_error_of_the_service_itself_is_not_available():
    with pytest.raises(KeyServiceUnavailable):
        await root(500, {"__type": "KMSInternalException"}).unwrap("AAAA", OWNER)
