from datetime import date

import pytest

from appraisal.selectors.listing import list_scorecards
from appraisal.selectors.timeline import NoSuchCycle

TODAY = date(2026, 11, 3)


@pytest.fixture
def month(results):
    cast = results.cast
    results.run("2026-10")
    results.card("2026-10", cast.ana, 70)
    results.card("2026-10", cast.ben, None, state="no_grade", grade="", covered=40)
    results.card("2026-10", cast.bo, 90, team=cast.beta)
    return results


def listed(month, user, **asked):
    found = list_scorecards(user=getattr(month.cast, user), on=TODAY, **asked)
    return [card.agent.code for card in found.cards]


def test_list_holds_what_a_person_may_see(month):
    assert listed(month, "hana") == ["ana", "ben", "bo"]
    assert listed(month, "sam") == ["ana", "ben"]
    assert listed(month, "ana") == []
    assert listed(month, "ada") == []


def test_list_is_narrowed_by_team_and_text(month):
    assert listed(month, "mona", team_code="beta") == ["bo"]
    assert listed(month, "mona", team_code="calls") == ["ana", "ben", "bo"]
    assert listed(month, "sam", team_code="beta") == []
    assert listed(month, "hana", text="BE") == ["ben"]


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        ("-total", ["bo", "ana", "ben"]),
        ("total", ["ana", "bo", "ben"]),
        ("-name", ["bo", "ben", "ana"]),
        ("-team", ["bo", "ana", "ben"]),
        ("nonsense", ["ana", "ben", "bo"]),
    ],
)
def test_who_has_no_total_is_last_whichever_way(month, order, codes):
    assert listed(month, "hana", order=order) == codes


def test_unknown_cycle_is_none_and_no_cycle_an_empty_list(cast):
    with pytest.raises(NoSuchCycle):
        list_scorecards(user=cast.hana, on=TODAY, cycle_code="1999-01")

    assert list_scorecards(user=cast.hana, on=TODAY).timeline is None
