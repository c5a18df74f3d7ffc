"""T1: what the tour made is removed, also where an answer was lost, and nothing of others is."""

from itertools import count

import pytest

from openactions import ProblemError
from openactions.requests import Answer
from openactions_local.demo import Tour, TourFailed
from openactions_local.starting import forget_settings_of_services

BEFORE, AFTER = "before it was done", "after it was done"
EXAMPLE = "example.com"


def problem(status, code="platform.not_in_force"):
    return ProblemError({"status": status, "code": code, "detail": f"Refused with {status}."})


class FakePlatform:
    """What the tour asks for. `fails` has, by method and path, when requests are answered with 503
    and how often; `meanwhile` is called after each request that was done.
    """

    def __init__(self, fails=None, domains=()):
        self.stored = {"/v1/schemas": {}, "/v1/gpts": {}}
        self.domains, self.revision = [*domains], 1
        self.fails = fails or {}
        self.meanwhile = lambda _: None
        self.numbers = count(1)

    def done(self, method, path, work):
        when, times = self.fails.get((method, path), (None, 0))
        if times:
            self.fails[(method, path)] = (when, times - 1)
        if times and when == BEFORE:
            raise problem(503)
        answer = work()
        self.meanwhile((method, path))
        if times:
            raise problem(503)
        return answer

    def rules(self):
        members = {"mode": "list", "domains": [*self.domains], "revision": self.revision}
        return Answer(members, "", f'"{self.revision}"')

    def change_rules(self, if_match, domains):
        """As the route: what is so already succeeds, whatever revision is named."""
        if domains == self.domains:
            return self.rules()
        if if_match not in (None, f'"{self.revision}"'):
            raise problem(412, "platform.changed_meanwhile")
        self.domains, self.revision = domains, self.revision + 1
        return self.rules()

    def get(self, path):
        assert path == "/v1/domains"
        return self.done("GET", path, self.rules)

    def each(self, path):
        return iter([*self.stored[path].values()])

    def add(self, path, members):
        name = f"x_{next(self.numbers)}"
        self.stored[path][name] = {"id": name, **members}
        return self.stored[path][name] | {"operations": [], "version": 1}

    def post_document(self, path, text, _):
        if path.endswith("/validate"):
            return {"operations": []}
        [version] = [line.split()[1] for line in text.splitlines() if "  version:" in line]
        return self.done("POST", path, lambda: self.add(path, {"version": version}))

    def post(self, path, body=None, if_match=None):
        if path == "/v1/domains":
            domains = list(dict.fromkeys([*self.domains, body["domain"]]))
            return self.done("POST", path, lambda: self.change_rules(if_match, domains))
        if path == "/v1/gpts":
            return self.done("POST", path, lambda: self.add(path, body))
        return self.done("POST", path.rpartition("/")[2], lambda: {"id": "act_1", "version": 1})

    def put(self, *_):
        """A credential goes with its GPT."""

    def invoke(self, _, operation, __):
        if EXAMPLE not in self.domains:
            raise problem(403, "policy.no_domains_allowed")
        status = 201 if operation == "addPet" else 200
        return {
            "id": "inv_1",
            "outcome": "succeeded",
            "status": status,
            "duration_ms": 1,
            "body": {},
        }

    def invocation(self, name):
        return {"id": name, "outcome": "succeeded", "host": "h"}

    def delete(self, path, if_match=None):
        listed, _, name = path.rpartition("/")
        if listed == "/v1/domains":
            if name not in self.domains:
                raise problem(404)
            rest = [each for each in self.domains if each != name]
            return self.done("DELETE", path, lambda: self.change_rules(if_match, rest))
        return self.done("DELETE", listed, lambda: self.stored[listed].pop(name))

    def what_is_left(self):
        return [*self.stored["/v1/schemas"], *self.stored["/v1/gpts"], *self.domains]


def walk(platform):
    """The sentence with which the tour ended; none where it came to its end."""
    said = []
    try:
        Tour(platform, lambda title, _: said.append(title), 1, pause=lambda _: None).walk()
    except (TourFailed, ProblemError) as failed:
        return str(failed)
    assert said[-1] == "Cleaned up"
    return None


