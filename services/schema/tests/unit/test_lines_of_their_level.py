"""Lines in the column of a dash, or beside every column above, belong to the object that has such
a member.
"""

import pytest

from services.schema.tests.written_documents import examined, repaired

HEAD = 'openapi: 3.1.0\ninfo:\n  title: T\n  version: "1"\n'
SERVERS = "servers:\n  - url: https://api.foo.dev\n"
ANSWERS = 'responses:\n          "200":\n            description: d\n'
GET = f"      get:\n        operationId: a\n        summary: s\n        {ANSWERS}"
POST = f"      post:\n        operationId: b\n        summary: s\n        {ANSWERS}"
LIST = (
    "    parameters:\n      - name: q\n        in: query\n        schema:\n          type: string\n"
)
PATH = f"{HEAD}{SERVERS}paths:\n  /a:\n"
OPERATION = """    post:
      operationId: a
      summary: s
      {list}
        requestBody:
          content:
            application/json:
              schema: {{type: object, properties: {{n: {{type: string}}}}}}
      responses: {{default: {{description: d}}}}
"""
PARAMETERS = "parameters:\n        - name: q\n          in: query\n          schema: {type: string}"


def operations(text):
    return [each.operation_id for each in examined(text).operations]


def test_an_operation_in_the_column_of_a_dash_stays_one():
    [finding] = examined(PATH + LIST + GET).findings
    assert finding.hint.startswith("Indent it by 4 spaces, with the lines below it")
    assert operations(repaired(PATH + LIST + GET)) == ["a"]


@pytest.mark.parametrize("second", [POST, POST.replace("\n  ", "\n")[2:]])
def test_two_operations_stay_two(second):
    assert operations(repaired(PATH + LIST + GET + second)) == ["a", "b"]


@pytest.mark.parametrize("found", [PARAMETERS, "tags:\n        - shop"])
def test_a_body_in_the_column_of_a_dash_stays_the_operations(found):
    text = PATH + OPERATION.format(list=found)
    [made] = examined(repaired(text)).operations
    assert "n" in made.operation.arguments["properties"]


@pytest.mark.parametrize(
    "found", ["servers:\n  - url: https://api.foo.dev\n", "tags:\n  - name: t\n"]
)
def test_paths_in_the_column_of_a_dash_stay_the_documents(found):
    rest = "" if found.startswith("servers") else SERVERS
    text = f"{HEAD}{rest}{found}  paths:\n  /a:\n{GET.replace('      ', '    ', 1)}"
    assert "at the left margin" in examined(text).findings[0].hint
    assert operations(repaired(text)) == ["a"]


def test_a_member_of_the_item_is_still_moved_into_it():
    text = PATH + LIST.replace("        in:", "      in:") + GET.replace("      get", "    get", 1)
    [made] = examined(repaired(text)).operations
    assert "q" in made.operation.arguments["properties"]


def test_where_both_have_such_a_member_nothing_is_written():
    text = PATH + OPERATION.format(list=PARAMETERS)
    text = text.replace("        requestBody:", "        description: Lists\n        requestBody:")
    [finding, *_] = examined(text).findings
    assert finding.repair is None


def test_an_operation_between_the_columns_goes_to_its_path():
    text = PATH + LIST + GET.replace("      get:", "       get:")
    assert operations(repaired(text)) == ["a"]
