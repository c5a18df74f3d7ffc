"""Hostile documents through a running schema service, on a real broker and database.

Each gets its finding, no process grows by more than 256 MB for it, and others are answered
meanwhile. `-rP` shows what each one took.
"""

import asyncio
import os
from pathlib import Path
from time import monotonic

import pytest

from kit.testing import bearer, eventually
from schema_service.adapters.worker_processes import QUICK_BYTES
from services.schema.tests.schema_platform import Site, schema_service, serving
from tests.e2e.platform_process import descendants_of
from tests.security.hostile_documents import HOSTILE, MIB, PLACEHOLDERS, TOP, api, getting, posting

pytestmark = [pytest.mark.security, pytest.mark.timeout(60)]

BUILDER = bearer("builder")
YAML = {**BUILDER, "content-type": "application/yaml"}
MAX_GROWTH = 256 * MIB
ENOUGH_SECONDS = 20
PAUSE_SECONDS = 0.02
SHORT = f"{TOP}paths: {{}}"
LONG = f"{SHORT}\n#" + "x" * QUICK_BYTES
"""Each has a process of its own, which it starts."""


@pytest.fixture
def site():
    with serving(Site()) as pages:
        yield pages


@pytest.fixture
async def service(nats_url, mongodb_url, database_name, site):
    async with schema_service(nats_url, mongodb_url, database_name, site) as (client, _):
        yield client


class Watched:
    """How far the process of the service, and each of its workers, grew since."""

    def __init__(self):
        mine = [os.getpid(), *descendants_of(os.getpid())]
        self._resting = {pid: self._start(pid) for pid in mine}

    def _start(self, pid):
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew, proc(5)
        return _status(pid, "VmRSS")

    def growth(self):
        """Bytes, of the process that grew most; one that was ended is not there any more."""
        alive = [pid for pid in self._resting if Path(f"/proc/{pid}/status").exists()]
        return max(_status(pid, "VmHWM") - self._resting[pid] for pid in alive)


def _status(pid, field):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kibibytes = next((line.split()[1] for line in lines if line.startswith(field)), 0)
    return int(kibibytes) * 1024


async def validated(client, raw):
    return await client.post("/v1/schemas/validate", content=raw, headers=YAML)


async def answered_meanwhile(client, work):
    """How many small requests were answered until the work was done, and its outcome."""
    task, answered = asyncio.create_task(work), 0
    while not task.done():
        small = await validated(client, SHORT)
        assert small.status_code == 200
        answered += 1
        await asyncio.sleep(PAUSE_SECONDS)  # the machine is there for the hostile one, too
    return answered, await task


def codes(answer):
    return {finding["code"] for finding in answer["findings"]}


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
async def test_a_hostile_document_gets_its_finding_while_others_are_answered(service, hostile):
    await asyncio.gather(validated(service, SHORT), validated(service, LONG))
    watched, began = Watched(), monotonic()

    async with asyncio.timeout(ENOUGH_SECONDS):
        answered, answer = await answered_meanwhile(service, validated(service, hostile.raw))

    took, grew = monotonic() - began, watched.growth()
    print(f"{hostile.name}: {took:.2f} s, {grew / MIB:.0f} MB, {answered} others answered")
    assert answer.status_code == 200, answer.text
    assert hostile.code in codes(answer.json())
    assert len(answer.json()["findings"]) <= 200
    assert grew < MAX_GROWTH
    assert answered


async def test_h72_fifty_megabytes_are_refused_unread(service):
    watched = Watched()

    refused = await validated(service, b"openapi: 3.1.0 #" + b"x" * 50 * MIB)

    assert (refused.status_code, refused.json()["code"]) == (413, "platform.body_too_large")
    assert watched.growth() < MAX_GROWTH


ENDLESS = {"type": "string", "pattern": "^(a+)+$", "default": "a" * 60 + "!"}
WIDE = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(120_000)}}


