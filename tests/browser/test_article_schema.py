"""The original's article, sentence by sentence: the schema, and the actions detected in it."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import (
    add_action,
    editor,
    make_gpt,
    operation_row,
    take_example,
    weather_document,
    write_schema,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def new_action(owner_page, owner):
    page = owner_page
    page.goto(f"/gpts/{make_gpt(owner)}/new-action")
    expect(editor(page)).to_be_visible()
    return page


def test_a_schema_is_pasted_as_json_and_its_actions_are_detected(new_action):
    """A builder pastes an OpenAPI document in JSON; the actions in it are listed below."""
    write_schema(new_action, weather_document())

    expect(operation_row(new_action, "GetCurrentWeather")).to_contain_text("GET")
    expect(operation_row(new_action, "GetCurrentWeather")).to_contain_text("/location")


def test_a_schema_is_pasted_as_yaml_and_its_actions_are_detected(new_action):
    """The document may be YAML as well."""
    text = "openapi: 3.1.0\ninfo: {title: Pets, version: v1}\nservers: [{url: https://pets.example.com}]\n"
    text += "paths:\n  /pets:\n    get: {operationId: listPets, description: All pets}\n"
    write_schema(new_action, text)

    expect(operation_row(new_action, "listPets")).to_contain_text("/pets")


def test_a_schema_is_imported_from_a_url(new_action, owner, weather_api):
    """A builder names the document's URL; the platform fetches it into the editor."""
    owner.put("/v1/domains", {"mode": "list", "domains": ["example.com"]})
    weather_api.document = weather_document(weather_api.origin)
    import_from(new_action, f"{weather_api.origin}/openapi.json")

    expect(editor(new_action)).to_contain_text("GetCurrentWeather")
    expect(operation_row(new_action, "GetCurrentWeather")).to_be_visible()


def import_from(page, url):
    page.get_by_role("button", name="Import from URL").click()
    page.get_by_label("Address of the document").fill(url)
    page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_an_imported_schema_is_a_copy_until_one_fetches_it_again_and_accepts_what_changed(
    new_action, owner, weather_api
):
    """What is imported is a copy. It does not follow its URL by itself."""
    page = new_action
    owner.put("/v1/domains", {"mode": "list", "domains": ["example.com"]})
    weather_api.document = weather_document(weather_api.origin)
    import_from(page, f"{weather_api.origin}/openapi.json")
    page.get_by_role("button", name="Create action").click()
    page.wait_for_url("**/actions/act_*")
    weather_api.document = weather_document(weather_api.origin, operationId="GetWeatherAnew")
    page.reload()
    expect(operation_row(page, "GetCurrentWeather")).to_be_visible()

    page.get_by_role("button", name="Fetch again").click()
    page.get_by_role("button", name="Accept").click()

    expect(operation_row(page, "GetWeatherAnew")).to_be_visible()


def test_an_address_that_is_no_document_is_refused_in_a_sentence(new_action, owner, weather_api):
    """An import that does not work is an error one can read, and the dialog stays."""
    page = new_action
    owner.put("/v1/domains", {"mode": "list", "domains": ["example.com"]})
    page.get_by_role("button", name="Import from URL").click()
    page.get_by_label("Address of the document").fill(f"{weather_api.origin}/location")
    page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()

    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize(
    ("example", "operations"),
    [
        ("Weather (JSON)", ["GetCurrentWeather"]),
        ("Pet Store (YAML)", ["getInventory", "findPetsByStatusPending", "getPetById"]),
    ],
)
def test_an_example_fills_the_editor_and_its_actions_are_detected(new_action, example, operations):
    """Examples to begin with: the weather as JSON, the pet store as YAML."""
    take_example(new_action, example)

    for name in operations:
        expect(operation_row(new_action, name)).to_contain_text("GET")


def test_the_blank_example_has_the_frame_of_a_document_and_says_what_is_missing(new_action):
    """A blank template, too; it has no server and no operation yet."""
    take_example(new_action, "Blank")

    expect(editor(new_action)).to_contain_text('"openapi": "3.1.0"')
    expect(new_action.get_by_text("No operations were found")).to_be_visible()
    expect(new_action.get_by_role("region", name="What was found in the schema")).to_be_visible()


def test_format_lays_json_out_by_two_and_leaves_alone_what_cannot_be_read(new_action):
    """*Format* stands there once there is a text; what is no JSON or YAML stays as it is."""
    page = new_action
    expect(page.get_by_role("button", name="Format")).to_be_hidden()
    write_schema(page, json.dumps(json.loads(weather_document())))
    expect(operation_row(page, "GetCurrentWeather")).to_be_visible()
    page.get_by_role("button", name="Format").click()
    expect(editor(page).locator(".cm-line").nth(1)).to_have_text('  "openapi": "3.1.0",')

    write_schema(page, '{"openapi": ')
    page.get_by_role("button", name="Format").click()

    expect(editor(page)).to_have_text('{"openapi": ')


