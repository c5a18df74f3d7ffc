"""What tests do in a page again and again, in the words of the page."""

import json

from playwright.sync_api import expect

NO_DOMAINS = "No domains are allowed by your workspace's settings."
WEATHER_HOST = "https://weather.example.com"


def weather_document(server=WEATHER_HOST, **operation):
    """The document of the Weather example with another server, as JSON text."""
    location = {
        "operationId": "GetCurrentWeather",
        "description": "Get the temperature at a place",
        "parameters": [
            {"name": "location", "in": "query", "required": True, "schema": {"type": "string"}}
        ],
    }
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Get weather data", "version": "v1.0.0"},
            "servers": [{"url": server}],
            "paths": {"/location": {"get": location | operation}},
        },
        indent=2,
    )


def make_gpt(owner, **fields):
    """A draft with a description; the answer is its id."""
    return owner.post("/v1/gpts", {"name": "Weather desk", "description": "Weather."} | fields)[
        "id"
    ]


def add_action(owner, gpt_id, text):
    """Store a document and bind an action to it; the answer is the action's id."""
    schema = owner.post("/v1/schemas", {"text": text})["id"]
    return owner.post(f"/v1/gpts/{gpt_id}/actions", {"schema_id": schema})["id"]


def editor(page):
    """The text of the schema."""
    return page.get_by_role("textbox", name="Schema")


def write_schema(page, text):
    """Paste it in place of what is there, as the clipboard would."""
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def take_example(page, title):
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitem", name=title).click()


def expect_saved(page):
    """Everything that is typed into the GPT is stored."""
    expect(page.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()


def operation_row(page, name):
    """An operation's row in the table of detected actions."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
