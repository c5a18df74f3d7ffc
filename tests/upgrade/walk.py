"""A walk that leaves something in every collection and a fact of every kind, over HTTP only."""

from dataclasses import dataclass
from time import monotonic, sleep

from openactions import OpenActions, ProblemError
from openactions_local import demo_api

EXPIRES_IN_DAYS = 7
VERIFIED_WITHIN_SECONDS = 60


@dataclass
class Walked:
    """What the walk made, by which the next version finds it again."""

    schema_id: str
    gpt_id: str
    action_id: str
    token_id: str
    member_id: str
    invocations: list[str]


def write_everything(url, token, demo_port):
    """The demo API must be up on `demo_port`, and the platform must let it through."""
    with OpenActions(url, token) as platform:
        member = platform.post("/v1/members", {"name": "Ada", "role": "builder"})
        kept = _tokens(platform, member["id"])
        platform.patch("/v1/workspace", {"title": "Before the upgrade"})
        schema = platform.post_document(
            "/v1/schemas", demo_api.document(demo_port), "application/yaml"
        )
        _wait_until_verified(platform, schema["id"])
        gpt_id, action_id = _gpt(platform, schema["id"], "Weather and pets")
        platform.patch(f"/v1/gpts/{gpt_id}", {"description": "Kept", "starters": ["Hello"]})
        key = {"type": "api_key", "placement": "bearer", "token": demo_api.API_KEY}
        platform.put(f"/v1/credentials/{action_id}", key)
        platform.post("/v1/domains", {"domain": demo_api.DOMAIN})
        for sharing in ("private", "workspace"):
            platform.post(f"/v1/gpts/{gpt_id}/publish", {"sharing": sharing})
        calls = call_everything(platform, gpt_id)
        _remove_a_gpt(platform, schema["id"], key)
        return Walked(schema["id"], gpt_id, action_id, kept["id"], member["id"], calls)


def call_everything(platform, gpt_id):
    """A call that reads, one that changes, one that fails and one that is refused: their ids."""
    weather = platform.invoke(gpt_id, "getWeather", {"city": "Zürich", "units": "celsius"})
    pet = platform.invoke(gpt_id, "addPet", {"name": "Mia", "species": "cat"})
    for arguments in ({"city": "Zürich", "units": "kelvin"}, {}):
        try:
            platform.invoke(gpt_id, "getWeather", arguments)
        except ProblemError:
            continue
    assert (weather["outcome"], pet["outcome"]) == ("succeeded", "succeeded")
    return [weather["id"], pet["id"]]


def _tokens(platform, member_id):
    kept = platform.post(
        "/v1/tokens",
        {"name": "CI", "scopes": ["gpts:read"], "expires_in_days": EXPIRES_IN_DAYS},
    )
    platform.post("/v1/tokens", {"name": "Ada's", "member_id": member_id})
    dead = platform.post("/v1/tokens", {"name": "Leaked"})
    platform.delete(f"/v1/tokens/{dead['id']}")
    return kept


def _gpt(platform, schema_id, name):
    gpt = platform.post("/v1/gpts", {"name": name})
    action = platform.post(f"/v1/gpts/{gpt['id']}/actions", {"schema_id": schema_id})
    return gpt["id"], action["id"]


def _remove_a_gpt(platform, schema_id, key):
    gpt_id, first = _gpt(platform, schema_id, "Short-lived")
    platform.put(f"/v1/credentials/{first}", key)
    platform.delete(f"/v1/gpts/{gpt_id}/actions/{first}")
    platform.delete(f"/v1/gpts/{gpt_id}")


def _wait_until_verified(platform, schema_id):
    deadline = monotonic() + VERIFIED_WITHIN_SECONDS
    while not platform.get(f"/v1/schemas/{schema_id}")["verified"]:
        assert monotonic() < deadline
        sleep(0.2)
