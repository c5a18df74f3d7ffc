"""The form of how an action signs in: every way, what fills it in, and what it keeps."""

import json

import pytest
from playwright.sync_api import expect

from openactions_local import demo_api
from tests.browser.journeys import add_action, make_gpt, weather_document

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

SECRET = "a-client-secret-of-mine"
ENDPOINTS = ("authorization", "token")
GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token"
SCHEMES = {
    "login": {
        "type": "oauth2",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "https://demo-api.example.com/authorize",
                "tokenUrl": "https://demo-api.example.com/token",
                "scopes": {"read": "Read the weather"},
            }
        },
    },
    "key": {"type": "apiKey", "in": "query", "name": "appid"},
}
TESTED = {
    "outcome": "rejected",
    "status": 401,
    "operation_id": "GetCurrentWeather",
    "invocation_id": "inv_1",
    "sentence": "The API does not accept the key.",
    "hint": "Enter it again.",
}


@pytest.fixture
def gpt_id(owner):
    owner.put("/v1/domains", {"mode": "list", "domains": ["example.com"]})
    return make_gpt(owner)


@pytest.fixture
def action_id(owner, gpt_id, demo_port):
    return add_action(owner, gpt_id, weather_document(demo_api.origin(demo_port)))


@pytest.fixture
def action_page(owner_page, gpt_id, action_id):
    owner_page.goto(f"/gpts/{gpt_id}/actions/{action_id}")
    return owner_page


def authentication(page):
    return page.get_by_role("region", name="Authentication")


def open_form(page):
    authentication(page).get_by_role("button", name="Change").click()
    return page.get_by_role("dialog", name="Authentication")


def choose(dialog, group, option):
    dialog.get_by_role("radiogroup", name=group).get_by_text(option, exact=True).click()


def choose_type(dialog, name):
    choose(dialog, "Authentication type", name)


def fill(dialog, **texts):
    for label, text in texts.items():
        field(dialog, label.replace("_", " ")).fill(text)


def field(dialog, label):
    return dialog.get_by_role("textbox", name=label, exact=True)


