import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.scoring import cards
from appraisal.scoring.parts import PartInput, score_parts
from appraisal.scoring.scheme import parse_scheme
from tests.appraisal.scoring.conftest import value_frame

KEY = 7


def item(code, weight=100, **more):
    told = {"code": code, "group": "work", "name": {"en": code, "zh": code}, "kpi": code}
    return told | {"weight": weight, "rule": {"type": "share", "of": 100}} | more


def veto(grade, code="breach"):
    return item(code, 0, rule={"type": "veto", "at": 1, "grade": grade})


def scheme(*items, grades=(("good", 80), ("fair", 50), ("poor", 0)), **more):
    return parse_scheme(
        {
            "code": "plan",
            "name": {"en": "Plan", "zh": "方案"},
            "positions": ["desk"],
            "cycles": ["month"],
            "groups": [{"code": "work", "name": {"en": "Work", "zh": "工作"}}],
            "items": list(items),
            "grades": [
                {"code": code, "name": {"en": code, "zh": code}, "from": at} for code, at in grades
            ],
            **more,
        }
    )


@pytest.fixture
def part(values_of):
    """A part: agent to values, and agent to days."""

    def part(scheme, table, days=None, position_id=None):
        people = pd.DataFrame({"agent_id": list(table), "position": "desk", "present": True})
        return PartInput(scheme, values_of(table), people, days or {}, position_id)

    return part


def points_of(scored):
    """Everybody's points by line, in the order of their card."""
    lines = pd.concat(scored.lines).sort_values(["agent_id", "order"])
    rows = lines[["agent_id", "item", "points"]].itertuples(index=False, name=None)
    found = {}
    for agent, code, points in rows:
        found.setdefault(agent, {})[code] = None if pd.isna(points) else int(points)
    return found


def card_of(scored, agent=1):
    return scored.cards.set_index("agent_id").loc[agent]


def test_parts_are_weighted_by_days_and_each_line_is_rounded_once(part):
    main = part(scheme(item("calls")), {1: {"calls": 80}}, {1: 20})
    key = part(scheme(item("talk")), {1: {"talk": 50}}, {1: 10}, KEY)

    scored = score_parts(main, [key])

    # 80 x 20/30 = 53.333, 50 x 10/30 = 16.667
    assert points_of(scored) == {1: {"calls": 5333, "talk--7": 1667}}
    assert (card_of(scored)["total"], card_of(scored)["grade"]) == (7000, "fair")
    assert card_of(scored)["covered"] == 10_000


def test_who_is_in_no_parts_gets_the_same_card_beside_who_is(part, values_of):
    plan = scheme(item("calls", 60), item("exam", 39))
    alone = {2: {"calls": 33, "exam": 77}, 3: {"calls": 91, "exam": "no_data"}}
    main = part(plan, {1: {"calls": 80, "exam": 10}} | alone, {1: 19})
    key = part(scheme(item("talk")), {1: {"talk": 50}}, {1: 12}, KEY)

    beside = score_parts(main, [key])
    people = pd.DataFrame({"agent_id": [2, 3], "position": "desk", "present": True})
    expected = cards.score(plan, values_of(alone), people)

    lines = beside.lines[0]
    kept = lines[lines["agent_id"] != 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, expected.lines)
    mine = ["total", "covered", "state", "grade", "stars"]
    own = beside.cards.set_index("agent_id").loc[[2, 3], mine]
    pd.testing.assert_frame_equal(own, expected.cards.set_index("agent_id")[mine])


def test_ranks_are_among_all_whom_the_scheme_decides(part):
    main = part(scheme(item("calls")), {1: {"calls": 90}, 2: {"calls": 80}}, {1: 20})
    key = part(scheme(item("talk")), {1: {"talk": 30}}, {1: 10}, KEY)

    scored = score_parts(main, [key])

    # 60 + 10 against 80
    assert scored.cards[["agent_id", "rank", "ranked_among"]].to_numpy().tolist() == [
        [1, 2, 2], [2, 1, 2],
    ]  # fmt: skip


def test_lines_of_further_positions_are_numbered_after_those_before_them(part):
    main = part(scheme(item("calls", 50), item("exam", 50)), {1: {}, 2: {}}, {1: 9, 2: 9})
    key = part(scheme(item("talk")), {1: {"talk": 1}}, {1: 8}, KEY)
    first = part(scheme(item("hours")), {2: {"hours": 1}}, {2: 8}, 8)
    second = part(scheme(item("hours")), {1: {"hours": 1}}, {1: 7}, 8)

    lines = pd.concat(score_parts(main, [key, first, second]).lines)

    told = lines.sort_values(["agent_id", "order"])[["agent_id", "order", "item"]]
    assert told.to_numpy().tolist() == [
        [1, 0, "calls"], [1, 1, "exam"], [1, 2, "talk--7"], [1, 3, "hours--8"],
        [2, 0, "calls"], [2, 1, "exam"], [2, 2, "hours--8"],
    ]  # fmt: skip


def test_weight_that_is_missing_stays_in_its_part(part):
    main = part(
        scheme(item("calls", 50), item("exam", 50)), {1: {"calls": 60, "exam": "no_data"}}, {1: 20}
    )
    key = part(scheme(item("talk")), {1: {"talk": 90}}, {1: 10}, KEY)

    scored = score_parts(main, [key])

    # 60 of the part's 66.67 and 90 of 33.33; covered (50 x 20 + 100 x 10) / 30
    assert points_of(scored) == {1: {"calls": 4000, "exam": None, "talk--7": 3000}}
    assert card_of(scored)["covered"] == 6667
    assert card_of(scored)["state"] == "no_grade"


