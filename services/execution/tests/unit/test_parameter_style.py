"""The expansions of RFC 6570 and the table of OAS 4.8.12.6, in every location that has them."""

import pytest

COLORS = ["blue", "black", "brown"]
RGB = {"R": 100, "G": 200, "B": 150}
KEYS = {"semi": ";", "dot": ".", "comma": ","}
LIST = ["red", "green", "blue"]


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        # RFC 6570, 3.2.2: simple string expansion
        ("simple", False, "value", "value"),
        ("simple", False, "Hello World!", "Hello%20World%21"),
        ("simple", False, "50%", "50%25"),
        ("simple", False, 1024, "1024"),
        ("simple", False, "/foo/bar", "%2Ffoo%2Fbar"),
        ("simple", False, LIST, "red,green,blue"),
        ("simple", True, LIST, "red,green,blue"),
        ("simple", False, KEYS, "semi,%3B,dot,.,comma,%2C"),
        ("simple", True, KEYS, "semi=%3B,dot=.,comma=%2C"),
        ("simple", False, RGB, "R,100,G,200,B,150"),
        # RFC 6570, 3.2.5: label expansion
        ("label", False, "fred", ".fred"),
        ("label", False, "Hello World!", ".Hello%20World%21"),
        ("label", False, LIST, ".red,green,blue"),
        ("label", True, LIST, ".red.green.blue"),
        ("label", False, KEYS, ".semi,%3B,dot,.,comma,%2C"),
        ("label", True, KEYS, ".semi=%3B.dot=..comma=%2C"),
        ("label", True, RGB, ".R=100.G=200.B=150"),
        # RFC 6570, 3.2.7: path-style parameter expansion
        ("matrix", False, "fred", ";var=fred"),
        ("matrix", False, "", ";var"),
        ("matrix", False, LIST, ";var=red,green,blue"),
        ("matrix", True, LIST, ";var=red;var=green;var=blue"),
        ("matrix", False, KEYS, ";var=semi,%3B,dot,.,comma,%2C"),
        ("matrix", True, KEYS, ";semi=%3B;dot=.;comma=%2C"),
        ("matrix", True, {"a": ""}, ";a"),
        # numbers and words as JSON has them
        ("simple", False, True, "true"),
        ("simple", False, 1.5, "1.5"),
        ("simple", False, 1e3, "1000"),
        ("simple", False, 10**18, "1000000000000000000"),
        ("simple", False, "ü", "%C3%BC"),
    ],
)
def test_a_path_value_is_written_in_its_style(calls, style, explode, value, expected):
    var = calls.parameter("var", "path", style=style, explode=explode)
    assert calls.sent_path("/x{var}", var, var=value) == f"/x{expected}"


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        # RFC 6570, 3.2.8: form-style query expansion
        ("form", False, "Hello World!", "var=Hello%20World%21"),
        ("form", False, "", "var="),
        ("form", False, LIST, "var=red,green,blue"),
        ("form", True, LIST, "var=red&var=green&var=blue"),
        ("form", False, KEYS, "var=semi,%3B,dot,.,comma,%2C"),
        ("form", True, KEYS, "semi=%3B&dot=.&comma=%2C"),
        ("form", True, {"a": ""}, "a="),
        ("form", True, {"a&b=c": "d"}, "a%26b%3Dc=d"),
        # OAS 4.8.12.6
        ("form", False, COLORS, "var=blue,black,brown"),
        ("form", True, RGB, "R=100&G=200&B=150"),
        ("spaceDelimited", False, COLORS, "var=blue%20black%20brown"),
        ("spaceDelimited", False, RGB, "var=R%20100%20G%20200%20B%20150"),
        ("spaceDelimited", True, COLORS, "var=blue&var=black&var=brown"),
        ("pipeDelimited", False, COLORS, "var=blue%7Cblack%7Cbrown"),
        ("pipeDelimited", False, RGB, "var=R%7C100%7CG%7C200%7CB%7C150"),
        ("deepObject", True, RGB, "var%5BR%5D=100&var%5BG%5D=200&var%5BB%5D=150"),
        ("deepObject", True, {"a": {"b": [1, 2]}}, "var%5Ba%5D%5Bb%5D=1&var%5Ba%5D%5Bb%5D=2"),
        # what both leave open
        ("form", True, [1, None, 2], "var=1&var=2"),
        ("form", True, {"a": None, "b": 1}, "b=1"),
        ("form", True, [{"a": 1}], "var=%7B%22a%22%3A1%7D"),
        ("form", False, False, "var=false"),
    ],
)
def test_a_query_value_is_written_in_its_style(calls, style, explode, value, expected):
    var = calls.parameter("var", style=style, explode=explode)
    assert calls.sent_path("/x", var, var=value) == f"/x?{expected}"


