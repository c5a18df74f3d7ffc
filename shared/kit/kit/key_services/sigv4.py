"""AWS Signature Version 4 of a POST to `/` without a query, in its headers.

Source: "Create a signed AWS API request", AWS IAM User Guide.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

ALGORITHM = "AWS4-HMAC-SHA256"
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    region: str
    service: str


def signed(
    headers: Headers, body: bytes, credentials: AwsCredentials, scope: Scope, at: datetime
) -> Headers:
    """`headers`, with lower-case names and `host` among them, and those that sign them all.

    `at` is in UTC; AWS refuses what is more than five minutes from its own clock.
    """
    time = at.strftime("%Y%m%dT%H%M%SZ")
    sent = {**headers, "x-amz-date": time}
    if credentials.session_token:
        sent["x-amz-security-token"] = credentials.session_token
    names = ";".join(sorted(sent))
    lines = "".join(f"{name}:{' '.join(sent[name].split())}\n" for name in sorted(sent))
    request = "\n".join(("POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()))
    within = f"{time[:8]}/{scope.region}/{scope.service}/aws4_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{credentials.secret_access_key}".encode()
    for part in within.split("/"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    text = f"{ALGORITHM}\n{time}\n{within}\n{digest}"
    signature = hmac.digest(key, text.encode(), hashlib.sha256).hex()
    credential = f"Credential={credentials.access_key_id}/{within}"
    authorization = f"{ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"
    return {**sent, "authorization": authorization}