def select(page, label, option):
    page.get_by_role("button", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def save(dialog):
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()


def fill_in_client(dialog, host="demo-api.example.com"):
    fill(
        dialog,
        Client_ID="us",
        Client_secret=SECRET,
        Authorization_URL=f"https://{host}/authorize",
        Token_URL=f"https://{host}/token",
        Scope="read write",
    )


def credential(owner, action_id):
    return owner.get(f"/v1/credentials/{action_id}")


def test_oauth_asks_in_the_order_of_the_original(action_page):
    dialog = open_form(action_page)
    choose_type(dialog, "OAuth")

    labels = [each.inner_text() for each in dialog.locator("label[for], label[id]").all()]
    order = ["Client ID", "Client secret", "Authorization URL", "Token URL", "Scope"]
    assert [label for label in labels if label in order] == order


def test_the_callback_url_is_there_before_anything_is_saved(action_page, platform, action_id):
    dialog = open_form(action_page)
    choose_type(dialog, "OAuth")

    callback = dialog.get_by_role("group", name="Callback URL")
    expect(callback).to_contain_text(f"{platform.own_url}/aip/{action_id}/oauth/callback")
    expect(callback.get_by_role("button", name="Copy")).to_be_visible()


def test_an_oauth_client_is_saved_and_keeps_its_secret_that_is_left_empty(
    action_page, owner, action_id
):
    dialog = open_form(action_page)
    choose_type(dialog, "OAuth")
    fill_in_client(dialog)
    choose(dialog, "Token exchange method", "Basic authorization header")
    save(dialog)
    expect(authentication(action_page)).to_contain_text("OAuth · Another service · us")
    action_page.reload()

    dialog = open_form(action_page)
    expect(field(dialog, "Client secret")).to_have_value("")
    expect(field(dialog, "Client secret")).to_have_attribute("placeholder", "<HIDDEN>")
    expect(dialog.get_by_text("by you. Leave it empty to keep it.")).to_be_visible()
    expect(field(dialog, "Token URL")).to_have_value("https://demo-api.example.com/token")
    fill(dialog, Scope="read")
    save(dialog)

    client = credential(owner, action_id)["client"]
    assert (client["scope"], client["has_client_secret"]) == ("read", True)
    assert client["token_exchange_method"] == "basic_auth_header"
    assert SECRET not in action_page.content()


def test_a_service_fills_what_is_empty_and_says_what(action_page, owner, action_id):
    dialog = open_form(action_page)
    choose_type(dialog, "OAuth")
    fill(dialog, Client_ID="us", Client_secret=SECRET)
    select(action_page, "Service", "Google")

    expect(field(dialog, "Token URL")).to_have_value(GOOGLE_TOKEN_URL)
    notice = dialog.get_by_role("status")
    expect(notice).to_contain_text("Filled in from Google; nothing is saved yet.")
    expect(notice).to_contain_text("authorization URL, token URL, revocation URL")
    expect(field(dialog, "Client ID")).to_have_value("us")
    save(dialog)

    client = credential(owner, action_id)["client"]
    assert (client["preset"], client["token_url"]) == ("google", GOOGLE_TOKEN_URL)
    assert client["authorization_parameters"] == {"access_type": "offline", "prompt": "consent"}


def test_what_few_services_need_is_under_more(action_page, owner, action_id):
    dialog = open_form(action_page)
    choose_type(dialog, "OAuth")
    fill_in_client(dialog)
    expect(field(dialog, "Refresh URL")).to_be_hidden()
    dialog.get_by_text("More", exact=True).click()
    dialog.get_by_text("PKCE", exact=True).click()
    choose(dialog, "Token request format", "JSON")
    fill(dialog, Refresh_URL="https://demo-api.example.com/refresh")
    field(dialog, "More parameters of the authorization URL").fill("audience=us\nprompt=login")
    save(dialog)

    client = credential(owner, action_id)["client"]
    assert (client["pkce"], client["token_request_format"]) == (False, "json")
    assert client["refresh_url"] == "https://demo-api.example.com/refresh"
    assert client["authorization_parameters"] == {"audience": "us", "prompt": "login"}


def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(action_page, owner, action_id):
    dialog = open_form(action_page)
    choose_type(dialog, "OAuth")
    fill_in_client(dialog)
    fill(dialog, Token_URL="https://token.elsewhere.org/token")
    dialog.get_by_role("button", name="Save").click()

    expect(field(dialog, "Token URL")).to_have_accessible_description(
        "The token URL is at elsewhere.org, which is neither a domain of this API (example.com) "
        "nor a sign-in domain that is allowed. Use the provider's address at the API's own "
        "domain, or ask your operator to add elsewhere.org to AUTH_SIGN_IN_DOMAINS."
    )
    expect(dialog.get_by_role("alert")).to_have_count(0)
    expect(field(dialog, "Client secret")).to_have_value(SECRET)

    action_page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    dialog = open_form(action_page)
    expect(field(dialog, "Token URL")).to_have_value("https://token.elsewhere.org/token")
    fill(dialog, Token_URL="https://demo-api.example.com/token")
    save(dialog)
    assert credential(owner, action_id)["type"] == "oauth"


def test_cancel_forgets_what_was_typed(action_page):
    dialog = open_form(action_page)
    choose_type(dialog, "OAuth")
    fill(dialog, Client_ID="us")
    dialog.get_by_role("button", name="Cancel").click()

    dialog = open_form(action_page)
    expect(dialog.get_by_role("radio", name="None")).to_be_checked()
    choose_type(dialog, "OAuth")
    expect(field(dialog, "Client ID")).to_have_value("")


def test_a_refused_parameter_opens_what_is_under_more(action_page):
    dialog = open_form(action_page)
    choose_type(dialog, "OAuth")
    fill_in_client(dialog)
    dialog.get_by_text("More", exact=True).click()
    field(dialog, "More parameters of the token request").fill("grant_type=password")
    dialog.get_by_text("More", exact=True).click()
    dialog.get_by_role("button", name="Save").click()

    refused = field(dialog, "More parameters of the token request")
    expect(refused).to_be_visible()
    expect(refused).to_have_attribute("aria-invalid", "true")


def test_client_credentials_have_no_authorization_url(action_page, owner, action_id):
    dialog = open_form(action_page)
    choose_type(dialog, "Client credentials")
    expect(field(dialog, "Authorization URL")).to_have_count(0)
    expect(dialog.get_by_role("group", name="Callback URL")).to_have_count(0)
    fill(dialog, Client_ID="us", Client_secret=SECRET)
    fill(dialog, Token_URL="https://demo-api.example.com/token")
    save(dialog)

    expect(authentication(action_page)).to_contain_text("OAuth, client credentials")
    assert credential(owner, action_id)["type"] == "client_credentials"


def test_several_headers_sign_in_together(action_page, owner, action_id):
    dialog = open_form(action_page)
    choose_type(dialog, "API key")
    choose(dialog, "Auth type", "Several headers")
    dialog.get_by_role("button", name="Add a header").click()
    for number, name in ((1, "X-App-Id"), (2, "X-App-Key"), (3, "X-Extra")):
        field(dialog, f"Name of header {number}").fill(name)
        field(dialog, f"Value of header {number}").fill(f"value-of-{name}")
    dialog.get_by_role("button", name="Remove header 3").click()
    save(dialog)

    shown = credential(owner, action_id)
    assert (shown["placement"], shown["headers"]) == ("headers", ["X-App-Id", "X-App-Key"])


def test_a_scheme_of_its_own_stands_in_authorization(action_page, owner, action_id):
    dialog = open_form(action_page)
    choose_type(dialog, "API key")
    choose(dialog, "Auth type", "Other scheme")
    fill(dialog, Scheme="Bearer", API_key="a-key-of-mine")
    dialog.get_by_role("button", name="Save").click()
    expect(field(dialog, "Scheme")).to_have_attribute("aria-invalid", "true")
    fill(dialog, Scheme="SharedAccessKey")
    save(dialog)

    shown = credential(owner, action_id)
    assert (shown["placement"], shown["headers"]) == ("custom", ["Authorization"])


def test_each_member_may_have_a_key_of_their_own_with_labels(action_page, owner, action_id):
    dialog = open_form(action_page)
    choose_type(dialog, "API key")
    choose(dialog, "Auth type", "Custom header")
    fill(dialog, Custom_header_name="X-Api-Key")
    dialog.get_by_text("Each member has a key of their own").click()
    expect(field(dialog, "API key")).to_have_count(0)
    field(dialog, "Label for “X-Api-Key”").fill("Your weather key")
    save(dialog)

    shown = credential(owner, action_id)
    assert (shown["per_user"], shown["labels"]) == (True, ["Your weather key"])
    expect(authentication(action_page)).to_contain_text("each member's own")
    link = authentication(action_page).get_by_role("link", name="Enter my key")
    expect(link).to_have_attribute("href", f"/connections?key={action_id}")


def test_a_kept_key_stays_where_nothing_is_entered(action_page, owner, action_id):
    key = {"type": "api_key", "placement": "bearer", "token": "a-key-of-mine"}
    revision = owner.put(f"/v1/credentials/{action_id}", key)["revision"]
    action_page.reload()

    dialog = open_form(action_page)
    expect(dialog.get_by_role("radio", name="Bearer")).to_be_checked()
    expect(field(dialog, "API key")).to_have_value("")
    expect(dialog.get_by_text("by you. Leave it empty to keep it.")).to_be_visible()
    save(dialog)

    assert credential(owner, action_id)["revision"] == revision


def test_the_security_schemes_of_the_document_fill_the_form(owner_page, owner, gpt_id, demo_port):
    text = json.loads(weather_document(demo_api.origin(demo_port)))
    text["components"] = {"securitySchemes": SCHEMES}
    action = add_action(owner, gpt_id, json.dumps(text, indent=2))
    owner_page.goto(f"/gpts/{gpt_id}/actions/{action}")

    dialog = open_form(owner_page)

    expect(dialog.get_by_role("status")).to_contain_text(
        "Filled in from the schema's security scheme “login”; nothing is saved yet."
    )
    expect(dialog.get_by_role("radio", name="OAuth")).to_be_checked()
    expect(field(dialog, "Token URL")).to_have_value("https://demo-api.example.com/token")
    expect(field(dialog, "Scope")).to_have_value("read")
    select(owner_page, "Security scheme of the schema", "key")
    expect(dialog.get_by_role("radio", name="Query parameter")).to_be_checked()
    expect(field(dialog, "Parameter name")).to_have_value("appid")
    assert credential(owner, action)["type"] == "none"


def test_a_sign_in_is_tested_and_what_came_of_it_is_shown(action_page, owner, action_id):
    key = {"type": "api_key", "placement": "bearer", "token": "a-key-of-mine"}
    owner.put(f"/v1/credentials/{action_id}", key)
    action_page.route("**/v1/credentials/*/test", lambda route: route.fulfill(json=TESTED))
    action_page.reload()

    authentication(action_page).get_by_role("button", name="Test sign-in").click()

    outcome = authentication(action_page).get_by_role("alert")
    expect(outcome).to_contain_text("The API does not accept the key.")
    expect(outcome).to_contain_text(
        "Called GetCurrentWeather; it answered HTTP 401. Enter it again."
    )


def test_log_in_leads_to_the_page_that_says_who_signs_in_where(action_page, owner, action_id):
    client = {"client_id": "us", "client_secret": SECRET, "preset": "generic"}
    urls = {f"{name}_url": f"https://demo-api.example.com/{name}" for name in ENDPOINTS}
    owner.put(f"/v1/credentials/{action_id}", {"type": "oauth"} | client | urls)
    action_page.reload()

    authentication(action_page).get_by_role("button", name="Log in").click()

    action_page.wait_for_url(f"**/aip/{action_id}/oauth/start/*")
    expect(action_page.get_by_role("main")).to_contain_text("demo-api.example.com")
    expect(action_page.get_by_role("link", name="Go on to sign in")).to_be_visible()
