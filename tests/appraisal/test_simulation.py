"""Before and after, worked out by hand."""

import pandas as pd
import pytest

from appraisal.scoring import cards
from appraisal.scoring.fixed import SCALE
from appraisal.scoring.scheme import parse_scheme
from appraisal.simulation import compare, join, leave_out, reasons, tally

# Three people with two shares each, in percent: exam and quality.
SHARES = {1: (100, 50), 2: (50, 100), 3: (80, 80)}


def scheme(exam, quality):
    """A scheme of two items in which the value is the share; good from 80."""
    name = {"en": "x", "zh": "x"}
    weights = {"exam": exam, "quality": quality}
    return parse_scheme(
        {
            "code": "x",
            "name": name,
            "positions": ["agent"],
            "cycles": ["month"],
            "groups": [{"code": "g", "name": name}],
            "items": [
                {
                    "code": code,
                    "group": "g",
                    "name": name,
                    "kpi": code,
                    "weight": weight,
                    "rule": {"type": "share"},
                }
                for code, weight in weights.items()
            ],
            "grades": [
                {"code": "good", "name": name, "from": 80},
                {"code": "poor", "name": name, "from": 0},
            ],
        }
    )


def simulate(scheme, values, people, before):
    scored = cards.score(scheme, values, people)
    return compare(scheme, scored.cards, [scored.lines], before)


@pytest.fixture
def values():
    rows = [
        (agent, item, "measured", share * SCALE // 100, 10)
        for agent, shares in SHARES.items()
        for item, share in zip(("exam", "quality"), shares, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["agent_id", "item", "state", "value", "sample"])
    return frame.astype({"value": "Int64", "sample": "Int64"})


@pytest.fixture
def people():
    return pd.DataFrame(
        {"agent_id": list(SHARES), "position": ["agent"] * 3, "present": [True] * 3}
    )


@pytest.fixture
def before():
    """By 60 for the exam and 40 for quality: 80.00, 70.00 and 80.00."""
    rows = [(1, 8000, "good", 1), (2, 7000, "poor", 3), (3, 8000, "good", 1)]
    frame = pd.DataFrame(rows, columns=["agent_id", "total", "grade", "rank"])
    return frame.astype({"total": "Int64", "rank": "Int64"})


def test_same_weights_change_nothing(values, people, before):
    found = simulate(scheme(60, 40), values, people, before).people

    assert found["after"].tolist() == [8000, 7000, 8000]
    assert found["change"].tolist() == [0, 0, 0]
    assert found["rank_after"].tolist() == [1, 3, 1]


def test_other_weights_move_totals_grades_and_ranks(values, people, before):
    # 40 and 60: 40 + 30 = 70, 20 + 60 = 80, 32 + 48 = 80.
    found = simulate(scheme(40, 60), values, people, before).people

    assert found["after"].tolist() == [7000, 8000, 8000]
    assert found["change"].tolist() == [-1000, 1000, 0]
    assert found["moved"].tolist() == [-1, 1, 0]
    assert found["rank_after"].tolist() == [3, 1, 1]


def test_tally_counts_who_rises_falls_and_changes_the_grade(values, people, before):
    found = tally(simulate(scheme(40, 60), values, people, before).people)

    assert (found.people, found.rises, found.falls, found.largest) == (3, 1, 1, 1000)
    assert (found.grade_up, found.grade_down) == (1, 1)
    assert (found.mean_before, found.mean_after) == (7667, 7667)  # 23000 / 3, half up
    assert found.counts == {("good", "poor"): 1, ("poor", "good"): 1, ("good", "good"): 1}


def test_reasons_name_the_items_that_move_most(values, people, before):
    old = simulate(scheme(60, 40), values, people, before)
    new = simulate(scheme(40, 60), values, people, before)

    found = reasons(new, old.points, [1, 3])

    # Ana: the exam gives 40 instead of 60, quality 30 instead of 20.
    assert found == {
        1: [("exam", -2000), ("quality", 1000)],
        3: [("exam", -1600), ("quality", 1600)],
    }


def test_who_had_no_card_has_only_an_after(values, people, before):
    found = simulate(scheme(60, 40), values, people, before[before["agent_id"] != 2])

    row = found.people.set_index("agent_id").loc[2]
    assert pd.isna(row["before"])
    assert pd.isna(row["change"])
    assert (row["after"], row["grade_before"], row["moved"]) == (7000, "", 0)


def test_nobody_gives_an_empty_outcome(values, people, before):
    found = simulate(scheme(60, 40), values, people.iloc[:0], before.iloc[:0])

    assert tally(found.people).people == 0
    assert tally(found.people).mean_after is None


def test_who_would_have_no_card_has_only_a_before(before):
    found = leave_out(scheme(60, 40), before).people.set_index("agent_id").loc[1]

    assert (found["before"], found["grade_before"], found["rank_before"]) == (8000, "good", 1)
    assert pd.isna(found["after"])
    assert (found["grade_after"], found["moved"]) == ("", 0)


def test_outcomes_of_several_schemes_stand_by_agent(values, people, before):
    some, one = people[people["agent_id"] != 2], people[people["agent_id"] == 2]
    parts = [simulate(scheme(60, 40), values, who, before) for who in (some, one)]

    found = join(parts)

    assert found.people["agent_id"].tolist() == [1, 2, 3]
    assert len(found.points) == 6
    assert found.of([2]).people["after"].tolist() == [7000]
    assert found.of([2]).points["item"].tolist() == ["exam", "quality"]
