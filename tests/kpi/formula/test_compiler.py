import re

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.formula.canonical import value_text
from kpi.formula.compiler import (
    apart_of,
    compile_formula,
    facts_of,
    measures_for,
    ratings_of,
    resolve,
    scores_of,
)
from kpi.formula.errors import FormulaError

PER_SHIFT = (
    "count(contacts, where=answered)"
    " / imported(shifts, count(shifts, where=logged_in_s > 0), distinct(contacts.day))"
)


def texts(measures):
    return [measure.text for measure in measures]


def test_formula_knows_its_facts_and_unit():
    formula = compile_formula("1000 * count(tickets, where=upheld) / count(contacts)")

    assert formula.facts == {"tickets", "contacts"}
    assert formula.unit == "per_thousand"


def test_formula_is_compiled_once():
    assert compile_formula("count(contacts)") is compile_formula("count(contacts)")


def test_measure_that_stands_twice_is_measured_once():
    formula = compile_formula("1 - (count(contacts) - count(shifts)) / count(contacts)")

    assert texts(formula.measures) == ["count(contacts)", "count(shifts)"]


def test_only_the_branch_that_was_imported_is_measured():
    formula = compile_formula(PER_SHIFT)

    with_shifts = measures_for(formula, frozenset({"contacts", "shifts"}))
    without = measures_for(formula, frozenset({"contacts"}))

    assert texts(with_shifts) == [
        "count(contacts, where=answered)",
        "count(shifts, where=logged_in_s > 0)",
    ]
    assert texts(without) == [
        "count(contacts, where=answered)",
        "distinct(contacts.day)",
        "count(contacts, where=day is not None)",
    ]


def test_facts_of_the_other_branch_are_not_needed():
    formula = compile_formula(PER_SHIFT)

    assert facts_of(resolve(formula, frozenset({"contacts"}))) == {"contacts"}


def test_what_stands_inside_peers_and_weeks_is_not_measured_of_the_group_as_a_whole():
    formula = compile_formula(
        "avg(contacts.talk_s) / peers(avg(contacts.talk_s)) * stdev(over(week, count(surveys)))"
    )
    texts = [measure.text for measure in measures_for(formula, frozenset({"contacts", "surveys"}))]

    assert texts == [
        "sum(contacts.talk_s)",
        "count(contacts, where=talk_s is not None)",
    ]
    assert [value_text(part) for part in apart_of(formula.root)] == [
        "peers(avg(contacts.talk_s))",
        "stdev(over(week, count(surveys)))",
    ]


def test_score_of_is_named():
    assert scores_of(compile_formula('score_of("reports") / 2').root) == {"reports"}


def test_ratings_are_named():
    formula = compile_formula('0.6 * rating("direct") + 0.4 * rating("next_level")')

    assert ratings_of(formula.root) == {"direct", "next_level"}
    assert formula.measures == ()


WORDS = [
    *("count", "sum", "avg", "percentile", "over", "week", "team", "peers", "imported", "rating"),
    *("contacts", "shifts", "contacts.talk_s", "talk_s", "answered", "channel", "period_end"),
    *("where=", "in", "not", "and", "or", "is", "None", "True", "30", "0", "0.5", "'phone'"),
    *("(", ")", "[", "]", ",", "+", "-", "*", "/", "==", "<=", "**", "lambda", "#", "贷", "\n"),
]
PIECES = re.findall(r"\w+|\W", PER_SHIFT)


@st.composite
def damaged_formulas(draw):
    """Draw a good formula in which up to three pieces were replaced."""
    pieces = list(PIECES)
    for _ in range(draw(st.integers(min_value=1, max_value=3))):
        place = draw(st.integers(min_value=0, max_value=len(pieces) - 1))
        pieces[place] = draw(st.sampled_from([*WORDS, *PIECES]))
    return "".join(pieces)


def error_of(text):
    try:
        compile_formula(text)
    except FormulaError as error:
        return error
    return None


@settings(max_examples=300)
@given(damaged_formulas() | st.lists(st.sampled_from(WORDS)).map(" ".join) | st.text())
def test_any_text_is_a_formula_or_an_error_inside_the_text(text):
    error = error_of(text)

    if error is None:
        root = compile_formula(text).root
        assert compile_formula(value_text(root)).root == root
    else:
        assert 0 <= error.offset <= max(0, len(text) - 1)
        assert 1 <= error.length <= max(1, len(text))
