"""A3: no spelling of a credential's values is left in an answer."""

import base64
import html
import json
from itertools import pairwise
from urllib.parse import quote, quote_plus

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.facts import Outcome
from contracts.secret_values import masked_values, secrets_of
from egress.errors import ConnectionLost, RedirectRefused
from execution_service.domain.answer import (
    CUT_MARK,
    MAX_ANSWER_CHARACTERS,
    AnswerReader,
    read_answer,
)
from execution_service.domain.credential import Credential
from execution_service.domain.masked_json import masked_json
from execution_service.domain.masking import (
    MAX_COMPARISONS,
    NO_MASK,
    Effort,
    Mask,
    Masker,
    MaskingTooCostly,
)
from services.execution.tests.calling import invoke
from services.execution.tests.fakes import World, answered, callable_of

KEY = "sk-live/4f+9d=Q7 zé\"'&<~"
BEARER = (("Authorization", "Bearer sk_live_0123456789"),)
VISIBLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
VALUES = st.text(VISIBLE | st.characters(exclude_categories=("Cs", "Cc")), min_size=8, max_size=24)


def in_base64(value, before=b""):
    """What of it depends on the value alone."""
    encoded = base64.b64encode(before + value.encode()).decode()
    return encoded[-(-len(before) * 8 // 6) : (len(before) + len(value.encode())) * 8 // 6]


def escaped(value, digits):
    pairs = value.encode("utf-16-be").hex(" ", 2).split()
    return "".join(f"\\u{digits(pair)}" for pair in pairs)


def lower(percent_encoded):
    """`%2F` as `%2f`; what is not encoded stays."""
    parts = percent_encoded.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def spellings(value):
    """By the encoders that APIs use, not by ours."""
    as_json = json.dumps(value)[1:-1]
    forms = {
        "plain": value,
        "percent": quote(value, safe=""),
        "percent, lower case": lower(quote(value, safe="")),
        "path": quote(value),
        "form": quote_plus(value),
        "every byte": "".join(f"%{byte:02x}" for byte in value.encode()),
        "percent twice": quote(quote(value, safe=""), safe=""),
        "json": as_json,
        "json, utf-8": json.dumps(value, ensure_ascii=False)[1:-1],
        "json, slashes": as_json.replace("/", "\\/"),
        "json in json": json.dumps(json.dumps(value)[1:-1])[1:-1],
        "escaped": escaped(value, str.lower),
        "escaped, upper case": escaped(value, str.upper),
        "html": html.escape(value),
        "html, decimal": "".join(f"&#{ord(each)};" for each in value),
    }
    for before in range(3):
        core = in_base64(value, b"\xff" * before)
        forms[f"base64 after {before}"] = core
        forms[f"base64url after {before}"] = core.replace("+", "-").replace("/", "_")
    return forms


def of_query(*values):
    return Mask.of((), [("key", value) for value in values])


@pytest.mark.parametrize("form", spellings(KEY))
def test_a3_each_spelling_of_a_value_is_masked(form):
    spelling = spellings(KEY)[form]
    masked, count = of_query(KEY).applied_to_text(f"<{spelling}|")
    assert (masked, count) == ("<********|", 1)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a3_a_value_in_a_wide_charset_that_nobody_declared_is_masked(charset):
    value = "sk_live_0123456789"
    masked, count = of_query(value).applied_to(f'{{"key":"{value}"}}'.encode(charset), Effort())
    assert count == 1
    assert "0123" not in masked.replace(b"\0", b"").decode("latin-1")


@given(value=VALUES, around=st.tuples(st.text(max_size=6), st.text(max_size=6)), data=st.data())
def test_a3_no_spelling_of_any_value_is_left_however_an_answer_is_split(value, around, data):
    form = data.draw(st.sampled_from(sorted(spellings(value))))
    before, after = (each.encode(errors="replace") for each in around)
    answer = before + spellings(value)[form].encode() + after + spellings(value)[form].encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(answer)), max_size=6)))
    chunks = [answer[i:j] for i, j in zip([0, *cuts], [*cuts, len(answer)], strict=True)]

    mask = of_query(value)
    masker = Masker(mask, Effort())
    masked = b"".join([*map(masker.feed, chunks), masker.finish()])

    assert masker.count >= 1
    for spelling in spellings(value).values():
        assert spelling.encode() not in masked
    assert (masked, masker.count) == mask.applied_to(answer, Effort())


