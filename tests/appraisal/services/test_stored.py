"""What a run stored, read back as it was measured."""

import pytest

from appraisal.services import stored
from tests.golden.centre import compute, open_cycle
from tests.golden.test_by_days import build, publish_schemes


@pytest.fixture
def centre(library):
    publish_schemes()
    centre = build()
    centre.store()
    return centre


@pytest.fixture
def known(centre):
    run = compute(open_cycle())
    return stored.stored_of(run.pk, run.digest)


def test_lines_say_where_they_belong_and_what_they_measured(centre, known):
    bob = centre.people["bob"].pk

    lines = stored.lines_of(known, frozenset([bob])).sort_values("item")

    key = centre.positions["key"].pk
    assert list(zip(lines["source"], lines["place"], lines["points"], strict=True)) == [
        ("calls", 0, 2452), ("exam", 0, 1103), ("good", 0, 1379), ("praise", key, 1161),
        ("talk", key, 1742),
    ]  # fmt: skip
    assert not lines["has_average"].any()


def test_figures_are_those_of_one_place(centre, known):
    people = {code: centre.people[code].pk for code in ("bob", "eve")}
    lines = stored.lines_of(known, frozenset(people.values()))
    key = centre.positions["key"].pk

    desk = stored.figures_in(lines, dict.fromkeys(people.values(), stored.DECIDING))
    further = stored.figures_in(lines, {people["bob"]: key})

    assert {name for name in desk if ":" not in name} == {"calls", "good", "exam"}
    assert desk["exam"].loc[people["eve"], "state"] == "no_data"
    assert further["talk"].index.tolist() == [people["bob"]]
    assert further["talk"].loc[people["bob"], "value"] == 250 * 10**9


def test_lines_are_read_once(known, django_assert_num_queries):
    agents = frozenset(known.before["agent_id"])
    stored.lines_of(known, agents)

    with django_assert_num_queries(0):
        stored.lines_of(known, agents)
