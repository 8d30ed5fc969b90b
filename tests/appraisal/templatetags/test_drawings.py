import re
from decimal import Decimal
from itertools import pairwise

import pytest

from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.pictures import picture
from appraisal.scoring.scheme import parse_scheme
from appraisal.templatetags.drawings import Threshold, grade_scale, rule_picture, shortly

SCHEMES = [parse_scheme(document) for document in list_shipped_documents()]
GRADES = [
    Threshold(Decimal(60), "Qualified", is_reached=True),
    Threshold(Decimal(80), "Good", is_reached=False),
    Threshold(Decimal(90), "Excellent", is_reached=False),
]


@pytest.mark.parametrize("item", [item for scheme in SCHEMES for item in scheme.items])
@pytest.mark.parametrize("value", ["0", "0.86", "3", "250", "99999"])
def test_every_shipped_rule_is_drawn_wide_and_for_a_phone(item, value):
    average = Decimal(40) if item.rule.needs_target else None
    told = picture(item.rule, Decimal(10), Decimal(value), target=average)
    drawn = rule_picture(told, "number", item.name.en)

    assert drawn.count("<svg") == 2
    assert drawn.count('class="here"') == 2
    for width, inside in re.findall(r'viewBox="0 0 (\d+) \d+"(.*?)</svg>', drawn, re.DOTALL):
        places = [float(x) for x in re.findall(r'(?:cx|x1|x2)="([-\d.]+)"', inside)]
        assert all(0 <= x <= float(width) for x in places)


def test_the_value_that_is_marked_is_rounded_as_it_is_in_words():
    told = picture(SCHEMES[0].items[0].rule, Decimal(10), Decimal("95.25"))

    assert "95.3 →" in rule_picture(told, "number")


def test_picture_without_a_value_marks_nothing():
    drawn = rule_picture(picture(SCHEMES[0].items[0].rule, Decimal(10)), "number")

    assert 'class="here"' not in drawn


def test_scale_names_the_grade_reached_and_the_next_where_there_is_room():
    drawn = grade_scale(Decimal("78.25"), GRADES, "1.75 to Good")
    wide, phone = drawn.split("</svg>")[:2]

    assert all(name in wide for name in ("60 Qualified", "80 Good", "90 Excellent"))
    assert "60 Qualified" in phone
    assert ">1.75 to Good<" in phone
    assert 'width="438.2"' in wide  # 78.25% of 560


@pytest.mark.parametrize("total", ["0", "100", "-3", "104.5"])
def test_scale_stays_inside_its_ends(total):
    drawn = grade_scale(Decimal(total), GRADES)

    widths = [float(one) for one in re.findall(r'width="([-\d.]+)"', drawn)]
    assert all(0 <= one <= 560 for one in widths)


@pytest.mark.parametrize(("points", "text"), [("15.00", "15"), ("13.33", "13.33"), (None, "")])
def test_points_are_written_short(points, text):
    assert shortly(points and Decimal(points)) == text


def test_labels_of_long_times_do_not_run_into_each_other():
    pauses = next(
        item for scheme in SCHEMES for item in scheme.items if item.kpi == "pause_in_22_shifts"
    )

    drawn = rule_picture(picture(pauses.rule, Decimal(3)), "s")

    for inside in re.findall(r"<svg.*?</svg>", drawn, re.DOTALL):
        labels = re.findall(r'<text x="([\d.]+)" y="178"[^>]*>([^<]*)<', inside)
        # A letter is about 6 wide, and every label is centred on its place.
        ends = [(float(x) - 3 * len(text), float(x) + 3 * len(text)) for x, text in labels]
        assert labels[0][1] == "6 h 23 min 20 s"
        assert all(left[1] <= right[0] for left, right in pairwise(ends))