@given(st.lists(VALUES, min_size=1, max_size=3), st.binary(max_size=200))
def test_a3_nothing_else_is_changed(values, answer):
    masked, count = of_query(*values).applied_to(answer, Effort())
    if not any(value.encode() in answer for value in values):
        assert count or masked == answer
    assert (count == 0) == (masked == answer)


@given(st.lists(VALUES, min_size=2, max_size=3), st.lists(st.integers(0, 2), max_size=5), st.data())
def test_a3_values_that_overlap_are_masked_together(values, order, data):
    text = "".join(values[at % len(values)] for at in order)
    cut = data.draw(st.integers(0, len(text)))
    masker = Masker(of_query(*values), Effort())
    masked = masker.feed(text[:cut].encode()) + masker.feed(text[cut:].encode()) + masker.finish()
    for value in values:
        assert value.encode() not in masked


def test_a3_a_secret_that_contains_another_value_is_masked_whole():
    pair = base64.b64encode(b"alexander:alexander2026!").decode()
    mask = Mask.of([("Authorization", f"Basic {pair}")], ())
    assert mask.applied_to(b'{"password":"alexander2026!"}', Effort()) == (
        b'{"password":"********"}',
        1,
    )


@pytest.mark.parametrize("value", ["-" * 64, "-a" * 50])
@pytest.mark.parametrize("piece", [1_000, 100_000])
def test_a3_an_answer_of_beginnings_of_the_value_costs_a_bounded_number_of_comparisons(
    value, piece
):
    text = f"{value[:-1]}!".encode() * 20_000
    masker = Masker(of_query(value), Effort())
    pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
    with pytest.raises(MaskingTooCostly):
        b"".join(map(masker.feed, pieces))


@pytest.mark.parametrize(
    ("value", "body"), [("1234567,8", b"[1234567,8]"), ('a":"bcdefg', b'{"a":"bcdefg"}')]
)
def test_a3_a_value_across_tokens_of_json_is_masked_as_text(value, body):
    read = read_answer("application/json", body, mask=of_query(value))
    assert isinstance(read.body, str)
    assert (value in read.body, read.masked) == (False, 1)


def test_a3_the_mask_has_no_character_of_a_value():
    masked, count = of_query("********abcd").applied_to_text("********abcdabcd")
    assert (masked, count) == ("~~~~~~~~abcd", 1)


@pytest.mark.parametrize(
    ("headers", "query", "masked", "secrets"),
    [
        (BEARER, (), {"sk_live_0123456789"}, ["sk_live_0123456789"]),
        ([("X-Key", "0123456789")], [("k", "abcdefghij")], {"0123456789", "abcdefghij"}, None),
        # user: "robot-17", password: "pass word"
        ([("Authorization", "Basic cm9ib3QtMTc6cGFzcyB3b3Jk")], (), None, ["pass word"]),
        ([("Authorization", "Bearer short")], (), {"Bearer short"}, ["short"]),
        ([("X-Key", "short")], [("k", "")], set(), ["short"]),
        ([("Cookie", "a=0123456789; b=x")], (), {"0123456789"}, ["0123456789", "x"]),
        ([("X", "Token t=0123456789")], (), {"0123456789", "t=0123456789"}, ["t=0123456789"]),
        ([("X", 'K id="abc", secret="0123456789"')], (), None, ['K id="abc", secret="0123456789"']),
        ([("Authorization", "Basic not*base64")], (), {"not*base64"}, ["not*base64"]),
    ],
)
def test_a3_what_of_a_credential_is_masked(headers, query, masked, secrets):
    if masked is not None:
        assert set(masked_values(headers, query)) == masked
    if secrets is not None:
        assert secrets_of(headers, query) == secrets


