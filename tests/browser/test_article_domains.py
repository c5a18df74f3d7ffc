"""The original's article, sentence by sentence: the domains that a workspace allows."""

import pytest
from playwright.sync_api import expect

from openactions import OpenActions
from tests.browser.journeys import NO_DOMAINS, add_action, make_gpt, take_example, weather_document

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def allow(owner):
    """Set which domains are allowed, and no others."""

    def allow(*domains, mode="list"):
        owner.put("/v1/domains", {"mode": mode, "domains": list(domains)})

    allow()
    return allow


@pytest.fixture
def builder_page(owner, platform, open_page, faults):
    """Of a member who may build GPTs, and no more."""
    member = owner.post("/v1/members", {"name": "Grace", "role": "builder"})["id"]
    token = owner.post("/v1/tokens", {"name": "hers", "member_id": member})["token"]
    page = open_page()
    page.goto("/")
    page.get_by_label("API token").fill(token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="GPTs", exact=True)).to_be_visible()
    with OpenActions(platform.own_url, token) as builder:
        yield page, builder
    assert faults == []


def try_host(page, host):
    page.goto("/admin/domains")
    page.get_by_label("Host or address").fill(host)
    return page.get_by_role("region", name="Try a host").get_by_role("status")


def test_with_an_empty_list_the_editor_says_that_no_domains_are_allowed(owner_page, owner, allow):
    """The editor shows the sentence where the workspace's list is empty."""
    owner_page.goto(f"/gpts/{make_gpt(owner)}/new-action")

    expect(owner_page.get_by_text(NO_DOMAINS)).to_be_visible()


def test_a_schema_of_a_domain_that_is_not_allowed_is_said_in_the_editor(owner_page, owner, allow):
    """Where the list has domains, the editor says of others that they are not among them."""
    allow("api.example.org")
    owner_page.goto(f"/gpts/{make_gpt(owner)}/new-action")
    take_example(owner_page, "Weather")

    notice = "Your workspace does not allow calls to weather.example.com."
    expect(owner_page.get_by_text(notice)).to_be_visible()
    expect(owner_page.get_by_text(NO_DOMAINS)).to_be_hidden()


def test_an_allowed_domain_allows_its_subdomains_without_a_wildcard(owner_page, allow):
    """Allowing a domain allows what is below it; no wildcard is written."""
    allow("example.com")

    expect(try_host(owner_page, "weather.example.com")).to_contain_text("Allowed")
    expect(try_host(owner_page, "https://a.b.example.com/v1")).to_contain_text("Allowed")
    expect(try_host(owner_page, "notexample.com")).to_contain_text("Refused")


def test_an_allowed_subdomain_does_not_allow_its_parent(owner_page, allow):
    """Allowing a subdomain allows neither its parent nor what else is below that."""
    allow("weather.example.com")

    expect(try_host(owner_page, "example.com")).to_contain_text("Refused")
    expect(try_host(owner_page, "pets.example.com")).to_contain_text("Refused")


def test_all_domains_may_be_allowed_which_overrides_the_list(owner_page, allow, owner):
    """One choice allows every domain, whatever the list holds; the page warns of it."""
    owner_page.goto("/admin/domains")
    owner_page.get_by_text("All domains", exact=True).click()
    question = owner_page.get_by_role("alertdialog", name="Allow all domains?")
    expect(question).to_be_visible()
    assert owner.get("/v1/domains")["mode"] == "list"
    question.get_by_role("button", name="Allow all").click()

    expect(owner_page.get_by_text("Actions may call every host of the internet.")).to_be_visible()
    expect(try_host(owner_page, "anything.example.net")).to_contain_text("Allowed")
    assert owner.get("/v1/domains")["mode"] == "all"


def test_a_domain_is_added_by_a_pasted_address_and_removed_again(owner_page, allow, owner):
    """An owner adds a domain, and takes it back."""
    page = owner_page
    page.goto("/admin/domains")
    page.get_by_label("Approve a domain").fill("https://api.example.org/v1/openapi.json")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("button", name="Remove api.example.org")).to_be_visible()
    assert owner.get("/v1/domains")["domains"] == ["api.example.org"]

    page.get_by_role("button", name="Remove api.example.org").click()

    expect(page.get_by_text(NO_DOMAINS)).to_be_visible()
    assert owner.get("/v1/domains")["domains"] == []


def test_with_no_domain_allowed_a_gpt_is_still_seen_and_edited_and_its_actions_do_not_run(
    owner_page, owner, allow
):
    """Without an allowed domain no action runs; the GPT itself stays visible and usable."""
    page, gpt_id = owner_page, make_gpt(owner, name="Still here")
    add_action(owner, gpt_id, weather_document())
    page.goto("/")
    page.get_by_role("link", name="Still here").click()
    pane = page.get_by_role("region", name="Test")

    pane.get_by_label("location").fill("Bern")
    page.keyboard.press("Enter")

    expect(pane.get_by_role("alert")).to_contain_text(NO_DOMAINS)


def test_who_builds_reads_the_sentence_and_is_sent_to_an_admin(builder_page, allow):
    """Only who administers the workspace changes the list; others are told whom to ask."""
    page, builder = builder_page
    page.goto(f"/gpts/{make_gpt(builder)}/new-action")

    expect(page.get_by_text(NO_DOMAINS)).to_be_visible()
    expect(page.get_by_text("until an admin approves the domain")).to_be_visible()
    expect(page.get_by_role("link", name="Approve")).to_be_hidden()
    expect(page.get_by_role("link", name="Admin")).to_be_hidden()
