from decimal import Decimal

import pytest
from django.utils.translation import override

from appraisal.models import ScorecardLine
from appraisal.scoring.scheme import parse_scheme
from appraisal.web.pages.lines import absent_text, basis_for, better_way, mark_of, sample_text
from kpi.models import KPIVersion
from tests.shipped import shipped_document

S2 = parse_scheme(shipped_document("s2_call_centre_agent"))


@pytest.mark.parametrize(
    ("now", "before", "way"),
    [
        (310, 330, "lower"),  # nearer to 240-300: the fall is better
        (330, 310, "lower"),  # further away: the rise is worse
        (230, 200, "higher"),
        (200, 230, "higher"),
        (250, 290, "range"),  # inside both times: neither
    ],
)
def test_in_a_range_coming_nearer_is_better(now, before, way):
    rule = S2.item("handle_time").rule

    assert better_way(Decimal(now), Decimal(before), "range", rule) == way


def test_other_directions_stay_as_the_kpi_says():
    rule = S2.item("satisfaction").rule

    assert better_way(Decimal(1), Decimal(2), "higher", rule) == "higher"


@pytest.mark.parametrize(
    ("sample", "language", "text"),
    [
        (1, "en", "1 exam"),
        (2, "en", "2 exams"),
        (0, "en", "0 exams"),
        (1, "zh-hans", "1 次考试"),
    ],
)
def test_a_sample_of_one_is_told_in_the_singular(sample, language, text):
    exams = KPIVersion(formula="count(trainings)", sample_en="exams", sample_zh="次考试")
    line = ScorecardLine(state="scored", sample=sample, kpi_version=exams)

    with override(language):
        told = sample_text(line)

    assert told == text


def test_a_sum_of_different_counts_tells_no_sample():
    late = "count(shifts, where=late_min > 0) + sum(shifts.leave_days)"
    line = ScorecardLine(
        state="scored", sample=0, kpi_version=KPIVersion(formula=late, sample_en="shifts")
    )

    assert sample_text(line) == ""


def test_what_cannot_be_measured_says_so_and_looks_like_missing_data():
    assert absent_text("not_measurable") == "not measurable"
    assert mark_of("not_measurable") == mark_of("no_data") == "none"


@pytest.mark.parametrize(
    ("code", "basis"),
    [
        ("schedule_adherence", "s"),
        ("business_completion", "plan"),
        ("transfer_rate", "cases"),
        ("plan_effect_csat", "other"),
    ],
)
def test_ratio_of_a_line_is_told_by_the_formula_of_its_kpi(code, basis, library):
    version = KPIVersion.objects.get(kpi__code=code)

    assert basis_for(version, frozenset({"shifts", "figures", "contacts"})) == basis


def test_rating_is_no_ratio_of_cases():
    assert basis_for(None, frozenset()) == "other"
