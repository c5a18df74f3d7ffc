from dataclasses import replace
from datetime import UTC, datetime

import pytest

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Publication
from catalog_service.domain.publication import check_publishable
from contracts.access import Sharing
from contracts.errors import PlatformError

POLICY = "https://example.com/privacy"


def action(id_="act_1", operations=("getPet",), privacy_policy_url=None):
    return Action(id_, "Pets", "sch_1", operations, (), privacy_policy_url)


def publication(sharing=Sharing.PRIVATE, hour=12):
    return Publication(sharing, datetime(2026, 11, 22, hour, tzinfo=UTC), "mem_1")


@pytest.mark.parametrize("sharing", Sharing)
def test_a_gpt_without_actions_may_be_published(sharing):
    assert check_publishable(Definition("Vet"), sharing) is None


def test_an_action_without_operations_prevents_publication():
    draft = Definition("Vet", actions=(action(), action("act_2", operations=())))

    with pytest.raises(PlatformError) as refused:
        check_publishable(draft, Sharing.PRIVATE)

    assert refused.value.code == "catalog.action_without_operations"
    [finding] = refused.value.findings
    assert finding["action_id"] == "act_2"
    assert finding["message"] == "The action `Pets` has no operations."


@pytest.mark.parametrize("sharing", [Sharing.LINK, Sharing.PUBLIC])
@pytest.mark.parametrize("url", [None, "http://example.com/privacy"])
def test_strangers_are_shown_a_privacy_policy_or_nothing(sharing, url):
    draft = Definition(
        "Vet", actions=(action(privacy_policy_url=POLICY), action("act_2", privacy_policy_url=url))
    )

    with pytest.raises(PlatformError) as refused:
        check_publishable(draft, sharing)

    assert refused.value.code == "catalog.privacy_policy_required"
    assert refused.value.sentence == "Public actions require valid privacy policy URLs"
    assert [finding["action_id"] for finding in refused.value.findings] == ["act_2"]


@pytest.mark.parametrize("sharing", [Sharing.PRIVATE, Sharing.WORKSPACE])
def test_colleagues_need_no_privacy_policy(sharing):
    assert check_publishable(Definition("Vet", actions=(action(),)), sharing) is None


def test_versions_are_counted_and_keep_what_was_published():
    first = Gpt("gpt_1", "ws_1", Definition("Vet")).publishing(publication(), 50)
    second = first.redrafted(Definition("Vet 2")).publishing(publication(hour=13), 50)

    assert (first.in_use.number, second.in_use.number) == (1, 2)
    assert first.in_use.definition.name == "Vet"
    assert second.in_use.id > first.in_use.id
    assert second.revision == 4


def test_publishing_the_same_to_the_same_people_changes_nothing():
    published = Gpt("gpt_1", "ws_1", Definition("Vet")).publishing(publication(), 50)

    assert published.publishing(publication(hour=13), 50) is published
    assert published.publishing(publication(Sharing.PUBLIC), 50).in_use.number == 2


def test_an_action_that_left_the_draft_is_offered_until_the_next_publication():
    draft = Definition("Vet", actions=(action(), action("act_2")))
    published = Gpt("gpt_1", "ws_1", draft).publishing(publication(), 50)

    changed = published.redrafted(draft.without("act_1"))

    assert [offered.id for offered in changed.offered] == ["act_1", "act_2"]
    again = changed.publishing(publication(), 50)
    assert [offered.id for offered in again.offered] == ["act_2"]


def test_an_action_that_the_earlier_release_took_out_is_offered_no_more():
    draft = Definition("Vet", actions=(action(), action("act_2")))
    published = Gpt("gpt_1", "ws_1", draft).publishing(publication(), 50)

    old = replace(published.redrafted(draft.without("act_1")), held=None)

    assert [offered.id for offered in old.offered] == ["act_2"]


def test_an_edit_of_a_published_action_reaches_calls_with_the_next_publication_only():
    draft = Definition("Vet", actions=(action(),))
    published = Gpt("gpt_1", "ws_1", draft).publishing(publication(), 50)

    changed = published.redrafted(Definition("Vet", actions=(action(operations=("addPet",)),)))

    assert [offered.operations for offered in changed.offered] == [("getPet",)]
