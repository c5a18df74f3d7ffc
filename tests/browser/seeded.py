"""A workspace with something on every page, for pages that are looked at and checked."""

from playwright.sync_api import expect

from openactions_local import demo_api
from tests.browser.journeys import add_action, make_gpt

DESKS = (
    ("Weather desk", "Tells the weather of a city, and registers pets that like it."),
    ("Travel planner", "Plans a journey by the weather at its end."),
    ("Pets", ""),
)
PAGES = {
    "start": "/",
    "gpt": "/gpts/{gpt}",
    "new-action": "/gpts/{gpt}/new-action",
    "action": "/gpts/{gpt}/actions/{action}",
    "admin-domains": "/admin/domains",
    "admin-members": "/admin/members",
    "admin-gpts": "/admin/gpts",
    "admin-tokens": "/admin/tokens",
    "admin-settings": "/admin/settings",
    "admin-calls": "/admin/audit",
    "admin-connections": "/admin/connections",
    "account": "/account",
    "connections": "/connections",
}
"""Those of whoever is signed in, by name, with the place of what `seed` made."""

CITIES = ("Zürich", "Bern", "Lugano", "Chur")


INSTRUCTIONS = "Answer in one sentence. Name the city, the temperature and the sky."
STARTERS = ["What is the weather in Bern?", "Register a cat called Mia."]


def seed(owner, demo_port):
    """Make it; the answer is the address of each page, by its name."""
    owner.put("/v1/domains", {"mode": "list", "domains": [demo_api.DOMAIN, "api.example.org"]})
    gpts = [make_gpt(owner, name=name, description=text) for name, text in DESKS]
    action = add_action(owner, gpts[0], demo_api.document(demo_port))
    owner.patch(f"/v1/gpts/{gpts[0]}", {"instructions": INSTRUCTIONS, "starters": STARTERS})
    key = {"type": "api_key", "placement": "bearer", "token": demo_api.API_KEY}
    owner.put(f"/v1/credentials/{action}", key)
    owner.post(f"/v1/gpts/{gpts[0]}/publish", {"sharing": "workspace"})
    for city in CITIES:
        owner.invoke(gpts[0], "getWeather", {"city": city})
    owner.post("/v1/members/invitations", {"email": "ada@example.com", "role": "builder"})
    owner.post("/v1/tokens", {"name": "Nightly report", "expires_in_days": 90})
    enter_a_key_of_ones_own(owner, gpts[2], demo_port)
    return pages_of(gpts[0], action)


def enter_a_key_of_ones_own(owner, gpt_id, demo_port):
    """So that somebody is connected."""
    action = add_action(owner, gpt_id, demo_api.document(demo_port))
    way = {"type": "api_key", "placement": "bearer", "per_user": True, "labels": ["Your token"]}
    owner.put(f"/v1/credentials/{action}", way)
    owner.put(f"/v1/connections/keys/{action}", {"values": [demo_api.API_KEY]})


def pages_of(gpt_id, action_id):
    return {name: path.format(gpt=gpt_id, action=action_id) for name, path in PAGES.items()}


def wait_until_shown(page):
    """Nothing is loading any more."""
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)


def enter_as_operator(page, token):
    page.goto("/operator")
    page.get_by_label("Operator's token").fill(token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Workspaces")).to_be_visible()
    wait_until_shown(page)
