import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scoring import cards
from appraisal.scoring.beside import dump_told
from appraisal.scoring.grid import BadFrame
from appraisal.scoring.scheme import parse_scheme

PAUSES = {
    "type": "bands",
    "better": "lower",
    "bands": [
        {"at": 23000, "points": 3},
        {"at": 27600, "points": 2},
        {"at": 32200, "points": 1},
    ],
}
LONG_PAUSE = {"kpi": "longest_pause", "above": 1800, "effect": ["zero", "no_stars"]}
ABSENT = ["small", "no_data", "awaited", "not_applicable", "not_available", "not_measurable"]


def entry(code, weight, rule, **more):
    item = {"code": code, "group": "figures", "name": {"en": code, "zh": code}}
    return item | {"kpi": code, "weight": weight, "rule": rule, **more}


SCHEME = parse_scheme(
    {
        "code": "made",
        "name": {"en": "Made", "zh": "示例"},
        "positions": ["agent"],
        "cycles": ["month"],
        "groups": [{"code": "figures", "name": {"en": "Figures", "zh": "数据"}}],
        "items": [
            entry("pauses", 3, PAUSES, conditions=[LONG_PAUSE]),
            entry("quality", 97, {"type": "share"}),
        ],
        "grades": [{"code": "all", "name": {"en": "All", "zh": "全部"}, "from": 0}],
        "stars": [{"from": 95, "stars": 5}, {"from": 60, "stars": 1}],
    }
)


def score(people):
    """Score people given as (pauses, longest pause); a word is a state."""
    rows = []
    for agent, (pauses, longest) in people.items():
        figures = {"pauses": pauses, "pauses#1": longest, "quality": 1}
        for item, figure in figures.items():
            if figure is not None:
                absent = isinstance(figure, str)
                state, number = (figure, None) if absent else ("measured", to_fixed_int(figure))
                rows.append((agent, item, state, number, 20))
    columns = ["agent_id", "item", "state", "value", "sample"]
    values = pd.DataFrame(rows, columns=columns).astype({"value": "Int64", "sample": "Int64"})
    who = pd.DataFrame({"agent_id": list(people), "position": "agent", "present": True})
    return cards.score(SCHEME, values, who)


def to_fixed_int(figure):
    return int(figure) * 10**9


def lines_of(scored, item="pauses"):
    return scored.lines[scored.lines["item"] == item]


def test_one_long_pause_empties_the_item_and_takes_the_stars():
    scored = score({1: (22_000, 1_860), 2: (22_000, 1_800)})

    assert lines_of(scored)["points"].tolist() == [0, 300]
    assert lines_of(scored)["share"].tolist() == [0, 10**9]
    assert scored.cards["total"].tolist() == [9700, 10000]
    assert scored.cards["grade"].tolist() == ["all", "all"]
    assert scored.cards["stars"].tolist() == [pd.NA, 5]


def test_emptied_line_keeps_what_was_measured_and_its_weight():
    line = lines_of(score({1: (22_000, 1_860)})).iloc[0]

    assert (line["state"], line["value"], line["effective_weight"]) == (
        "scored",
        22_000 * 10**9,
        300,
    )


def test_what_was_met_is_written_with_the_line():
    scored = score({1: (22_000, 1_860), 2: (22_000, 1_200), 3: (22_000, "no_data")})

    told = [json.loads(text)[0] for text in lines_of(scored)["conditions"]]

    asked = {
        "kpi": "longest_pause",
        "side": "above",
        "threshold": "1800",
        "effect": ["zero", "no_stars"],
    }
    assert told == [
        asked | {"value": "1860", "met": True},
        asked | {"value": "1200", "met": False},
        asked | {"value": None, "met": None},
    ]
    assert lines_of(scored, "quality")["conditions"].tolist() == [None, None, None]


@pytest.mark.parametrize("state", [*ABSENT, None])
def test_condition_without_data_is_not_met(state):
    scored = score({1: (22_000, state)})

    assert lines_of(scored)["points"].tolist() == [300]
    assert scored.cards["stars"].tolist() == [5]


@pytest.mark.parametrize("state", ABSENT)
def test_card_is_provisional_while_a_condition_is_awaited(state):
    assert score({1: (22_000, state)}).cards["provisional"].tolist() == [state == "awaited"]


def test_star_is_lost_even_where_the_item_itself_has_no_data():
    scored = score({1: ("no_data", 1_860)})

    assert lines_of(scored)["points"].isna().all()
    assert scored.cards["total"].tolist() == [10000]
    assert scored.cards["stars"].isna().all()


def test_same_condition_twice_for_a_person_is_refused():
    row = (1, "pauses#1", "measured", 1, 1)
    columns = ["agent_id", "item", "state", "value", "sample"]
    who = pd.DataFrame({"agent_id": [1], "position": "agent", "present": True})

    with pytest.raises(BadFrame, match="twice"):
        cards.score(SCHEME, pd.DataFrame([row, row], columns=columns), who)


@given(
    st.lists(
        st.tuples(st.integers(0, 40_000), st.sampled_from([*ABSENT, 1_799, 1_800, 1_801, 9_000])),
        min_size=1,
        max_size=8,
    )
)
def test_each_is_judged_alone(people):
    table = dict(enumerate(people))
    together = score(table)

    for agent, person in table.items():
        alone = score({agent: person})
        mine = together.lines[together.lines["agent_id"] == agent].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, alone.lines, check_dtype=False)


def test_text_is_the_same_whatever_order_the_database_gives():
    told = [{"met": True, "kpi": "pause", "value": "1"}]

    assert dump_told([dict(reversed(told[0].items()))]) == dump_told(told)
