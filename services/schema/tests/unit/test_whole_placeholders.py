"""Placeholders that stand where a whole URL does, or a part of its path: none is a path (nb1)."""

import pytest

from services.schema.tests.server_documents import (
    GIVEN,
    IMPORTED,
    called,
    errors,
    read,
    repaired,
    text_of,
    verdicts,
)

WHOLE = (
    *("REPLACE-WITH-DEPLOYED-API-URL", "PLUGIN_HOSTNAME", "API_URL", "YOUR_API_URL"),
    *("your-api-url", "BASE_URL_HERE", "$API_URL", "$ngrok_url/v1", "process.env.API_URL"),
    *("process.env.URL", "import.meta.env.VITE_API", "TODO", "todo", "N/A", "null", "baseUrl"),
    *("insert-url-here", "the URL of your API", "[your url]", "YOURDOMAIN", "...", "???"),
    *("PLUGIN_HOSTNAME/v1", "yourdomain/api", "%API_URL%", "<BASE_URL>", "{{baseUrl}}", "URL"),
    *("os.environ['URL']", "config.API_URL", "xxxx", "MY_SERVER", "api-url", "serverUrl/v2"),
)
IN_A_PATH = (
    *("/YOUR_PATH", "/$STAGE", "/<stage>", "/v1/YOUR-TENANT/x", "https://api.acme.io/<stage>"),
    *("https://api.acme.io/YOUR_PATH", "https://api.acme.io/$STAGE/v1", "//api.acme.io/<stage>"),
)


@pytest.mark.parametrize("source", [None, IMPORTED])
@pytest.mark.parametrize("url", [*WHOLE, *IN_A_PATH])
def test_nb1_a_placeholder_is_named_and_never_resolved(url, source):
    found = read(text_of([{"url": url}]), source)

    [error] = errors(found)

    assert error["code"] == "schema.server_placeholder"
    assert "RFC" not in error["message"]
    assert verdicts(found) == ["blocked"]


@pytest.mark.parametrize("url", [*WHOLE, *IN_A_PATH])
def test_nb1_the_base_url_takes_the_place_of_all_of_it(url):
    made = repaired(text_of([{"url": url}]), GIVEN, IMPORTED)
    assert called(read(made.text, IMPORTED)) == [GIVEN.base_url]


@pytest.mark.parametrize(
    "url",
    [
        *("/", "/v1", "v1", "api", "api/v1", "./api", "../v2", "V1", "server", "rest/services"),
        *("host", "my-service/v1", "odata/$metadata", "/$batch", "/v1/$metadata", "endpoints/v3"),
        *("API/v1/", "https://api.acme.io/API_V1", "https://api.acme.io/your-account", "/~user"),
    ],
)
def test_nb1_a_path_stays_one(url):
    found = read(text_of([{"url": url}]), IMPORTED)
    assert verdicts(found) == ["ready"]


@pytest.mark.parametrize("url", ["localhost", "localhost/v1"])
def test_nb1_localhost_is_a_host_without_its_scheme(url):
    found = read(text_of([{"url": url}]), IMPORTED)
    assert verdicts(found) == ["blocked"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://YOURTENANT.acme.io", "`servers`: YOURTENANT in https://YOURTENANT.acme.io is a"),
        ("https://%%HOST%%/v1", "%%HOST%% in https://"),
        ("TODO", "`servers`: TODO is a placeholder that"),
    ],
)
def test_nb13_a_placeholder_is_said_once_and_as_it_is_written(url, said):
    [error] = errors(read(text_of([{"url": url}])))
    assert said in error["message"]
    assert error["message"].count("is a placeholder") == 1
