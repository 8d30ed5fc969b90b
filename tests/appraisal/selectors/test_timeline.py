import pytest

from appraisal.selectors.timeline import NoSuchCycle, get_timeline


@pytest.fixture
def cycles(results):
    """Three months and two quarters with a run; Alpha has results, Beta only in a quarter."""
    cast = results.cast
    for code in ("2026-08", "2026-09", "2026-10", "2026-Q2", "2026-Q3"):
        results.run(code)
        if code != "2026-Q2":
            results.card(code, cast.ana, 70)
    results.card("2026-Q2", cast.bo, 70, team=cast.beta)
    return results


def test_newest_month_with_results_comes_first(cycles):
    timeline = get_timeline("", [cycles.cast.alpha.pk])

    assert timeline.cycle.code == "2026-10"
    assert [one.code for one in timeline.cycles] == ["2026-08", "2026-09", "2026-10"]


def test_team_without_months_starts_at_its_quarter(cycles):
    assert get_timeline("", [cycles.cast.beta.pk]).cycle.code == "2026-Q2"


def test_neighbours_end_at_both_ends(cycles):
    timeline = get_timeline("2026-08", [cycles.cast.alpha.pk])

    assert timeline.neighbour(-1) is None
    assert timeline.neighbour(1).code == "2026-09"
    assert [one.code for one in get_timeline("2026-10", []).until(2)] == ["2026-09", "2026-10"]


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("2026-08", "2026-Q3"),  # the quarter that holds the month
        ("2026-10", "2026-Q3"),  # else the newest
        ("2026-Q3", "2026-09"),  # the last month of the quarter
    ],
)
def test_other_kinds_lead_to_the_same_days(cycles, code, other):
    timeline = get_timeline(code, [cycles.cast.alpha.pk])

    assert [one.code for one in timeline.others] == [other]


def test_unknown_code_and_nothing_computed_are_no_cycle(cast):
    with pytest.raises(NoSuchCycle):
        get_timeline("2026-10", [])
    with pytest.raises(NoSuchCycle):
        get_timeline("", [])
