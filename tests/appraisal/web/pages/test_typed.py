import pytest
from django.utils import translation

from appraisal.web.pages.typed import read_typed, typed


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("0.95", "share", "95%"),
        ("0.9475", "share", "94.75%"),
        (43200, "s", "12 h"),
        (300, "s", "300 s"),
        (7201, "s", "7201 s"),  # no round number of hours
        (58, "number", "58"),
        ("2.5", "number", "2.5"),
        (None, "share", ""),
        ("many", "share", "many"),
    ],
)
def test_figure_is_shown_as_one_types_it(value, unit, text):
    with translation.override("en"):
        assert typed(value, unit) == text


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("95%", "share", "0.95"),
        ("95", "share", "0.95"),
        ("100 %", "share", 1),
        ("12 h", "s", 43200),
        ("12小时", "s", 43200),
        ("1.5 min", "s", 90),
        ("300", "s", 300),
        ("1,200", "number", 1200),
        ("1,234,567.5", "number", "1234567.5"),
        ("1，200", "number", 1200),
        ("7,200 s", "s", 7200),
        ("40,5", "number", "40,5"),
        ("1,20", "number", "1,20"),
        ("1,5 h", "s", "1,5 h"),
        (" ", "number", None),
        ("abc", "share", "abc"),
        ("5 apples", "s", "5 apples"),
        ("9" * 23, "number", "9" * 23),
    ],
)
def test_text_is_read_exactly_or_left_as_it_stands(text, unit, value):
    assert read_typed(text, unit) == value


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("value", "unit"),
    [("0.855", "share"), (86400, "s"), (45, "s"), (7201, "s"), (5, "per_thousand"), (3, "days")],
)
def test_what_is_shown_is_read_as_the_same(language, value, unit):
    with translation.override(language):
        assert read_typed(typed(value, unit), unit) == value
