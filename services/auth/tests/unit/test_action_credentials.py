"""B1: which of an action's credentials a call signs in with, and what a change leaves of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auth_service.domain.action_credentials import MAX_RECORDS, ActionCredentials
from auth_service.domain.action_hosts import ActionHosts, KeptSet
from auth_service.domain.credential import ApiKey, Credential
from auth_service.domain.errors import CredentialBoundElsewhere, CredentialDeleted, SignInUnknown
from auth_service.domain.placement import Placement
from contracts.origin import origin_set_digest
from kit.key_ring import Sealed

A, B, C = "https://a.example", "https://b.example", "https://c.example"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOTHING = ActionCredentials("ws_1", "act_1")


def key(key_id="k1"):
    return ApiKey(Placement.BEARER, ("Authorization",), (), Sealed(key_id, f"v1|{key_id}|…"))


def record(*origins, revision=1, way=None, **more):
    return Credential(origin_set_digest(origins), origins, revision, way or key(), **more)


def among(*records):
    newest_first = sorted(records, key=lambda each: each.revision, reverse=True)
    return replace(NOTHING, revision=9, records=tuple(newest_first))


def called(draft=(), published=None, **kept):
    """`kept` are sets of origins by version: `v1=(A,)`."""
    sets = {}
    for version, origins in kept.items():
        sets.setdefault(origin_set_digest(origins), []).append(int(version[1:]))
    return ActionHosts(draft, published, tuple(KeptSet(each, tuple(sets[each])) for each in sets))


def found(credentials, origin, *origin_set):
    """The revision of the record that a call uses."""
    digest = origin_set_digest(origin_set) if origin_set else ""
    found = credentials.for_call(digest, origin)
    return found and found.revision


def test_the_record_of_the_releases_own_set_goes_first():
    credentials = among(record(A, revision=1), record(A, B, revision=2))

    assert found(credentials, A, A) == 1
    assert found(credentials, A, A, B) == found(credentials, B, A, B) == 2


def test_without_one_it_is_the_newest_record_with_the_origin():
    credentials = among(record(A, revision=1), record(A, B, revision=2), record(C, revision=3))

    assert found(credentials, A, A, C) == found(credentials, A) == 2
    assert found(credentials, C, A, C) == 3


def test_what_was_entered_for_other_hosts_is_not_sent():
    credentials = among(record(A), record(B, revision=2))

    for origin_set in ((), (C,), (A, C)):
        with pytest.raises(CredentialBoundElsewhere) as refused:
            found(credentials, C, *origin_set)
        assert "was entered for https://a.example, https://b.example" in refused.value.sentence


def test_an_origin_outside_the_set_that_is_named_gets_nothing():
    with pytest.raises(CredentialBoundElsewhere):
        found(among(record(A), record(B, revision=2)), B, A)


def test_without_any_record_nothing_is_signed_in_with():
    assert NOTHING.for_call(origin_set_digest([A]), A) is None


def test_a_long_list_of_hosts_is_told_in_short():
    many = tuple(f"https://{number}.example" for number in range(9))

    with pytest.raises(CredentialBoundElsewhere) as refused:
        found(among(record(*many)), A)

    assert "for https://0.example, https://1.example, https://2.example and 6 more" in str(
        refused.value
    )


def test_that_nothing_is_sent_is_bound_to_its_hosts_too():
    bare = Credential(origin_set_digest([A]), (A,), 1)

    assert among(bare).for_call("", A) is bare
    with pytest.raises(CredentialBoundElsewhere, match="signs in with nothing at"):
        found(among(bare), B)


@pytest.mark.parametrize(
    ("credentials", "origins", "code"),
    [
        pytest.param(among(record(A)), [A], None, id="unchanged"),
        pytest.param(among(record(A)), [], None, id="nothing called"),
        pytest.param(among(record(A)), [B], "auth.credential_bound_elsewhere", id="moved"),
        pytest.param(
            among(record(A)), [A, B], "auth.credential_bound_elsewhere", id="one more host"
        ),
        pytest.param(among(record(A, way=key("lost"))), [A], "auth.key_unknown", id="lost key"),
        pytest.param(
            among(record(A, is_known=False)), [A], "auth.sign_in_unknown", id="of a later release"
        ),
        pytest.param(NOTHING, [B], None, id="none"),
    ],
)
def test_t13_a_release_is_told_why_its_calls_would_not_sign_in(credentials, origins, code):
    refusal = credentials.refusal_of(origin_set_digest(origins), origins, {"k1"})

    assert (refusal.code if refusal else None) == code


class TestEntering:
    def sets(self, credentials):
        return {each.origin_set: each.revision for each in credentials.records}

    def test_for_the_published_hosts_it_replaces_what_was_there(self):
        hosts = called((A,), (A,), v1=(A,))
        before = among(record(A))

        after = before.entered(hosts, key(), "mem_1", AT)

        assert self.sets(after) == {origin_set_digest([A]): 10}

    def test_for_other_hosts_it_is_a_second_record(self):
        after = among(record(A)).entered(called((B,), (A,), v1=(A,)), key(), "mem_1", AT)

        assert self.sets(after) == {origin_set_digest([B]): 10, origin_set_digest([A]): 1}
        assert found(after, A, A) == 1
        assert found(after, B, B) == 10

    def test_what_no_kept_version_calls_any_more_is_destroyed(self):
        before = among(record(A), record(B, revision=2), record(C, revision=3))

        after = before.entered(called((B,), None, v1=(A,)), key(), "mem_1", AT)

        assert self.sets(after) == {origin_set_digest([B]): 10, origin_set_digest([A]): 1}

    def test_what_serves_some_of_the_published_hosts_stays(self):
        """Published with one host more than the key was entered for: calls to the others go on."""
        after = among(record(A)).entered(called((C,), (A, B), v1=(A, B)), key(), "mem_1", AT)

        assert found(after, A, A, B) == 1

    def test_b1_a_key_for_a_shared_host_does_not_serve_the_published_version(self):
        """Which went on with a key for more hosts, or for some of its hosts."""
        for published, old in (((A,), (A, B)), ((A, B), (A,))):
            hosts = called((A, C), published, v1=published)

            after = among(record(*old)).entered(hosts, key(), "mem_1", AT)
            again = after.entered(hosts, key(), "mem_1", AT)

            for each in (after, again):
                assert found(each, A, *published) == 1
                assert found(each, C, A, C) == each.revision
                assert len(each.records) == 2

    def test_several_keys_that_serve_the_published_version_stay(self):
        before = among(record(A), record(B, revision=2))

        after = before.entered(called((C,), (A, B), v1=(A, B)), key(), "mem_1", AT)

        assert (found(after, A, A, B), found(after, B, A, B)) == (1, 2)

    def test_without_a_draft_it_is_for_the_published_hosts(self):
        after = NOTHING.entered(called((), (A,), v1=(A,)), key(), "mem_1", AT)

        assert [each.origins for each in after.records] == [(A,)]

    def test_b1_released_versions_without_a_credential_go_on_without_one(self):
        hosts = called((B,), (A,), v1=(C,), v2=(A,))

        after = NOTHING.entered(hosts, key(), "mem_1", AT)

        assert after.for_call(origin_set_digest([A]), A).api_key is None
        assert after.for_call(origin_set_digest([C]), C).api_key is None
        assert after.for_call(origin_set_digest([B]), B).api_key is not None

    def test_where_catalog_says_nothing_of_releases_nothing_is_destroyed(self):
        """A catalog of the release before, for the minutes of an upgrade."""
        hosts = replace(called((B,)), releases_known=False)

        after = among(record(A)).entered(hosts, key(), "mem_1", AT)

        assert found(after, A, A) == 1

    def test_records_are_bounded(self):
        many = [record(f"https://{number}.example", revision=number) for number in range(99)]
        hosts = replace(called((A,)), releases_known=False)

        after = among(*many).entered(hosts, key(), "mem_1", AT)

        assert len(after.records) == MAX_RECORDS
        assert found(after, A, A) == 10

    def test_b1_the_published_versions_record_is_not_the_one_that_makes_room(self):
        """Catalog may keep up to 200 versions, each with hosts of its own."""
        others = [f"https://{number}.example" for number in range(99)]
        many = [record(each, revision=number + 2) for number, each in enumerate(others)]
        hosts = called((B,), (A,), v1=(A,), **{f"v{n + 2}": (o,) for n, o in enumerate(others)})

        after = among(record(A, revision=1), *many).entered(hosts, key(), "mem_1", AT)

        assert len(after.records) == MAX_RECORDS
        assert found(after, A, A) == 1
        revisions = [each.revision for each in after.records[1:]]
        assert revisions == sorted(revisions, reverse=True)


def test_b1_a_deletion_stops_no_call_that_another_record_serves():
    before = among(record(A, revision=1), record(A, B, revision=2))

    after = before.without(origin_set_digest([A]), "mem_1", AT)

    assert found(before, A, A, C) == found(after, A, A, C) == 2
    with pytest.raises(CredentialDeleted):
        found(after, A, A)


def test_b1_a_deletion_lets_no_older_record_serve_in_its_place():
    before = among(record(A, revision=1), record(A, B, revision=2))

    after = before.without(origin_set_digest([A, B]), "mem_1", AT)

    with pytest.raises(CredentialDeleted):
        found(after, A, A, C)


def test_a_record_of_a_later_release_stops_every_change():
    with pytest.raises(SignInUnknown):
        among(record(A), record(B, is_known=False)).ensure_known()
