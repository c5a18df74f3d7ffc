"""AWS Signature Version 4, against the test suite that AWS publishes."""

from datetime import UTC, datetime

from kit.key_services.sigv4 import AwsCredentials, Scope, signed

AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
"""Of AWS's `aws-sig-v4-test-suite`, with its credentials."""
CREDENTIALS = AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SCOPE = Scope("us-east-1", "service")


def test_the_test_suites_post_vanilla_has_its_signature():
    made = signed({"host": "example.amazonaws.com"}, b"", CREDENTIALS, SCOPE, AT)

    assert made["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    )


def test_each_header_and_the_body_are_signed():
    headers = {"host": "example.amazonaws.com", "x-amz-target": "TrentService.Decrypt"}
    one = signed(headers, b"{}", CREDENTIALS, SCOPE, AT)

    others = [
        signed({**headers, "x-amz-target": "TrentService.Encrypt"}, b"{}", CREDENTIALS, SCOPE, AT),
        signed(headers, b"[]", CREDENTIALS, SCOPE, AT),
        signed(headers, b"{}", CREDENTIALS, Scope("eu-west-1", "service"), AT),
    ]
    assert one["authorization"] not in [other["authorization"] for other in others]


def test_a_session_token_is_sent_and_signed():
    temporary = AwsCredentials("AKIDEXAMPLE", "secret", "token")

    made = signed({"host": "example.amazonaws.com"}, b"", temporary, SCOPE, AT)

    assert made["x-amz-security-token"] == "token"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token," in made["authorization"]


def test_no_secret_is_in_the_representation_of_credentials():
    assert "secret" not in repr(AwsCredentials("AKIDEXAMPLE", "secret", "secret token"))
