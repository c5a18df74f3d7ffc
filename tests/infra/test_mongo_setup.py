"""The database's set-up script, run by a JavaScript engine against a stand-in for mongosh."""

import json

import pytest
import quickjs

from openactions_local.services import SETTINGS, has_servers

MONGOSH = """
const databases = {}, calls = [];
const databaseOf = (name) => (databases[name] ??= {
  users: {},
  getUser(user) { return this.users[user] ?? null; },
  createUser({ user, pwd, roles }) { this.users[user] = { pwd, roles }; },
  updateUser(user, { pwd, roles }) { this.users[user] = { pwd, roles }; },
});
const db = { getSiblingDB: databaseOf, hello: () => ({ isWritablePrimary: initiated }) };
const rs = {
  status() { if (!initiated) throw refusal; },
  initiate(config) { calls.push(config); initiated = true; },
};
const sleep = () => { throw new Error("nobody becomes primary"); };
const print = () => {};
"""
SERVICES = ["auth", "catalog", "execution", "identity", "policy", "schema"]


class Mongosh:
    """`run` is one start of the platform; databases outlive it."""

    def __init__(self, script, *, initiated=False, refusal="NotYetInitialized"):
        self._context, self._script = quickjs.Context(), script
        state = json.dumps({"codeName": refusal})
        self._context.eval(f"let initiated = {json.dumps(initiated)}; const refusal = {state};")
        self._context.eval(f"{MONGOSH}; const process = {{}};")

    def run(self, **environment):
        variables = {"MONGO_HOST": "mongo:27017", **environment}
        self._context.eval(
            f"process.env = {json.dumps(variables)}; (() => {{ {self._script} }})();"
        )

    def read(self, name):
        return json.loads(self._context.eval(f"JSON.stringify({name})"))


@pytest.fixture
def script(root):
    return (root / "infra" / "mongo" / "setup.js").read_text()


@pytest.fixture
def passwords():
    return {f"MONGO_{service.upper()}_PASSWORD": f"{service}-1" for service in SERVICES}


def test_each_service_gets_a_user_that_sees_its_own_database(script, passwords):
    mongosh = Mongosh(script)

    mongosh.run(**passwords)

    databases = mongosh.read("databases")
    assert sorted(databases) == sorted(filter(has_servers, SETTINGS))
    for service, database in databases.items():
        roles = [{"role": "readWrite", "db": service}]
        assert database["users"] == {service: {"pwd": f"{service}-1", "roles": roles}}


def test_the_replica_set_is_made_once(script, passwords):
    fresh, running = Mongosh(script), Mongosh(script, initiated=True)

    fresh.run(**passwords)
    fresh.run(**passwords)
    running.run(**passwords)

    assert fresh.read("calls") == [{"_id": "rs0", "members": [{"_id": 0, "host": "mongo:27017"}]}]
    assert running.read("calls") == []


def test_a_new_password_takes_effect_at_the_next_start(script, passwords):
    mongosh = Mongosh(script)
    mongosh.run(**passwords)

    mongosh.run(**{**passwords, "MONGO_POLICY_PASSWORD": "policy-2"})

    assert mongosh.read("databases.policy.users.policy.pwd") == "policy-2"


def test_nothing_is_made_while_a_password_is_missing(script, passwords):
    mongosh = Mongosh(script)

    with pytest.raises(quickjs.JSException, match="MONGO_SCHEMA_PASSWORD is not set"):
        mongosh.run(**{**passwords, "MONGO_SCHEMA_PASSWORD": ""})

    assert mongosh.read("calls") == []
    assert mongosh.read("databases") == {}


def test_a_database_that_refuses_for_another_reason_is_left_alone(script, passwords):
    mongosh = Mongosh(script, refusal="Unauthorized")

    with pytest.raises(quickjs.JSException):
        mongosh.run(**passwords)

    assert mongosh.read("calls") == []