@pytest.mark.parametrize("schema", [ENDLESS, WIDE], ids=["a pattern", "a hundred thousand members"])
async def test_h73_what_makes_the_deep_verifier_hang_is_a_note_and_blocks_nothing(service, schema):
    """Python's `re` backtracks for ever over the first; the second takes too long or too much."""
    text = api({"/a": posting({"type": "string"})}, {"S": schema})
    stored = (await service.post("/v1/schemas", content=text, headers=YAML)).json()

    async def verified():
        shown = (await service.get(f"/v1/schemas/{stored['id']}", headers=BUILDER)).json()
        await asyncio.sleep(PAUSE_SECONDS)
        return shown if shown["verified"] else None

    answered, shown = await answered_meanwhile(service, eventually(verified, within_seconds=50))

    assert "schema.not_verified" in codes(shown)
    assert shown["operations"][0]["verdict"] != "blocked"
    assert answered


async def test_h74_models_never_see_hidden_characters_and_builders_see_where_they_are(service):
    text = api({"/a": getting(summary="Weather\u202e\U000e0041", description="x" * 5_000)})
    id_ = (await service.post("/v1/schemas", content=text, headers=YAML)).json()["id"]

    [tool] = (await service.get(f"/v1/schemas/{id_}/tools", headers=BUILDER)).json()["tools"]
    shown = (await service.get(f"/v1/schemas/{id_}", headers=BUILDER)).json()

    description = tool["definition"]["function"]["description"]
    assert description.startswith("Weather.")
    assert len(description) <= 300
    [hidden] = [each for each in shown["findings"] if each["code"] == "schema.hidden_characters"]
    assert hidden["pointer"] == "/paths/~1a/get/summary"
    assert "U+202E" in hidden["message"]


async def test_h75_colliding_ids_get_the_same_names_every_time(service):
    paths = {f"/{n}": getting(operationId="x" * 1_000) for n in range(3)}
    paths["/u"], paths["/v"] = getting(operationId="a b"), getting(operationId="a_b")

    one = (await validated(service, api(paths))).json()
    other = (await validated(service, api(paths))).json()

    names = [each["name"] for each in one["operations"]]
    assert names == [each["name"] for each in other["operations"]]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 64 for name in names)


async def test_h76_a_new_text_is_a_new_version_and_the_old_one_stays_as_it_was(service):
    old = api({"/a": getting()})
    first = (await service.post("/v1/schemas", content=old, headers=YAML)).json()
    swapped = old.replace("api.example.com", "evil.example.net")
    body = {"text": swapped, "previous_id": first["id"]}

    second = (await service.post("/v1/schemas", json=body, headers=BUILDER)).json()

    assert second["id"] != first["id"]
    kept = (await service.get(f"/v1/schemas/{first['id']}", headers=BUILDER)).json()
    assert kept["operations"][0]["origin"] == "https://api.example.com:443"
    diff = f"/v1/schemas/diff?from={first['id']}&to={second['id']}"
    changes = (await service.get(diff, headers=BUILDER)).json()
    assert "breaking" in {change["impact"] for change in changes}


async def test_h78_placeholders_stay_letters(service):
    text = api({"/a": getting(summary=PLACEHOLDERS, operationId="{0.__class__}${HOME}")})
    stored = (await service.post("/v1/schemas", content=text, headers=YAML)).json()

    [tool] = (await service.get(f"/v1/schemas/{stored['id']}/tools", headers=BUILDER)).json()[
        "tools"
    ]

    assert stored["operations"][0]["operation_id"] == "{0.__class__}${HOME}"
    assert tool["definition"]["function"]["description"] == PLACEHOLDERS


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/page", 422, "schema.unparsable"),
        ("/inside", 403, "egress.redirect_refused"),
        ("/round", 403, "egress.redirect_refused"),
        ("/huge", 422, "schema.import_too_large"),
    ],
)
async def test_h79_an_import_that_is_no_document_says_why(service, site, path, status, code):
    site.texts["/page"] = "<html>Sign in</html>"
    site.moved |= {"/inside": "http://169.254.169.254/latest", "/round": "/round"}
    watched = Watched()

    refused = await service.post("/v1/schemas", json={"url": site.url(path)}, headers=BUILDER)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["hint"]
    assert watched.growth() < MAX_GROWTH


async def test_h79_an_import_of_200_megabytes_leaves_the_service_to_others(service, site):
    answered, refused = await answered_meanwhile(
        service,
        service.post("/v1/schemas", json={"url": site.url(site.huge)}, headers=BUILDER),
    )

    assert refused.json()["code"] == "schema.import_too_large"
    assert answered