@pytest.mark.parametrize("echoed", ["cm9ib3QtMTc6cGFzcyB3b3Jk", "robot-17", "pass word"])
def test_a3_of_basic_the_encoded_pair_user_and_password_are_masked(echoed):
    mask = Mask.of([("Authorization", "Basic cm9ib3QtMTc6cGFzcyB3b3Jk")], ())
    assert mask.applied_to_text(f"[{echoed}]") == ("[********]", 1)


def read(body, content_type="application/json", *, value="12345678", complete=True):
    return read_answer(content_type, body, complete=complete, mask=of_query(value))


@pytest.mark.parametrize(
    ("body", "masked"),
    [
        (b'{"key":12345678,"n":1}', {"key": "********", "n": 1}),
        (b'{"key":-9912345678.5e1}', {"key": "********"}),
        (b'{"12345678":["12345678",12345678]}', {"********": ["********", "********"]}),
    ],
)
def test_a3_json_stays_json_where_a_value_is_a_number(body, masked):
    answer = read(body)
    assert json_of(answer) == masked
    assert answer.masked == json.dumps(masked).count("********")


def test_a3_json_stays_json_where_a_value_takes_a_part_of_an_escape():
    assert json_of(read(rb'{"a":"\nabcdefg"}', value="nabcdefg")) == {"a": "\nabcdefg"}
    assert json_of(read(rb'{"a":"\u0041bcdefgh-"}', value="0041bcdefgh")) == {"a": "Abcdefgh-"}


def json_of(answer):
    return json.loads(answer.body.text)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1", "shift-jis"])
def test_a3_text_of_any_charset_is_masked(charset):
    answer = read("für 12345678".encode(charset, "replace"), f"text/plain; charset={charset}")
    assert answer.body.endswith("r ********")
    assert answer.masked == 1


def test_a3_the_content_type_is_masked_before_its_case_is_changed():
    answer = read(b"", "text/ABCDEFGH", value="ABCDEFGH")
    assert (answer.content_type, answer.masked) == ("text/********", 1)


@pytest.mark.parametrize("shown", range(1, 8))
def test_a3_an_answer_that_was_cut_does_not_end_with_a_part_of_a_value(shown):
    answer = read(b"x" * 500 + b"12345678"[:shown], "text/plain", complete=False)
    assert answer.body.partition("\n")[0].strip("x") == ""
    assert answer.truncated


def test_a3_a_value_at_the_end_of_what_is_shown_is_not_shown_in_part():
    body = b"x" * (MAX_ANSWER_CHARACTERS - 4) + b"12345678" + b"y" * 500
    answer = read(body, "text/plain")
    mark = CUT_MARK.format(total=f"{len(body):,}", kept=MAX_ANSWER_CHARACTERS)
    assert answer.body == "x" * (MAX_ANSWER_CHARACTERS - 4) + "****" + mark


def test_a3_an_answer_to_a_call_without_a_credential_is_not_looked_at():
    body = orjson.dumps({"key": "12345678"})
    assert NO_MASK.applied_to(body, Effort())[0] is body
    assert read_answer("application/json", body, complete=True).masked == 0


def signing_world(calls, answer, query=()):
    """Whose credential is BEARER, and what `query` has."""
    compiled = calls.compiled(calls.parameter("id"))
    credential = Credential(1).signing(BEARER, query)
    return World(callable_of(compiled), credential=credential, answer=answer)


async def test_a3_an_answer_that_cannot_be_masked_is_withheld(calls):
    answer = answered(body=b"-" * 50_000, content_type="text/plain")
    finished = await invoke(signing_world(calls, answer, query=(("k", "-" * 64),)))
    assert (finished.body, finished.error.code) == (None, "execution.answer_withheld")
    assert finished.outcome is Outcome.SUCCEEDED


async def test_a3_an_error_that_repeats_a_value_is_masked_and_counted(calls):
    lost = ConnectionLost("After sk_live_0123456789", hint="(sk_live_0123456789)", sent=True)
    finished = await invoke(signing_world(calls, lost))
    assert finished.outcome is Outcome.FAILED
    assert finished.error.sentence == "After ********"
    assert (finished.error.hint, finished.masked) == ("(********)", 2)


