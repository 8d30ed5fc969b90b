from decimal import Decimal

import pytest

from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.scheme import parse_scheme
from appraisal.web.pages.lines import better_way

S2 = parse_scheme(list_shipped_documents()[0])


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
