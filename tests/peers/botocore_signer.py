"""Signs one request at this moment as botocore does; run in `.venv/peers`."""

import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

url, headers, body, (key_id, secret, token), region = json.loads(sys.argv[1])
request = AWSRequest("POST", url, dict(headers), body.encode())
SigV4Auth(Credentials(key_id, secret, token or None), "kms", region).add_auth(request)
json.dump({name.lower(): value for name, value in request.headers.items()}, sys.stdout)