async def test_a3_a_refusal_that_repeats_a_value_is_masked(calls):
    world = signing_world(calls, RedirectRefused("To ?k=sk_live_0123456789", hint="No."))
    with pytest.raises(RedirectRefused) as refusal:
        await invoke(world)
    assert refusal.value.sentence == "To ?k=********"


async def test_a3_facts_about_a_call_hold_nothing_of_its_answer(calls):
    world = signing_world(calls, answered(body=b'{"key":"sk_live_0123456789"}'))
    finished = await invoke(world)
    assert (finished.body.text, finished.masked) == (b'{"key":"********"}', 1)
    assert "sk_live" not in "".join(fact.model_dump_json() for fact in world.facts)


def test_a3_a_credential_and_its_mask_show_nothing_of_themselves():
    credential = Credential(1).signing(BEARER, (("k", "abcdefghij"),))
    shown = repr(
        [credential, credential.mask, *credential.mask.forms, Masker(credential.mask, Effort())]
    )
    assert "sk_live" not in shown
    assert "abcdefghij" not in shown


@given(
    value=VALUES,
    around=st.tuples(st.text(max_size=4), st.text(max_size=4)),
    cuts=st.lists(st.integers(0, 60), max_size=4),
    charset=st.sampled_from(["utf-8", "utf-16-le"]),
    most=st.integers(1, 60),
)
def test_a3_what_is_shown_of_an_answer_does_not_depend_on_its_pieces(
    value, around, cuts, charset, most
):
    before, after = (each.encode(errors="replace").decode() for each in around)
    body = f"{before}{value}{after}{value}".encode(charset)
    content_type = f"text/plain; charset={charset.removesuffix('-le')}"
    whole, pieces = (AnswerReader(content_type, most, of_query(value)) for _ in range(2))
    whole.feed(body)
    bounds = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    for start, end in pairwise(bounds):
        pieces.feed(body[start:end])

    shown = pieces.end()

    assert shown == whole.end()
    assert value not in shown.body
    assert shown.truncated == (len(f"{before}{value}{after}{value}") > most)


def test_a3_a_value_that_is_a_media_type_hides_the_type_and_not_the_answer():
    mask = Mask.of((("Authorization", "Bearer application"),), ())

    answer = read_answer("application/json", b'{"a": 1}', mask=mask)

    assert answer.content_type == "********/json"
    assert answer.body == read_answer("application/json", b'{"a": 1}').body


NESTED = ["\\", "%", "&", '"', "'", "/", "+", " "]
"""Characters with many spellings, some of which hold the character itself."""


@pytest.mark.parametrize("character", NESTED)
@pytest.mark.parametrize("length", [8, 16, 40])
def test_a3_a_value_that_can_be_read_in_many_ways_takes_no_more_comparisons_than_any(
    character, length
):
    mask = Mask.of((("X-Key", character * length),), ())
    body = character.encode() * 90_000

    with pytest.raises(MaskingTooCostly):
        read_answer("text/plain", body, mask=mask)


def test_a3_places_that_a_value_may_have_reached_count():
    """Of a value of backslashes, each of which may also be two or four of the answer's."""
    mask = Mask.of((("X-Key", "\\" * 40),), ())
    effort = Effort()
    form = mask.forms[0]

    with pytest.raises(MaskingTooCostly):
        list(form.spans(b"\\" * 2_000, frozenset(), effort))


def test_a3_the_comparisons_of_all_tokens_of_an_answer_count_together():
    mask = Mask.of((("A", "12345678"), ("B", "a-" * 400 + "Z")), ())
    token = b'"' + rb"a\\\\u002d" * 60 + b'"'
    effort = Effort()

    masked_json(mask, b"[12345678," + b",".join([token] * 3) + b"]", effort)
    spent = MAX_COMPARISONS - effort.left
    effort = Effort()
    masked_json(mask, b"[12345678," + b",".join([token] * 6) + b"]", effort)

    assert MAX_COMPARISONS - effort.left > 1.5 * spent
