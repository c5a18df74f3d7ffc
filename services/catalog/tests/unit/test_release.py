"""Releases: pages and slices that fit a message."""

import json

from catalog_service.domain.definition import Action, Definition, Tool
from catalog_service.domain.release import Release
from contracts.origin import origin_set_digest
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import Stage

LONGEST_HOST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
ORIGIN = f"https://{LONGEST_HOST}:65535"


def tool(name, origin=ORIGIN):
    return Tool(name, name, "f" * 64, origin, "OPTIONS", consequential=True, anonymous=False)


def action(number, tools):
    url = "https://example.com/" + "p" * 2_000
    names = tuple(each.operation for each in tools)
    origins = tuple(sorted({each.origin for each in tools}))
    return Action(
        f"act_{number:026}", "獣" * 50, f"sch_{number:026}", names, origins, url, tuple(tools), "s"
    )


def pages(release):
    offset, found = 0, []
    while offset is not None:
        page = release.page(offset)
        found.append(page)
        offset = page.next_offset
    return found


def test_b10_128_tools_with_the_longest_names_and_hosts_come_in_pages_that_fit():
    assert len(LONGEST_HOST) == 253
    tools = [tool(f"{number:064}") for number in range(128)]
    actions = [action(number, tools[number::10]) for number in range(10)]
    release = Release("gpt_1", Stage.PUBLISHED, 7, Definition("獣" * 50, actions=tuple(actions)))

    found = pages(release)

    assert len(found) > 1
    assert max(len(page.model_dump_json().encode()) for page in found) < MAX_MESSAGE_BYTES - 1_000
    assert sorted(each.name for page in found for each in page.tools) == [t.name for t in tools]
    assert [each.action_id for page in found for each in page.actions] == [a.id for a in actions]
    assert {(page.stage, page.number) for page in found} == {(Stage.PUBLISHED, 7)}


def test_a_gpt_without_actions_is_one_page():
    [page] = pages(Release("gpt_1", Stage.DRAFT, 3, Definition("Vet")))

    assert (page.actions, page.tools, page.next_offset) == ((), (), None)


def test_an_action_names_the_set_of_its_origins_and_no_invalid_privacy_policy():
    pets = action(1, [tool("a", "https://b.example.com"), tool("b", "https://a.example.com")])

    [page] = pages(Release("gpt_1", Stage.DRAFT, 3, Definition("Vet", actions=(pets,))))

    [shown] = page.actions
    assert shown.origin_set == origin_set_digest(["https://a.example.com", "https://b.example.com"])
    assert shown.privacy_policy_url == pets.privacy_policy_url


def test_texts_come_in_slices_that_fit_whatever_their_characters():
    definition = Definition("Vet", "d" * 300, "\U0001f415" * 32_000, ("s" * 300,) * 12)
    release = Release("gpt_1", Stage.DRAFT, 3, definition)

    offset, text = 0, ""
    while offset is not None:
        part = release.texts(offset)
        assert len(part.model_dump_json().encode()) < MAX_MESSAGE_BYTES - 1_000
        text, offset = text + part.text, part.next_offset

    assert json.loads(text) == {
        "description": definition.description,
        "instructions": definition.instructions,
        "starters": list(definition.starters),
    }
