"""The small drawings."""

from decimal import Decimal

import pytest

from agents.templatetags import marks


def test_bar_is_as_wide_as_its_share_and_has_its_level():
    assert marks.bar(Decimal("0.533")) == (
        '<svg class="bar" data-level="2" viewBox="0 0 100 4" preserveAspectRatio="none"'
        ' aria-hidden="true"><rect width="53.3" height="4"/></svg>'
    )


def test_bar_without_a_share_is_not_drawn():
    assert marks.bar(None) == ""


def test_bar_never_leaves_its_track():
    assert 'width="100.0"' in marks.bar(Decimal("1.2"))
    assert 'width="0.0"' in marks.bar(Decimal("-0.1"))


@pytest.mark.parametrize(
    ("share", "level"),
    [("1", 4), ("0.95", 4), ("0.949", 3), ("0.70", 3), ("0.699", 2), ("0.45", 2), ("0.449", 1)],
)
def test_level_changes_exactly_at_its_floor(share, level):
    assert marks.level_of(Decimal(share)) == level


def test_sparkline_runs_from_its_lowest_to_its_highest_value():
    assert marks.sparkline([1, 3, 2], "Total, May to July") == (
        '<svg class="spark" viewBox="0 0 72 22" role="img" aria-label="Total, May to July">'
        '<path d="M3.0 18.0L36.0 4.0L69.0 11.0"/><circle cx="69.0" cy="11.0" r="2.25"/></svg>'
    )


def test_missing_value_is_a_gap_in_the_sparkline():
    assert '<path d="M3.0 18.0M69.0 4.0"/>' in marks.sparkline([1, None, 2])


def test_sparkline_of_equal_values_lies_in_the_middle():
    assert '<path d="M3.0 11.0L69.0 11.0"/>' in marks.sparkline([5, 5])


def test_sparkline_of_fewer_than_two_values_is_not_drawn():
    assert marks.sparkline([None, 4]) == ""


def test_sparkline_label_is_escaped():
    assert 'aria-label="&lt;b&gt;"' in marks.sparkline([1, 2], "<b>")


def test_grade_fills_as_many_bars_as_its_step():
    glyph = marks.grade_glyph(2, "Qualified")

    assert glyph.count('class="on"') == 2
    assert glyph.startswith('<span class="grade" data-grade="2">')
    assert glyph.endswith("</svg>Qualified</span>")


def test_stackbar_gives_each_part_its_share_and_leaves_out_empty_ones():
    assert marks.stackbar([(4, 1), (3, 0), (1, 3)]) == (
        '<svg class="stackbar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect data-grade="4" x="0.00" width="24.40" height="8"/>'
        '<rect data-grade="1" x="25.00" width="74.40" height="8"/></svg>'
    )


def test_stackbar_of_nothing_is_not_drawn():
    assert marks.stackbar([(4, 0)]) == ""


def test_progress_says_its_share():
    assert marks.progress(42, 62, "Run 15") == (
        '<progress value="67" max="100" aria-label="Run 15">67%</progress>'
    )


def test_progress_of_unknown_length_has_no_value():
    assert marks.progress(3, 0, "Reading") == '<progress max="100" aria-label="Reading"></progress>'