def test_the_tour_leaves_nothing():
    platform = FakePlatform(domains=["api.foo.com"])

    assert walk(platform) is None
    assert platform.what_is_left() == ["api.foo.com"]


@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize("path", ["/v1/schemas", "/v1/gpts", "/v1/domains", "actions", "publish"])
def test_what_was_made_though_the_answer_is_an_error_is_found_by_its_name_and_removed(path, when):
    platform = FakePlatform({("POST", path): (when, 1)})

    assert walk(platform) == "Refused with 503."
    assert platform.what_is_left() == []


@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize("path", ["/v1/schemas", "/v1/gpts"])
def test_a_deletion_that_is_not_in_force_yet_is_asked_for_again(path, when):
    platform = FakePlatform({("DELETE", path): (when, 1)})
    if when == AFTER:  # the second one finds nothing
        platform.stored[path] = Forgiving()

    assert walk(platform) is None
    assert platform.what_is_left() == []


class Forgiving(dict):
    """Where a second deletion is answered with 404."""

    def pop(self, name):
        if name not in self:
            raise problem(404)
        return super().pop(name)


def test_what_cannot_be_removed_is_named_beside_the_error_that_ended_the_tour():
    fails = {("POST", "publish"): (BEFORE, 1), ("DELETE", "/v1/gpts"): (BEFORE, 99)}
    platform = FakePlatform(fails)

    sentence = walk(platform)

    assert sentence.startswith("Refused with 503. These could not be deleted; delete them")
    assert "/v1/gpts/x_2 (Refused with 503.)" in sentence
    assert platform.what_is_left() == ["x_2"]


@pytest.mark.parametrize("at", [("POST", "/v1/domains"), ("POST", "publish")])
def test_a_domain_stays_where_somebody_else_changed_the_rules_meanwhile(at):
    platform = FakePlatform()

    def somebody_else(request):
        if request == at:
            platform.change_rules(None, [EXAMPLE, "theirs.com"])

    platform.meanwhile = somebody_else
    sentence = walk(platform)

    assert "Somebody else changed this workspace's domain rules" in sentence
    assert f"delete them yourself: /v1/domains/{EXAMPLE}" in sentence
    assert platform.what_is_left() == [EXAMPLE, "theirs.com"]


def test_a_domain_is_not_added_to_rules_that_somebody_else_has_just_changed():
    platform = FakePlatform()

    def somebody_else(request):
        if request == ("POST", "/v1/gpts"):
            platform.change_rules(None, ["theirs.com"])

    platform.meanwhile = somebody_else

    assert "Somebody else changed" in walk(platform)
    assert platform.what_is_left() == ["theirs.com"]


def test_a_domain_that_somebody_else_has_just_allowed_stays():
    platform = FakePlatform()

    def somebody_else(request):
        if request == ("POST", "/v1/gpts"):
            platform.change_rules(None, ["theirs.com"])
            platform.change_rules(None, ["theirs.com", EXAMPLE])

    platform.meanwhile = somebody_else

    assert "Somebody else changed" in walk(platform)
    assert platform.what_is_left() == ["theirs.com", EXAMPLE]


def test_a_domain_that_somebody_else_allows_after_the_tour_removed_it_stays():
    platform = FakePlatform()

    def somebody_else(request):
        if request == ("DELETE", f"/v1/domains/{EXAMPLE}"):
            platform.change_rules(None, [EXAMPLE])

    platform.meanwhile = somebody_else

    assert walk(platform) == "A call ran although its domain is not allowed."
    assert platform.domains == [EXAMPLE]


def test_a_tours_own_platform_uses_nothing_of_the_operators_but_egress():
    environment = {
        "BLOBS_URL": "s3://operators",
        "IDENTITY_OWNER_TOKEN_FILE": "/operators",
        "STREAMS_FACTS_MAX_BYTES": "1",
        "EXECUTION_KEEP_DAYS": "1",
        "EGRESS_ALLOWED_PORTS": "443",
        "PATH": "/bin",
    }

    forget_settings_of_services(environment)

    assert environment == {"EGRESS_ALLOWED_PORTS": "443", "PATH": "/bin"}
