"""What the command line prints of a refusal and of a document's findings."""

import pytest

from openactions import ProblemError
from openactions.commands import finding_lines

SENTENCE = "Could not parse valid OpenAPI spec: the { is not closed"
UNCLOSED = {"message": SENTENCE, "hint": "Write }.", "pointer": "", "line": 2, "column": 7}
OTHER = {"message": "The [ is not closed", "hint": "Write ].", "line": 4, "column": None}


def test_n30_a_refused_document_is_said_once_with_line_and_column():
    problem = {"detail": SENTENCE, "hint": "Write }.", "findings": [UNCLOSED, OTHER]}

    lines = [*ProblemError(problem).finding_lines()]

    assert lines == ["line 2, column 7", "line 4  The [ is not closed  Write ]."]


def test_n30_what_has_no_place_in_a_text_has_its_pointer():
    problem = {"detail": "No.", "findings": [{"pointer": "/body/operations/1", "message": "Gone."}]}
    assert [*ProblemError(problem).finding_lines()] == ["/body/operations/1  Gone."]


@pytest.mark.parametrize(
    ("finding", "line", "hint"),
    [
        (UNCLOSED, "a.yaml:2:7: ", "Write }."),
        (OTHER, "a.yaml:4: ", "Write ]."),
        ({"message": "So. Do it.", "hint": "Do it."}, "a.yaml: ", None),
    ],
)
def test_n30_a_finding_of_an_import_has_its_place(finding, line, hint):
    [(text, beside)] = finding_lines("a.yaml", [{"severity": "error", **finding}])

    assert text.startswith(line)
    assert beside == hint
