from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.intervals import wilson


def test_two_of_two_prove_less_than_ten_of_twelve():
    few, many = wilson(2, 2), wilson(10, 12)

    # (4 + 3.8416 - 1.96 * 1.96) / 11.6832 and (23.8416 - 1.96 * 3.24166) / 31.6832, cut down.
    assert few is not None
    assert many is not None
    assert few.low == Decimal("0.3423")
    assert many.low == Decimal("0.5519")
    assert round(many.low, 3) == Decimal("0.552")
    assert many.low > few.low


def test_all_of_a_few_reach_up_to_all_and_none_down_to_none():
    assert wilson(2, 2) == (Decimal("0.3423"), Decimal("1.0000"))
    assert wilson(0, 2) == (Decimal("0.0000"), Decimal("0.6577"))


def test_no_case_says_nothing():
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "cases"), [(-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(successes: int, cases: int):
    with pytest.raises(ValueError, match="is no share"):
        wilson(successes, cases)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_share_and_narrows_with_more_cases(share: tuple[int, int]):
    successes, cases = share
    interval, wider = wilson(successes, cases), wilson(successes * 4, cases * 4)

    assert interval is not None
    assert wider is not None
    assert interval.low <= Decimal(successes) / cases <= interval.high
    assert wider.high - wider.low <= interval.high - interval.low
