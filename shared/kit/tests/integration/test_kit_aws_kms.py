"""AWS KMS as a root, judged by moto's server and by botocore's signer."""

from datetime import UTC, datetime

import pytest

from egress import OperatorEgress
from kit.key_ring import KeyServiceUnavailable, KeyUnknown, SecretUnreadable
from kit.key_services.aws_kms import AwsKmsRoot, endpoint_of
from kit.key_services.exchange import Asking
from kit.key_services.settings import KeysSettings
from kit.key_services.sigv4 import AwsCredentials, Scope, signed
from kit.workspace_keys import KeyOwner
from openactions_local.servers import LOOPBACK, free_port
from tests.peers.moto_up import asked_by_boto, moto, signed_by_botocore

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

KEY = b"k" * 32
OWNER = KeyOwner("auth", "ws_1", "k1")
MISSING = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def kms():
    with moto() as port:
        yield port


@pytest.fixture
def arn(kms):
    return asked_by_boto(kms, "create_key")["KeyMetadata"]["Arn"]


@pytest.fixture
async def root_of():
    """A root key by its ARN, at a port, through egress."""
    started = []

    async def make(port, arn):
        url = f"http://{LOOPBACK}:{port}"
        settings = KeysSettings(
            aws_access_key_id="AKIAOPERATOR",
            aws_secret_access_key="of-the-operator",
            aws_endpoint=url,
        )
        way = OperatorEgress([url], allowed_origins=url)
        await way.start()
        started.append(way)
        return AwsKmsRoot(arn, settings, Asking("auth", way))

    yield make
    for way in started:
        await way.close()


async def test_a_key_opens_for_its_owner_and_f30_for_nobody_else(kms, arn, root_of):
    root = await root_of(kms, arn)
    wrapped = await root.wrap(KEY, OWNER)

    assert await root.unwrap(wrapped, OWNER) == KEY
    for other in (KeyOwner("auth", "ws_2", "k1"), KeyOwner("identity", "ws_1", "k1")):
        with pytest.raises(SecretUnreadable):
            await root.unwrap(wrapped, other)


async def test_f30_another_key_of_the_same_account_opens_nothing(kms, arn, root_of):
    wrapped = await (await root_of(kms, arn)).wrap(KEY, OWNER)
    other = asked_by_boto(kms, "create_key")["KeyMetadata"]["Arn"]

    # AWS says IncorrectKeyException, moto AccessDeniedException.
    with pytest.raises((SecretUnreadable, KeyServiceUnavailable)):
        await (await root_of(kms, other)).unwrap(wrapped, OWNER)


async def test_f29_a_key_that_is_not_there_is_an_unknown_key(kms, arn, root_of):
    wrapped = await (await root_of(kms, arn)).wrap(KEY, OWNER)

    root = await root_of(kms, MISSING)
    for refused in (root.wrap(KEY, OWNER), root.unwrap(wrapped, OWNER)):
        with pytest.raises(KeyUnknown):
            await refused


async def test_f28_a_service_that_does_not_answer_is_not_available(root_of):
    root = await root_of(free_port(), MISSING)

    with pytest.raises(KeyServiceUnavailable):
        await root.wrap(KEY, OWNER)


@pytest.mark.parametrize("token", ["", "a session's token"], ids=["lasting", "temporary"])
def test_a_request_is_signed_as_botocore_signs_it(token):
    url, body = "https://kms.eu-central-1.amazonaws.com/", b'{"KeyId": "x"}'
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "host": "kms.eu-central-1.amazonaws.com",
        "x-amz-target": "TrentService.Decrypt",
    }
    credentials = ("AKIAOPERATOR", "of/the+operator", token)

    expected = signed_by_botocore(url, headers, body, credentials, "eu-central-1")

    at = datetime.strptime(expected["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    scope = Scope("eu-central-1", "kms")
    assert signed(headers, body, AwsCredentials(*credentials), scope, at) == expected


@pytest.mark.parametrize(
    ("arn", "endpoint"),
    [
        (MISSING, "https://kms.eu-central-1.amazonaws.com"),
        (MISSING.replace("aws:", "aws-cn:"), "https://kms.eu-central-1.amazonaws.com.cn"),
        (MISSING.replace("aws:", "aws-us-gov:"), "https://kms.eu-central-1.amazonaws.com"),
    ],
)
def test_a_keys_region_is_where_it_is_asked_for(arn, endpoint):
    assert endpoint_of(arn, KeysSettings()) == endpoint
