"""What commit b35d436 wrote, as `record.py` kept it."""

from pathlib import Path

from bson import json_util  # noqa: TID251 - extended JSON is the driver's

from auth_service.adapters.credential_states import CREDENTIALS
from catalog_service.adapters.mongo_gpts import GPTS
from catalog_service.adapters.mongo_versions import VERSIONS
from execution_service.adapters.mongo_records import RECORDS
from identity_service.adapters.mongo_bootstraps import BOOTSTRAPS
from identity_service.adapters.mongo_members import MEMBERS
from identity_service.adapters.mongo_tokens import TOKENS
from identity_service.adapters.mongo_workspaces import WORKSPACES
from policy_service.adapters.mongo_rules import RULES
from schema_service.adapters.schema_states import MARKS, PIECES, SCHEMAS

GOLDEN = Path(__file__).parent / "golden"
CODECS = {
    "auth.credentials": CREDENTIALS,
    "catalog.gpt_versions": VERSIONS,
    "catalog.gpts": GPTS,
    "execution.invocations": RECORDS,
    "identity.bootstraps": BOOTSTRAPS,
    "identity.members": MEMBERS,
    "identity.tokens": TOKENS,
    "identity.workspaces": WORKSPACES,
    "policy.domain_rules": RULES,
    "schema.pieces": PIECES,
    "schema.schemas": SCHEMAS,
    "schema.unfinished": MARKS,
}
"""Every collection of that commit, with the codec that reads it now."""


def golden(name):
    options = json_util.JSONOptions(tz_aware=True)
    return json_util.loads((GOLDEN / f"{name}.json").read_text(), json_options=options)


async def load(database, service):
    """The documents and indexes of one service's collections into a database."""
    for name in CODECS:
        owner, _, collection = name.partition(".")
        if owner == service:
            await database[collection].insert_many(golden(name))
            for index in golden(f"{name}.indexes"):
                keys, index_name = index.pop("key"), index.pop("name")
                if index_name != "_id_":
                    del index["v"]
                    await database[collection].create_index(
                        list(keys.items()), name=index_name, **index
                    )