def test_what_is_wrong_with_a_schema_is_listed_while_one_types(new_action):
    """Errors and warnings stand under the text, without a button; each names its line."""
    text = weather_document().replace('      "get": {', '      "fetch": {')
    write_schema(new_action, text)
    findings = new_action.get_by_role("region", name="What was found in the schema")
    expect(findings).to_contain_text("Line")

    write_schema(new_action, weather_document())

    expect(findings.get_by_text("Error", exact=True)).to_have_count(0)
    expect(operation_row(new_action, "GetCurrentWeather")).to_contain_text("Ready")


def test_an_empty_schema_has_neither_findings_nor_actions(new_action):
    """Without a text nothing is listed, and nothing can be created."""
    take_example(new_action, "Weather")
    expect(operation_row(new_action, "GetCurrentWeather")).to_be_visible()

    write_schema(new_action, "")
    new_action.keyboard.press("Delete")

    expect(new_action.get_by_role("row")).to_have_count(0)
    expect(new_action.get_by_role("region", name="What was found in the schema")).to_be_hidden()
    expect(new_action.get_by_role("button", name="Create action")).to_be_disabled()


def test_each_detected_action_stands_in_a_table_with_its_name_method_and_path(new_action):
    """One row an operation: name, method, path."""
    take_example(new_action, "Pet Store")

    headings = new_action.get_by_role("columnheader")
    expect(headings.nth(0)).to_have_text("Name")
    expect(headings.nth(1)).to_have_text("Method")
    expect(headings.nth(2)).to_have_text("Path")
    expect(operation_row(new_action, "getPetById")).to_contain_text("/pet/{petId}")


def test_a_get_asks_nobody_and_any_other_method_is_consequential_unless_the_schema_says_so(
    new_action,
):
    """A call that changes something asks first: by its method, or by `x-openai-isConsequential`."""
    document = json.loads(weather_document())
    [(path, methods)] = document["paths"].items()
    post = {"operationId": "StoreReading", "description": "Store"}
    harmless = {"operationId": "Search", "description": "Search", "x-openai-isConsequential": False}
    document["paths"] = {path: methods | {"post": post}, "/search": {"post": harmless}}
    write_schema(new_action, json.dumps(document, indent=2))

    expect(operation_row(new_action, "StoreReading")).to_contain_text("Consequential")
    for name in ("GetCurrentWeather", "Search"):
        expect(operation_row(new_action, name)).not_to_contain_text("Consequential")


def test_an_action_takes_the_host_of_its_schema(new_action):
    """An action is known by the host in its schema; the GPT's page shows it."""
    page = new_action
    take_example(page, "Weather")
    page.get_by_role("button", name="Create action").click()
    page.wait_for_url("**/actions/act_*")
    page.get_by_role("link", name="Back to the GPT").click()

    expect(page.get_by_role("link", name="weather.example.com")).to_contain_text("1 operation")


def save_schema(page):
    with page.expect_response(lambda answer: answer.request.method == "PATCH") as answered:
        page.get_by_role("button", name="Save schema").click()
    assert answered.value.ok, answered.value.text()


def test_a_saved_schema_is_edited_and_its_operations_may_be_renamed_and_added(owner_page, owner):
    """The schema of an action can be changed at any time; its actions are those of the new text."""
    page = owner_page
    gpt_id = make_gpt(owner)
    page.goto(f"/gpts/{gpt_id}/actions/{add_action(owner, gpt_id, weather_document())}")
    document = json.loads(weather_document(operationId="GetWeatherAnew"))
    document["paths"]["/sky"] = {"get": {"operationId": "GetSky", "description": "The sky"}}
    write_schema(page, json.dumps(document, indent=2))
    expect(operation_row(page, "GetSky")).to_be_visible()

    save_schema(page)

    [action] = owner.get(f"/v1/gpts/{gpt_id}")["actions"]
    assert sorted(action["operations"]) == ["GetSky", "GetWeatherAnew"]


def test_operations_that_somebody_chose_stay_chosen_when_the_schema_is_saved(owner_page, owner):
    """An action may offer some of its operations only; another version of the schema adds none."""
    page = owner_page
    gpt_id = make_gpt(owner)
    document = json.loads(weather_document())
    document["paths"]["/sky"] = {"get": {"operationId": "GetSky", "description": "The sky"}}
    action = add_action(owner, gpt_id, json.dumps(document))
    owner.patch(f"/v1/gpts/{gpt_id}/actions/{action}", {"operations": ["GetSky"]})
    page.goto(f"/gpts/{gpt_id}/actions/{action}")
    expect(operation_row(page, "GetSky")).to_be_visible()
    document["paths"]["/sun"] = {"get": {"operationId": "GetSun", "description": "The sun"}}
    write_schema(page, json.dumps(document, indent=2))
    expect(operation_row(page, "GetSun")).to_be_visible()

    save_schema(page)

    assert owner.get(f"/v1/gpts/{gpt_id}")["actions"][0]["operations"] == ["GetSky"]
