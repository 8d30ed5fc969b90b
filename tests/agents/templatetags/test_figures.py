"""The filters and the change mark."""

from decimal import Decimal

import pytest
from django.template import Context, Template

from agents.templatetags import figures


def test_filters_leave_a_missing_value_to_the_words_for_it():
    text = Template(
        "{% load figures %}{{ v|as_percent|or_no_data }} {{ v|with_unit:'s'|or_no_data }}"
    ).render(Context({"v": None}))

    assert text == "no data no data"


def test_zero_is_a_figure_and_not_missing_data():
    text = Template("{% load figures %}{{ v|thousands|or_no_data }}").render(Context({"v": 0}))

    assert text == "0"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (figures.as_percent(Decimal("0.876")), "87.6%"),
        (figures.as_points(Decimal("78.25")), "78.25"),
        (figures.as_points(Decimal("78.25"), 1), "78.3"),
        (figures.as_seconds(312), "312 s"),
        (figures.thousands(33066), "33,066"),
    ],
)
def test_filter_writes_a_figure(written, expected):
    assert written == expected


def test_rise_of_a_kpi_that_should_rise_is_a_filled_triangle_up():
    assert figures.delta(Decimal("0.012"), "share", "higher") == (
        '<span class="delta" data-tone="better"><svg viewBox="0 0 8 8" aria-hidden="true">'
        '<path d="M4 1 7.5 7h-7z"/></svg>1.2 pp<span class="vh"> up, better</span></span>'
    )


def test_rise_of_a_kpi_that_should_fall_is_worse():
    assert figures.delta(19, "s", "lower") == (
        '<span class="delta" data-tone="worse"><svg viewBox="0 0 8 8" aria-hidden="true">'
        '<path d="M4 1 7.5 7h-7z"/></svg>19 s<span class="vh"> up, worse</span></span>'
    )


def test_change_of_a_kpi_without_direction_is_neither_better_nor_worse():
    mark = figures.delta(-3, "count", "range")

    assert 'data-tone="same"' in mark
    assert '<span class="vh"> down</span>' in mark


def test_no_change_is_said_in_words_and_as_a_sign_in_a_cell():
    assert figures.delta(0, "count") == '<span class="delta">no change</span>'
    assert figures.delta(0, "count", "higher", "cell") == (
        '<span class="delta">=<span class="vh"> no change</span></span>'
    )


def test_missing_change_writes_nothing():
    assert figures.delta(None, "count") == ""
