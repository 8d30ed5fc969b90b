from decimal import Decimal

import pytest
from django.utils.translation import override

from appraisal.web.pages.totals import sum_text
from kpi.formula.compiler import compile_formula


@pytest.mark.parametrize(
    ("row", "added", "text"),
    [
        # 2,700 s = 45 x 60; 298,361 s = 82 x 3,600 + 52 x 60 + 41
        ("shifts.overtime_s", "2700", "2,700 s (45 min)"),
        ("shifts.handling_s", "298361", "298,361 s (82 h 52 min 41 s)"),
        ("shifts.break_s", "59", "59 s"),
        ("shifts.late_min", "12", "12 min"),
        ("trainings.hours", "6.5", "6.5 h"),
        ("events.quantity", "1200", "1,200"),
        ("figures.value", "12.5", "12.5"),
    ],
)
def test_sum_has_the_unit_of_what_is_added_up(row, added, text):
    (measure,) = [compile_formula(f"sum({row})").root.measure]

    with override("en"):
        assert sum_text(Decimal(added), measure.row) == text
