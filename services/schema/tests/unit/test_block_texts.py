"""Texts behind | or > whose lines begin too far left: what is said, and the text that is left
after the repair (nc3).
"""

import pytest

from schema_service.domain.reading.read_document import read_document
from services.schema.tests.written_documents import OPENING, examined, repaired

TEXT = (
    OPENING
    + """  /a:
    get:
      operationId: a
      description: {mark}
{text}
      parameters:
        - name: q
          in: query
          schema:
            type: string
      responses:
        "200":
          description: ok
"""
)
TEXTS = [
    "        Lists the\n       items",
    "        Lists the\n       items: all",
    "        Lists the\n      items here: all of them",
    "      Lists the items here: all of them",
    "      Lists: the items",
    "      Lists the items here: all of them\n      And more words",
    "      And more words\n      Lists the items here: all of them",
    "      And more words\n\n        - indented\n      the end",
    "      - one\n      - two",
    "Words at the margin\n      and more",
]


@pytest.mark.parametrize("mark", ["|", ">", "|-"])
@pytest.mark.parametrize("text", TEXTS)
def test_nc3_a_text_that_begins_too_far_left_is_said_and_stays_a_text(text, mark):
    whole = TEXT.format(text=text, mark=mark)
    said = [each.message for each in examined(whole).findings]
    assert any(f'"description:" announces with {mark}' in each for each in said)
    operation = read_document(repaired(whole)).document["paths"]["/a"]["get"]
    assert operation["description"].split() == text.split()
    assert {*operation} == {"operationId", "description", "parameters", "responses"}


def test_nc3_members_behind_a_text_of_its_own_stay_members():
    whole = TEXT.format(text="        Lists\n      x-own: 1\n      Mine: 2", mark="|")
    assert repaired(whole) == whole
