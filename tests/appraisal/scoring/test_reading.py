from decimal import Decimal

import pytest

from appraisal.scoring.reading import Reader, Text, as_decimal, dump_number


@pytest.mark.parametrize(
    ("raw", "value"),
    [(5, "5"), ("0.95", "0.95"), (0.95, "0.95"), (" 12 ", "12"), (Decimal("1.5"), "1.5")],
)
def test_numbers_are_taken_as_they_are_written(raw, value):
    assert as_decimal(raw) == Decimal(value)


@pytest.mark.parametrize("raw", [True, None, "ten", "NaN", "inf", "0.0000000001", 10**9, [1]])
def test_what_is_no_exact_number_is_refused(raw):
    assert as_decimal(raw) is None


@pytest.mark.parametrize(("value", "written"), [("5.0", 5), ("0.950", "0.95"), ("1E+2", 100)])
def test_numbers_are_written_without_needless_places(value, written):
    assert dump_number(Decimal(value)) == written


def read(document, *steps):
    problems = []
    reader = Reader(document, "here", problems)
    for step in steps:
        step(reader)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("document", "step", "problem"),
    [
        ([], lambda r: None, "here: must be a mapping of names to values"),
        ({}, lambda r: r.text("a"), "here.a: is missing"),
        ({"a": 1}, lambda r: r.text("a"), "here.a: must be a text"),
        ({}, lambda r: r.names("a"), "here.a: is missing: give en and zh"),
        ({"a": {"en": "x"}}, lambda r: r.names("a"), "here.a.zh: is missing"),
        ({"a": "x"}, lambda r: r.choice("a", ["y", "z"]), "here.a: must be one of y, z"),
        ({"a": 5}, lambda r: r.number("a", high=4), "here.a: must be at most 4"),
        ({"a": 5}, lambda r: r.number("a", low=6), "here.a: must be at least 6"),
        ({"a": 5}, lambda r: r.number("a", low=6, high=7), "here.a: must be from 6 to 7"),
        ({"a": "1.5"}, lambda r: r.whole("a"), "here.a: must be a whole number"),
        ({"a": []}, lambda r: r.words("a"), "here.a: must be a list with at least one code"),
        ({"a": {}}, lambda r: r.entries("a"), "here.a: must be a list with at least one entry"),
        ({"b": 1}, lambda r: r.finish(), "here.b: is not known here; check the spelling"),
    ],
)
def test_problem_names_its_place(document, step, problem):
    assert read(document, step) == [problem]


def test_text_is_given_in_the_language_of_the_reader():
    text = Text(en="Good", zh="良好")

    assert [text.in_language(code) for code in ("en", "zh", "zh-hans")] == ["Good", "良好", "良好"]