@pytest.mark.parametrize("style", ["form", "spaceDelimited", "pipeDelimited", "deepObject"])
@pytest.mark.parametrize("nothing", [None, [], {}, [None]])
def test_an_undefined_query_value_sends_nothing(calls, style, nothing):
    var = calls.parameter("var", style=style, explode=True)
    assert calls.sent_path("/x", var, var=nothing) == "/x"


def test_null_is_sent_empty_where_an_empty_value_is_allowed(calls):
    var = calls.parameter("var", allow_empty_value=True)
    assert calls.sent_path("/x", var, var=None) == "/x?var="
    assert calls.sent_path("/x", var) == "/x"


def test_a_style_that_its_location_does_not_have_is_the_locations_default(calls):
    path = calls.parameter("p", "path", style="form", explode=True)
    query = calls.parameter("q", style="matrix", explode=False)
    assert calls.sent_path("/{p}", path, query, p=[1, 2], q=[3, 4]) == "/1,2?q=3,4"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("stars:>10+language:go", "stars:%3E10+language:go"),
        ("a/b?c=d,e;f", "a/b?c=d,e;f"),
        ("50%25 %zz", "50%25%20%25zz"),
        # these would end the value, or are not allowed in a query at all
        ("x&api_key=y#z[0]", "x%26api_key=y%23z%5B0%5D"),
    ],
)
def test_allow_reserved_keeps_what_cannot_end_the_value(calls, value, expected):
    q = calls.parameter("q", allow_reserved=True)
    assert calls.sent_path("/x", q, q=value) == f"/x?q={expected}"


def test_allow_reserved_never_reaches_the_name_of_an_exploded_member(calls):
    q = calls.parameter("q", allow_reserved=True)
    assert calls.sent_path("/x", q, q={"a=b": "c/d"}) == "/x?a%3Db=c/d"


def test_allow_reserved_never_reaches_a_path(calls):
    var = calls.parameter("var", "path", allow_reserved=True)
    assert calls.sent_path("/{var}/x", var, var="a/b?c") == "/a%2Fb%3Fc/x"


def test_a_parameter_with_json_content_is_one_encoded_document(calls):
    q = calls.parameter("q", content_type="application/json")
    assert calls.sent_path("/x", q, q={"a": [1, "é"]}) == (
        "/x?q=%7B%22a%22%3A%5B1%2C%22%C3%A9%22%5D%7D"
    )
    assert calls.sent_path("/x", q, q=None) == "/x?q=null"
    assert calls.sent_path("/x", q) == "/x"


@pytest.mark.parametrize(
    ("explode", "value", "expected"),
    [
        (False, "a,b c", "a,b c"),
        (False, COLORS, "blue,black,brown"),
        (False, RGB, "R,100,G,200,B,150"),
        (True, RGB, "R=100,G=200,B=150"),
        (False, True, "true"),
    ],
)
def test_a_header_value_is_simple_and_not_encoded(calls, explode, value, expected):
    call = calls.compiled(calls.parameter("X-Color", "header", explode=explode, argument="c"))
    assert calls.request(call, c=value).headers == (("X-Color", expected),)


@pytest.mark.parametrize(
    ("explode", "value", "expected"),
    [
        (True, "a;b c", "id=a%3Bb%20c"),
        (True, [1, 2], "id=1; id=2"),
        (False, [1, 2], "id=1,2"),
        (True, {"a": 1, "b": 2}, "a=1; b=2"),
    ],
)
def test_cookies_are_written_as_forms(calls, explode, value, expected):
    call = calls.compiled(
        calls.parameter("id", "cookie", explode=explode), calls.parameter("theme", "cookie")
    )
    sent = calls.request(call, id=value, theme="dark")
    assert sent.headers == (("cookie", f"{expected}; theme=dark"),)


def test_names_are_encoded_where_a_query_needs_it(calls):
    parameters = [
        calls.parameter("ids[]", argument="ids"),
        calls.parameter("$filter", argument="f"),
    ]
    assert calls.sent_path("/x", *parameters, ids=[1, 2], f="a eq 1") == (
        "/x?ids%5B%5D=1&ids%5B%5D=2&$filter=a%20eq%201"
    )
