"""F41: every document and every fact that commit b35d436 wrote is read by this release."""

import pytest

from contracts.fact import FACTS
from kit.cloudevents import Unreadable, facts_of
from tests.upgrade.golden_files import CODECS, GOLDEN, golden

SUBJECTS = {
    *("fact.action.removed.v1", "fact.credential.changed.v1", "fact.domains.changed.v1"),
    *("fact.gpt.changed.v1", "fact.gpt.published.v1", "fact.gpt.removed.v1"),
    *("fact.invocation.finished.v1", "fact.invocation.started.v1", "fact.schema.stored.v1"),
    *("fact.schema.verified.v1", "fact.token.revoked.v1", "fact.workspace.created.v1"),
}
"""Of b35d436."""


def plain(value):
    """As the database gives it back: arrays are lists."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def test_f41_every_collection_of_the_old_release_is_kept_here():
    kept = {path.stem for path in GOLDEN.glob("*.json")}

    assert kept == {
        *CODECS,
        *(f"{name}.indexes" for name in CODECS),
        *("stream.FACTS", "stream.DEAD_LETTERS"),
    }
    assert all(golden(name) for name in kept)


@pytest.mark.parametrize("name", CODECS)
def test_f41_an_old_document_is_read_and_written_back_without_loss(name):
    codec = CODECS[name]
    for document in golden(name):
        if "removed" in document:
            continue
        assert "v" not in document

        written = plain(codec.write(codec.read(document["state"])))

        assert holds(written, document["state"]), document["_id"]


def holds(new, old):
    """Whether all that was there is there, as it was; there may be more members."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(
            name in new and holds(new[name], member) for name, member in old.items()
        )
    if isinstance(old, list):
        return isinstance(new, list) and len(new) == len(old) and all(map(holds, new, old))
    return new == old


def messages(stream):
    return [pytest.param(each, id=each["subject"]) for each in golden(f"stream.{stream}")]


@pytest.mark.parametrize("message", messages("FACTS"))
def test_f41_an_old_fact_is_read(message):
    data = message["data"].encode()
    if message["data"] == "not JSON":  # what somebody else published
        with pytest.raises(Unreadable):
            facts_of(message["subject"], data, message["headers"])
        return

    for fact in facts_of(message["subject"], data, message["headers"]):
        assert type(fact) is FACTS[message["subject"]]
        assert fact.id
        assert fact.workspace_id


def test_f41_there_is_a_fact_of_every_subject_of_the_old_release():
    assert {message["subject"] for message in golden("stream.FACTS")} == SUBJECTS
    assert FACTS.keys() >= SUBJECTS


def test_f41_an_old_dead_letter_says_where_it_came_from_and_why():
    [letter] = golden("stream.DEAD_LETTERS")

    assert letter["subject"] == "dead.auth.fact.action.removed.v1"
    assert letter["headers"]["oa-reason"] == "Unreadable"
