import pytest

from kit.etags import etag_of_content, is_known

ETAG = etag_of_content(b"an answer")


def test_the_same_answer_has_the_same_etag_and_another_has_another():
    assert etag_of_content(b"an answer") == ETAG
    assert etag_of_content(b"another answer") != ETAG
    assert ETAG.startswith('"')
    assert ETAG.endswith('"')


@pytest.mark.parametrize(
    "header", [ETAG, f"W/{ETAG}", f'"other", {ETAG}', f'{ETAG},W/"x"', "*", " * "]
)
def test_an_answer_that_the_caller_names_is_known(header):
    assert is_known(ETAG, header)


@pytest.mark.parametrize(
    "header", [None, "", '"other"', ETAG.strip('"'), f'{ETAG[:-2]}"', f'"x{ETAG[1:]}', "**"]
)
def test_any_other_answer_is_not(header):
    assert not is_known(ETAG, header)
