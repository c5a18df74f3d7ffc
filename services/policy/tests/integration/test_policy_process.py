"""Policy as a process of its own: what of its environment counts."""

import asyncio
import subprocess
import sys

import pytest

from contracts.requests import Authenticate, Role
from kit.testing import known_callers, neighbours, token_of
from openactions import OpenActions, ProblemError
from openactions_local.child import Child
from openactions_local.servers import free_port

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]


def environment(nats_url, mongodb_url, database_name, port):
    return {
        "POLICY_MONGODB_URL": mongodb_url,
        "POLICY_MONGODB_DATABASE": database_name,
        "POLICY_NATS_URL": nats_url,
        "POLICY_STREAM_REPLICAS": "1",
        "POLICY_PORT": str(port),
    }


@pytest.mark.parametrize("setting", ["EGRESS_ALLOWED_ORIGINS", "EGRESS_LET_THROUGH"])
async def test_t17_the_hosts_of_the_operators_origins_may_be_listed_and_other_settings_are_not_read(
    nats_url, mongodb_url, database_name, tmp_path, setting
):
    port = free_port()
    settings = environment(nats_url, mongodb_url, database_name, port) | {
        setting: "http://127.0.0.1:9000",
        "EGRESS_MAX_BYTES": "of no use here",
    }
    child = Child("policy", [sys.executable, "-m", "policy_service"], tmp_path / "log", settings)
    async with neighbours(nats_url) as others:
        await others.answer(Authenticate, known_callers(("owner", "ws_ours", Role.OWNER)))
        child.start()
        try:
            with OpenActions(f"http://127.0.0.1:{port}", token_of("owner")) as owner:
                await child.ready(owner.is_ready)

                async def allow(host):
                    return await asyncio.to_thread(owner.post, "/v1/domains", {"domain": host})

                assert (await allow("localhost"))["domains"] == ["localhost"]
                with pytest.raises(ProblemError) as refused:
                    await allow("10.1.2.3")
        finally:
            await child.stop()

    assert refused.value.code == "egress.domain_address"


def test_t17_an_origin_that_is_none_stops_the_start_and_is_named(
    nats_url, mongodb_url, database_name
):
    settings = environment(nats_url, mongodb_url, database_name, free_port())

    ended = subprocess.run(
        [sys.executable, "-m", "policy_service"],
        env=settings | {"EGRESS_ALLOWED_ORIGINS": "nonsense"},
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )

    assert ended.returncode == 1
    assert "EGRESS_ALLOWED_ORIGINS: " in ended.stderr
