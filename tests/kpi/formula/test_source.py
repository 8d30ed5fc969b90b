from decimal import Decimal

import pytest

from kpi.formula.errors import FormulaError
from kpi.formula.source import MAX_LENGTH, Source


def code_of(text: str) -> str:
    with pytest.raises(FormulaError) as caught:
        Source(text)
    return caught.value.code


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_empty_text_is_refused(text):
    assert code_of(text) == "empty"


def test_formula_may_span_lines_and_start_with_spaces():
    source = Source("\n  count(contacts)\n  / count(shifts)\n")

    assert source.error(source.tree, "bad_number").offset == 3


@pytest.mark.parametrize(
    "text", ["count(contacts", "1 +", "a) + (b", "count(contacts))", "x = 1", "a; b", "1 2", "\x00"]
)
def test_text_that_is_no_expression_is_refused(text):
    assert code_of(text) == "syntax"


def test_comment_is_refused_because_it_would_hide_a_part():
    assert code_of("count(contacts) # / 2") == "comment"


def test_text_over_the_limit_is_refused():
    assert code_of("1" + "+1" * MAX_LENGTH) == "too_long"


@pytest.mark.parametrize("text", ["-" * 900 + "1", "(" * 900 + "1" + ")" * 900, "not " * 400 + "a"])
def test_deep_nesting_is_refused_without_hanging(text):
    assert code_of(text) in ("too_deep", "syntax")


def test_many_parts_are_refused():
    assert code_of("f(" + ",".join("1" * 700) + ")") == "too_large"


def test_long_sum_is_refused_as_too_deep():
    assert code_of("+".join("1" * 100)) == "too_deep"


def test_number_is_read_as_written_never_as_a_float():
    source = Source("0.1")

    assert source.number(source.tree) == Decimal("0.1")


@pytest.mark.parametrize("text", ["1e9", "1_000", "0x1F", "1j", "9" * 30])
def test_number_in_another_notation_is_refused(text):
    source = Source(text)

    with pytest.raises(FormulaError) as caught:
        source.number(source.tree)

    assert caught.value.code == "bad_number"


def test_place_counts_characters_not_bytes():
    text = 'count(contacts, where=queue == "贷款" and foo)'
    source = Source(text)
    part = source.tree.keywords[0].value.values[1]

    error = source.error(part, "bad_number")

    assert text[error.offset : error.offset + error.length] == "foo"
