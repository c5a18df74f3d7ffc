"""One's own connections, and who is connected. The answers of the API are those of the test."""

import pytest
from playwright.sync_api import expect

from tests.browser.connections_stub import Connections, connection, lost, own_key
from tests.browser.test_pages_for_everybody import SCHEMES, faults_at_each_width

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

REFUSED = {
    "type": "about:blank",
    "title": "Conflict",
    "status": 409,
    "detail": "It was changed meanwhile.",
    "code": "platform.overtaken",
    "hint": "Try again.",
    "trace_id": "0af7651916cd43dd8448eb211c80319c",
}


@pytest.fixture
def member_id(owner):
    return owner.get("/v1/members")["items"][0]["id"]


@pytest.fixture
def member_name(owner):
    return owner.get("/v1/members")["items"][0]["name"]


def row(page, service):
    return page.get_by_role("article", name=service)


def test_a_connection_says_where_as_whom_for_what_and_since_when(owner_page):
    Connections(owner_page, [connection()])
    owner_page.goto("/connections")

    shown = row(owner_page, "api.example.com")
    for text in ("Connected", "ada@example.com", "Since", "Expires", "Last used"):
        expect(shown).to_contain_text(text)
    expect(shown).to_contain_text("profile (also granted, not asked for)")
    expect(shown).to_contain_text("write (asked for, not granted)")
    expect(shown.get_by_role("button", name="Log in")).to_have_count(0)


def test_the_account_menu_leads_to_ones_connections(owner_page):
    Connections(owner_page)
    owner_page.goto("/")
    owner_page.get_by_role("button", name="Account of").click()
    owner_page.get_by_role("menuitem", name="My connections").click()

    expect(owner_page.get_by_role("heading", name="No connections")).to_be_visible()
    expect(owner_page.get_by_text("asks you to sign in when you first call it")).to_be_visible()


def test_a_lost_connection_says_why_and_what_to_do_and_logs_in(owner_page):
    stub = Connections(owner_page, [lost()])
    owner_page.goto("/connections")

    shown = row(owner_page, "calendar.example.org")
    expect(shown).to_contain_text("The service did not renew it for four days.")
    expect(shown).to_contain_text("Log in again; if that fails, tell whoever builds the GPT.")
    shown.get_by_role("button", name="Log in to calendar.example.org").click()

    owner_page.wait_for_url("**/account?signed-in*")
    start = {"action_id": "act_1", "return_to": "/connections"}
    assert stub.asked == [("POST", "/v1/connections/start", start)]


def test_to_log_out_is_confirmed_first(owner_page):
    stub = Connections(owner_page, [connection()])
    owner_page.goto("/connections")
    row(owner_page, "api.example.com").get_by_role("button", name="Log out").click()
    question = owner_page.get_by_role("alertdialog", name="Log out of api.example.com?")
    expect(question).to_be_visible()
    assert stub.asked == []

    stub.refusal = REFUSED
    question.get_by_role("button", name="Log out").click()
    expect(question.get_by_role("alert")).to_contain_text("It was changed meanwhile.")
    question.get_by_role("button", name="Log out").click()

    expect(owner_page.get_by_role("heading", name="No connections")).to_be_visible()
    assert stub.asked == [("DELETE", "/v1/connections/con_1", None)] * 2


def test_a_key_of_ones_own_is_entered_by_its_labels(owner_page):
    stub = Connections(owner_page)
    owner_page.goto("/connections?key=act_3")
    dialog = owner_page.get_by_role("dialog", name="Your key for maps.example.net")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_label("E-mail address").fill("ada@example.com")
    expect(dialog.get_by_label("Maps key")).to_have_attribute("type", "password")
    dialog.get_by_label("Maps key").fill("a-key-of-mine")
    stub.refusal = REFUSED
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Maps key")).to_have_value("a-key-of-mine")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_be_hidden()
    expect(owner_page.get_by_text("Your key for maps.example.net is saved.")).to_be_visible()
    expect(row(owner_page, "maps.example.net")).to_contain_text("Key of your own")
    values = {"values": ["ada@example.com", "a-key-of-mine"], "version": "1"}
    assert stub.asked == [("PUT", "/v1/connections/keys/act_3", values)] * 2
    assert owner_page.url.endswith("/connections")


def test_a_key_that_is_kept_is_changed_and_removed(owner_page):
    stub = Connections(owner_page, [own_key()])
    owner_page.goto("/connections")
    shown = row(owner_page, "maps.example.net")
    shown.get_by_role("button", name="Change your key").click()
    dialog = owner_page.get_by_role("dialog")
    expect(dialog).to_contain_text("A key of yours is kept; what you enter here takes its place.")
    dialog.get_by_role("button", name="Cancel").click()

    shown.get_by_role("button", name="Remove your key").click()
    question = owner_page.get_by_role("alertdialog", name="Remove your key for maps.example.net?")
    question.get_by_role("button", name="Remove key").click()

    expect(shown).to_have_count(0)
    assert stub.asked == [("DELETE", "/v1/connections/con_3", None)]


def test_more_connections_than_fit_a_page_are_shown_on_demand(owner_page):
    Connections(owner_page, [connection(number) for number in range(60)])
    owner_page.goto("/connections")
    expect(owner_page.get_by_role("article")).to_have_count(50)

    owner_page.get_by_role("button", name="Show more").click()

    expect(owner_page.get_by_role("article")).to_have_count(60)


def test_an_admin_sees_who_is_connected_and_revokes_by_name(owner_page, member_id, member_name):
    stub = Connections(
        owner_page,
        of_members=[
            connection(1, member_id=member_id),
            lost(2, member_id="mem_gone", action_id="act_2"),
        ],
    )
    owner_page.goto("/admin")
    owner_page.get_by_role("link", name="Connections").click()
    expect(owner_page.get_by_text("1 connected")).to_be_visible()
    expect(owner_page.get_by_text("1 lost")).to_be_visible()
    owner_page.get_by_role("link", name="Show members connected to api.example.com").click()
    expect(owner_page.get_by_role("heading", name="Connected to api.example.com")).to_be_visible()
    shown = row(owner_page, member_name)
    expect(shown).to_contain_text("ada@example.com")
    shown.get_by_role("button", name="Revoke").click()

    name = f"Revoke {member_name}'s connection to api.example.com?"
    question = owner_page.get_by_role("alertdialog", name=name)
    assert stub.asked == []
    question.get_by_role("button", name="Revoke").click()

    expect(owner_page.get_by_text("Nobody is connected to this service.")).to_be_visible()
    assert stub.asked == [("DELETE", "/v1/connections/con_1", None)]


@SCHEMES
def test_the_pages_of_connections_have_no_violation_of_accessibility(
    open_page, session, faults, scheme, member_id
):
    page = open_page(session, color_scheme=scheme)
    Connections(
        page,
        [
            connection(),
            lost(),
            own_key(),
            connection(4, state="revoked", why="by_admin", service="w" * 60),
        ],
        [connection(1, member_id=member_id)],
    )
    for path in ("/connections", "/admin/connections", "/admin/connections?action=act_1"):
        page.goto(path)
        assert faults_at_each_width(page) == [], path
    page.goto("/connections?key=act_3")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults_at_each_width(page) == []
    assert faults == []
