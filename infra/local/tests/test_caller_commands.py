"""T12: what a newcomer types wrongly is refused in a sentence, before anybody is asked."""

import pytest
import typer
from typer.testing import CliRunner

from openactions import OpenActions, Unreachable
from openactions.commands import import_document, invoke


def run(command, *arguments):
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(command)
    ended = CliRunner().invoke(app, [*arguments, "--token", "x", "--url", "http://127.0.0.1:1"])
    return ended.exit_code, " ".join(ended.output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "is not a JSON object, such as"),
        ("7", "is not a JSON object, such as"),
        ("{", "is not JSON: Expecting property name"),
        ('{"a": NaN}', "is not JSON: NaN is not JSON"),
        ("[" * 5000, "is not JSON: maximum recursion depth"),
        ('{"a": "\udcff"}', "is not UTF-8 text"),
    ],
)
def test_t12_arguments_that_are_no_json_object_are_refused(text, sentence):
    status, said = run(invoke, "gpt_1", "sayHello", "--arguments", text)

    assert status == 2
    assert sentence in said


def test_t12_a_document_that_is_not_utf8_is_refused_in_words(tmp_path):
    document = tmp_path / "openapi.yaml"
    document.write_bytes(b"info: \xff")

    status, said = run(import_document, str(document))

    assert status == 2
    assert "is not UTF-8 text, from byte 6." in said


@pytest.mark.parametrize(("url", "token"), [("http://h:x", "x"), ("http://h", "\udcff")])
def test_t12_an_address_or_token_that_cannot_be_used_is_a_sentence(url, token):
    with pytest.raises(Unreachable, match="cannot be used"):
        OpenActions(url, token)