def test_part_without_points_leaves_the_weighting_and_stays_uncovered(part):
    main = part(scheme(item("calls")), {1: {"calls": 60}}, {1: 24})
    key = part(scheme(item("talk")), {1: {"talk": "no_data"}}, {1: 6}, KEY)

    scored = score_parts(main, [key])

    assert points_of(scored) == {1: {"calls": 6000, "talk--7": None}}
    assert (card_of(scored)["covered"], card_of(scored)["grade"]) == (8000, "fair")
    weights = [int(lines["effective_weight"].iloc[0]) for lines in scored.lines]
    assert weights == [10_000, 0]


def test_card_without_any_points_has_no_total(part):
    main = part(scheme(item("calls")), {1: {"calls": "no_data"}}, {1: 20})
    key = part(scheme(item("talk")), {1: {"talk": "awaited"}}, {1: 10}, KEY)

    card = card_of(score_parts(main, [key]))

    assert pd.isna(card["total"])
    assert (card["state"], card["provisional"]) == ("no_grade", True)


def test_what_does_not_apply_in_a_part_takes_its_days_out_of_the_cover(part):
    main = part(scheme(item("calls")), {1: {"calls": 60}}, {1: 15})
    key = part(scheme(item("talk")), {1: {"talk": "not_applicable"}}, {1: 15}, KEY)

    card = card_of(score_parts(main, [key]))

    assert (card["covered"], card["total"], card["grade"]) == (10_000, 6000, "fair")


def test_veto_in_a_part_holds_for_the_card(part):
    main = part(scheme(item("calls")), {1: {"calls": 90}}, {1: 20})
    key = part(scheme(item("talk"), veto("poor")), {1: {"talk": 90, "breach": 1}}, {1: 10}, KEY)

    card = card_of(score_parts(main, [key]))

    assert (card["total"], card["grade"], card["capped"]) == (9000, "poor", True)


def test_limit_by_levels_in_a_part_holds_for_the_card(part):
    levels = {
        "type": "levels",
        "better": "higher",
        "levels": [{"code": "qualified", "at": 50, "share": 1}],
    }
    cap = [{"below": "qualified", "count": 1, "grade": "fair"}]
    main = part(scheme(item("calls")), {1: {"calls": 100}}, {1: 29})
    key = part(scheme(item("talk", rule=levels), grade_caps=cap), {1: {"talk": 40}}, {1: 1}, KEY)

    card = card_of(score_parts(main, [key]))

    # 100 x 29/30
    assert (card["total"], card["grade"], card["capped"]) == (9667, "fair", True)


@pytest.mark.parametrize(
    ("left", "expected"), [("a", "good"), ("b", "fair"), ("c", "poor"), ("fair", "fair")]
)
def test_grade_that_a_limit_leaves_is_that_of_the_code_else_of_its_first_total(
    part, left, expected
):
    grades = (("a", 90), ("b", 70), ("fair", 60), ("c", 0))
    main = part(scheme(item("calls")), {1: {"calls": 100}}, {1: 20})
    key = part(
        scheme(item("talk"), veto(left), grades=grades), {1: {"talk": 100, "breach": 1}}, {1: 9}, 7
    )

    assert card_of(score_parts(main, [key]))["grade"] == expected


def test_condition_in_a_part_takes_the_stars_of_the_card(part):
    stars = [{"from": 50, "stars": 3}]
    condition = {"kpi": "late", "above": 30, "effect": ["no_stars"]}
    main = part(scheme(item("calls"), stars=stars), {1: {"calls": 90}, 2: {"calls": 90}}, {1: 20})
    key = part(
        scheme(item("talk", conditions=[condition]), stars=stars),
        {1: {"talk": 90, "talk#1": 31}}, {1: 10}, KEY,
    )  # fmt: skip

    found = score_parts(main, [key]).cards["stars"]

    assert pd.isna(found[0])
    assert found[1] == 3


def test_total_of_nobody_in_parts_is_that_of_plain_cards(part, values_of):
    plan, table = scheme(item("calls")), {1: {"calls": 42}}
    people = pd.DataFrame({"agent_id": [1], "position": "desk", "present": True})

    scored = score_parts(part(plan, table), [])

    pd.testing.assert_frame_equal(scored.cards, cards.score(plan, values_of(table), people).cards)


percents = st.integers(0, 100)


@settings(max_examples=40, deadline=None)
@given(
    values=st.tuples(percents, percents, percents, percents),
    days=st.tuples(st.integers(1, 366), st.integers(1, 366)),
    weights=st.tuples(st.integers(1, 99), st.integers(1, 99)),
)
def test_lines_add_up_to_the_total_whatever_the_days(values, days, weights):
    def one(codes, figures, length, position_id):
        plan = scheme(*(item(code, weight) for code, weight in zip(codes, weights, strict=True)))
        people = pd.DataFrame({"agent_id": [1], "position": "desk", "present": True})
        table = {1: dict(zip(codes, figures, strict=True))}
        return PartInput(plan, value_frame(table), people, {1: length}, position_id)

    scored = score_parts(
        one(("a", "b"), values[:2], days[0], None), [one(("c", "d"), values[2:], days[1], KEY)]
    )

    lines = pd.concat(scored.lines)
    assert lines["points"].sum() == card_of(scored)["total"]
    # Four lines, each rounded by half a hundredth at most.
    exact = sum(
        100 * value * weight * length / sum(weights) / sum(days)
        for value, weight, length in zip(
            values, weights * 2, (days[0], days[0], days[1], days[1]), strict=True
        )
    )
    assert abs(card_of(scored)["total"] - exact) <= 2.001
    assert abs(lines["effective_weight"].sum() - 10_000) <= 2
