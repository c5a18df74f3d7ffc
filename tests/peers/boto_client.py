"""One call of boto3's client for a service of AWS; run in `.venv/peers`."""

import json
import sys

import boto3

endpoint, service, method, arguments = json.loads(sys.argv[1])
client = boto3.client(
    service,
    region_name="eu-central-1",
    endpoint_url=endpoint,
    aws_access_key_id="AKIAOPERATOR",
    aws_secret_access_key="of-the-operator",
)
json.dump(getattr(client, method)(**arguments), sys.stdout, default=str)
