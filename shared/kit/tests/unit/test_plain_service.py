"""A service without database and broker: health, refusals and limits as every service has them."""

import httpx
import pytest
from fastapi import APIRouter
from pydantic import ValidationError

from kit.plain_service import assemble_plain
from kit.settings import ProcessSettings, ServiceSettings

router = APIRouter(include_in_schema=False)


@router.get("/{path:path}")
async def anything(path: str) -> str:
    return path


@router.post("/sent")
async def sent(body: dict[str, str]) -> dict[str, str]:
    return body


class Settings(ProcessSettings, env_prefix="SAMPLE_"):
    max_body_bytes: int = 1024


@pytest.fixture
def api():
    return assemble_plain("sample", Settings(), object(), [router], description=None)


@pytest.fixture
async def client(api):
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url="http://sample") as client:  # noqa: TID251 - to an application of our own
        yield client


async def test_health_goes_before_routes_that_take_any_path(client):
    assert (await client.get("/readyz")).json()["status"] == "ok"
    assert "openactions" in (await client.get("/metrics")).text
    assert (await client.get("/other")).json() == "other"


async def test_a_service_that_stops_is_not_ready_and_alive(api, client):
    api.state.readiness.stop()

    stopping = await client.get("/readyz")
    assert (stopping.status_code, stopping.headers["retry-after"]) == (503, "2")
    assert stopping.json()["checks"] == {"process": "stopping"}
    assert (await client.get("/livez")).status_code == 200


async def test_bodies_and_methods_are_refused_as_everywhere(client):
    long = await client.post("/sent", json={"a": "x" * 2000})
    other = await client.delete("/sent")

    assert (long.status_code, long.json()["code"]) == (413, "platform.body_too_large")
    assert (other.status_code, other.headers["allow"]) == (405, "GET, HEAD, POST")
    assert other.headers["x-request-id"] == other.json()["trace_id"]


def test_its_settings_name_no_server():
    servers = {"mongodb_url", "mongodb_database", "nats_url"}

    assert not servers & ProcessSettings.model_fields.keys()
    assert servers <= ServiceSettings.model_fields.keys()
    with pytest.raises(ValidationError):
        Settings(port=70_000)
