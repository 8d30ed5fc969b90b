from decimal import Decimal

import pytest
from django.utils import translation

from agents.templatetags.figures import delta
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors.board_lines import BoardLine, Kpi
from appraisal.web.pages.cells import RowWriter, bar_text, tint
from tests.shipped import shipped_document

S2 = parse_scheme(shipped_document("s2_call_centre_agent"))


def line(item, share, *, scope="agent", state="scored"):
    share = None if share is None else Decimal(str(share))
    kpi = Kpi(1, "share", "higher", 10, scope)
    return BoardLine(item, state, Decimal("0.5"), 20, share, share and share * 10, Decimal(10), kpi)


@pytest.fixture(params=["en", "zh-hans"])
def writer(request):
    with translation.override(request.param):
        yield RowWriter(S2, url="/s/{agent}/", why_url="/w/{agent}/?a=1&b=2")


@pytest.mark.parametrize("moved", ["0.0123", "-0.0123", "0.00001", "0", "-4.2", "1234.5"])
def test_change_is_written_as_the_tag_writes_it(writer, moved):
    for unit in ("share", "s", "h", "count", "points", "number", "money"):
        for direction in ("higher", "lower", "range", "context"):
            written = writer.change(Decimal(moved), unit, direction)

            assert written == delta(Decimal(moved), unit, direction, "cell")


def test_tint_follows_the_share_of_the_points():
    item = S2.item("satisfaction")

    levels = [
        tint(line("satisfaction", share), item) for share in ("1", "0.95", "0.7", "0.45", "0")
    ]

    assert levels == [4, 4, 3, 2, 1]


def test_nothing_is_tinted_that_is_shared_or_only_adds():
    assert tint(line("answer_rate", "0.1", scope="centre"), S2.item("answer_rate")) == 0
    assert tint(line("praise", "0.1"), S2.item("praise")) == 0
    assert tint(line("exam", None, state="awaited"), S2.item("exam")) == 0


def test_item_that_is_full_unless_something_happens_is_tinted_where_it_did():
    item = S2.item("rules_kept")

    assert [tint(line("rules_kept", share), item) for share in ("1", "0.8", "0.6", "0.2")] == [
        0,
        0,
        2,
        1,
    ]


def test_bar_keeps_inside_its_cell():
    item = S2.item("satisfaction")

    assert 'width="100.0"' in bar_text(line("satisfaction", "1.2"), item, 4)
    assert 'width="0.0"' in bar_text(line("satisfaction", "-0.2"), item, 1)
    assert bar_text(line("satisfaction", None), item, 0) == ""
