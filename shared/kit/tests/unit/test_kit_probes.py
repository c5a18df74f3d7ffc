"""Probes are routes of no service: what takes them is known all the same."""

from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from kit import health, problems
from kit.front import Front
from kit.problems import Allowed
from kit.testing import running


@dataclass
class Check:
    async def check(self):
        return {"bus": "ok"}


@pytest.mark.parametrize("path", ["/livez", "/healthz", "/readyz", "/metrics"])
async def test_t19_allow_names_the_methods_of_a_probe(path):
    api = FastAPI()
    problems.install(api)
    api.state.allowed = Allowed((), ())  # the service's own routes
    api.include_router(health.routes(Check(), Check()))
    api.add_middleware(Front, service="test", max_body_bytes=0, long_bodies={})

    async with running(api) as client:
        refused = await client.post(path)

    assert (refused.status_code, refused.json()["code"]) == (405, "platform.method_not_allowed")
    assert refused.headers["allow"] == "GET"
    assert refused.json()["hint"] == "It takes GET."
