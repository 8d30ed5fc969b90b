from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.scoring import cards, grid
from appraisal.scoring.fixed import SCALE
from appraisal.scoring.rules.base import Shares
from appraisal.scoring.rules.lines import ShareOf
from appraisal.scoring.scheme import parse_scheme
from tests import shipped

S2, S9 = (parse_scheme(shipped.shipped_document(code)) for code in (shipped.S2, shipped.S9))
HIGHEST = {"calls": 80, "handle_time": 600, "service_standard": 100, "exam": 100}
EVENTS = {"rules_kept", "hygiene", "suggestions", "praise", "training"}
ABSENT = ("small", "no_data", "awaited", "not_applicable", "not_available", "not_measurable")


def make_scheme(*items, **more):
    """A scheme of (code, group, weight, rule) and whatever else an item needs."""
    entries = [
        {"code": code, "group": group, "kpi": code, "weight": weight, "rule": rule}
        | {"name": {"en": code, "zh": code}, **rest}
        for code, group, weight, rule, rest in items
    ]
    groups = dict.fromkeys(entry["group"] for entry in entries)
    grades = (("excellent", 90), ("good", 80), ("qualified", 60), ("unqualified", 0))
    document = {
        "code": "made",
        "name": {"en": "Made", "zh": "示例"},
        "positions": ["agent"],
        "cycles": ["month"],
        "groups": [{"code": group, "name": {"en": group, "zh": group}} for group in groups],
        "items": entries,
        "grades": [{"code": c, "name": {"en": c, "zh": c}, "from": at} for c, at in grades],
    }
    return parse_scheme(document | more)


SHARE = {"type": "share"}
DEDUCTION = {"type": "deduction", "points": 1}


def item(code, weight, rule=SHARE, group="g", **rest):
    return (code, group, weight, rule, rest)


def test_weights_that_do_not_add_up_to_100_are_scaled_once_per_line(score):
    scheme = make_scheme(item("a", 66), item("b", 33))

    scored = score(scheme, {1: {"a": "0.5", "b": 1}})

    # 66 x 100/99 x 0.5 = 33.3333, 33 x 100/99 = 33.3333
    assert scheme.is_normalised
    assert scored.lines["weight"].tolist() == [66_666_667, 33_333_333]
    assert scored.lines["points"].tolist() == [3333, 3333]
    assert scored.cards.loc[0, "total"] == 6666


def test_weight_moves_inside_the_group_before_it_moves_over_all(score):
    scheme = make_scheme(
        item("a", 20, group="x"),
        item("b", 30, group="x"),
        item("c", 40, group="y"),
        item("d", 10, group="z"),
    )

    scored = score(scheme, {1: {"a": 1, "b": "small", "c": "0.5", "d": "no_data"}})

    # b to a: 50; then d over a and c as 50 : 40, so 55.5556 and 44.4444
    assert scored.lines["effective_weight"].tolist() == [5556, 0, 4444, 0]
    assert scored.lines["points"].tolist() == [5556, pd.NA, 2222, pd.NA]
    assert scored.cards.loc[0, ["total", "covered", "state"]].tolist() == [7778, 6000, "no_grade"]


def test_deductions_and_bonuses_never_receive_weight(score):
    bonus = {"type": "bonus", "points": 1}
    scheme = make_scheme(item("a", 80), item("b", 10, DEDUCTION), item("c", 10, bonus))

    scored = score(scheme, {1: {"a": "small", "b": 0, "c": 10}})

    assert scored.lines["effective_weight"].tolist() == [0, 1000, 1000]
    assert scored.cards.loc[0, "total"] == 2000


def test_weight_that_nobody_may_receive_gives_no_grade_whatever_the_cover(score):
    scheme = make_scheme(item("a", 20), item("b", 80, DEDUCTION))

    scored = score(scheme, {1: {"a": "no_data", "b": 0}})

    assert scored.cards.loc[0, ["total", "covered", "state"]].tolist() == [8000, 8000, "no_grade"]


def test_deductions_alone_are_graded_when_they_are_the_whole_scheme(score):
    scored = score(make_scheme(item("b", 100, DEDUCTION)), {1: {"b": 5}})

    assert scored.cards.loc[0, ["total", "grade"]].tolist() == [9500, "excellent"]


@pytest.mark.parametrize(
    ("state", "line_state", "covered", "points"),
    [
        ("no_data", "no_data", 10000, 0),
        ("small", "insufficient", 5000, pd.NA),
        ("awaited", "awaited", 5000, pd.NA),
        ("not_applicable", "not_applicable", 10000, pd.NA),
        ("not_available", "not_available", 5000, pd.NA),
        ("not_measurable", "not_measurable", 5000, pd.NA),
    ],
)
def test_missing_zero_holds_only_for_a_line_without_data(state, line_state, covered, points, score):
    scheme = make_scheme(item("a", 50), item("b", 50, missing="zero"))

    scored = score(scheme, {1: {"a": 1, "b": state}})

    line = scored.lines.loc[1]
    assert line["state"] == line_state
    assert line["points"] is points or line["points"] == points
    assert scored.cards.loc[0, "covered"] == covered


def test_nothing_measured_gives_no_total_rather_than_zero(score):
    scored = score(make_scheme(item("a", 100)), {1: {"a": "no_data"}, 2: {"a": "not_applicable"}})

    assert scored.cards["total"].isna().all()
    assert scored.cards["state"].tolist() == ["no_grade", "no_grade"]
    assert scored.cards["provisional"].tolist() == [False, False]


def test_line_without_a_row_has_no_data(score):
    scored = score(make_scheme(item("a", 70), item("b", 30)), {1: {"a": 1}})

    assert scored.lines["state"].tolist() == ["scored", "no_data"]


def test_cover_of_exactly_the_minimum_is_enough(score):
    scheme = make_scheme(item("a", 70), item("b", 30))

    scored = score(scheme, {1: {"a": 1, "b": "small"}})

    assert scored.cards.loc[0, ["covered", "grade"]].tolist() == [7000, "excellent"]


def test_cover_that_only_rounds_to_the_minimum_is_not_enough(score):
    scheme = make_scheme(item("a", "69.999"), item("b", "30.001"))

    scored = score(scheme, {1: {"a": 1, "b": "small"}})

    assert scored.cards.loc[0, ["covered", "state"]].tolist() == [7000, "no_grade"]


def test_equal_totals_share_a_rank_and_the_next_is_skipped(score):
    table = {agent: {"a": share} for agent, share in enumerate(("0.7", "0.9", "0.9", "1"), 1)}

    scored = score(make_scheme(item("a", 100)), table)

    assert scored.cards["rank"].tolist() == [4, 2, 2, 1]
    assert scored.cards["ranked_among"].tolist() == [4, 4, 4, 4]


def test_ranks_stay_within_position_and_leave_out_who_was_hardly_present(score):
    table = {agent: {"a": "0.9"} for agent in (1, 2, 3)} | {4: {"a": "small"}}

    scored = score(
        make_scheme(item("a", 100)),
        table,
        position=["agent", "leader", "agent", "agent"],
        present=[True, True, False, True],
    )

    assert scored.cards["rank"].tolist() == [1, 1, pd.NA, pd.NA]
    assert scored.cards["state"].tolist() == ["graded", "graded", "not_ranked", "no_grade"]
    assert scored.cards["grade"].tolist() == ["excellent", "excellent", "excellent", None]
    assert scored.cards["ranked_among"].tolist() == [1, 1, pd.NA, pd.NA]


class AtLeastPeers(ShareOf):
    """Full for who reaches the average of the peers, which is each one's own target."""

    kind = "peers"
    needs_target = True

    def anchor(self):
        return None

    def share(self, values, targets=None):
        return Shares((values >= targets).astype(np.int64), np.ones_like(values))


def test_rule_that_compares_with_peers_is_not_applicable_to_who_has_none(values_of):
    made = make_scheme(item("a", 50), item("b", 50))
    items = (made.items[0], replace(made.items[1], rule=AtLeastPeers(of=Decimal(1))))
    table = {agent: {"b": 5, "a": 1} for agent in (1, 2, 3)}
    peers = [4 * SCALE, None, 6 * SCALE, None, None, None]
    values = values_of(table).assign(target=pd.array(peers, dtype="Int64"))
    people = pd.DataFrame({"agent_id": [1, 2, 3], "position": "agent", "present": True})

    scored = cards.score(replace(made, items=items), values, people)

    assert scored.lines["state"].tolist()[1::2] == ["scored", "scored", "not_applicable"]
    assert scored.cards["total"].tolist() == [10000, 5000, 10000]
    assert scored.cards["covered"].tolist() == [10000, 10000, 10000]


def test_target_of_ones_own_replaces_the_rules(score, values_of):
    scheme = make_scheme(item("a", 100, {"type": "proportional", "target": 50}))
    table = {1: {"a": 30}, 2: {"a": 30}}
    values = values_of(table).assign(target=pd.array([40 * SCALE, None], dtype="Int64"))
    people = pd.DataFrame({"agent_id": [1, 2], "position": "agent", "present": True})

    lines = cards.score(scheme, values, people).lines

    assert lines["points"].tolist() == [7500, 6000]
    assert lines["target"].tolist() == [40 * SCALE, 50 * SCALE]


def test_target_of_the_item_replaces_the_rules(score):
    rule = {"type": "proportional", "target": 50}

    scored = score(make_scheme(item("a", 100, rule, target=60)), {1: {"a": 30}})

    assert scored.cards.loc[0, "total"] == 5000


def test_veto_alone_gives_no_total(score):
    veto = {"type": "veto", "at": 1, "grade": "qualified"}
    scheme = make_scheme(item("a", 100), item("fatal", 0, veto))

    scored = score(scheme, {1: {"fatal": 0}})

    assert scored.cards["total"].isna().all()
    assert scored.cards["state"].tolist() == ["no_grade"]


def test_veto_caps_the_grade_and_leaves_the_points(score):
    veto = {"type": "veto", "at": 1, "grade": "qualified"}
    scheme = make_scheme(item("a", 100), item("fatal", 0, veto))

    scored = score(scheme, {1: {"a": 1, "fatal": 1}, 2: {"a": 1, "fatal": 0}})

    assert scored.cards["total"].tolist() == [10000, 10000]
    assert scored.cards["grade"].tolist() == ["qualified", "excellent"]
    assert scored.cards["capped"].tolist() == [True, False]
    assert scored.cards["covered"].tolist() == [10000, 10000]


def test_huge_figures_stay_exact(score):
    big = Decimal("999999999.999999999")
    scheme = make_scheme(
        item("a", "33.333333333", {"type": "proportional", "target": str(big)}),
        item("b", "66.666666667", {"type": "linear", "worst": "-999999999", "best": 1}),
    )

    scored = score(scheme, {1: {"a": big / 2, "b": 1}})

    # 33.333333333 / 2 = 16.67, half up at the ninth place of the value
    assert scored.lines["points"].tolist() == [1667, 6667]


def test_people_without_anybody_give_empty_frames(values_of):
    people = pd.DataFrame({"agent_id": [], "position": [], "present": []})

    scored = cards.score(S2, values_of({1: {"calls": 1}}), people)

    assert list(scored.cards.columns) == list(cards.CARD_COLUMNS)
    assert list(scored.lines.columns) == list(cards.LINE_COLUMNS)
    assert len(scored.cards) == len(scored.lines) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda v: v.drop(columns="sample"), "sample"),
        (lambda v: pd.concat([v, v]), "twice"),
        (lambda v: v.assign(state="lost"), "lost"),
    ],
)
def test_faulty_values_are_refused(change, message, values_of):
    people = pd.DataFrame({"agent_id": [1], "position": ["agent"], "present": [True]})

    with pytest.raises(grid.BadFrame, match=message):
        cards.score(S2, change(values_of({1: {"calls": 1}})), people)


def test_person_standing_twice_is_refused(values_of):
    people = pd.DataFrame({"agent_id": [1, 1], "position": "agent", "present": True})

    with pytest.raises(grid.BadFrame, match="same agent twice"):
        cards.score(S2, values_of({1: {"calls": 1}}), people)


def line_values(entry):
    high = HIGHEST.get(entry.code, 6 if entry.code in EVENTS else 1)
    high = 200_000 if entry.code == "response_time" else high
    step = SCALE if entry.code in EVENTS else 1
    numbers = st.integers(0, high * SCALE // step).map(lambda n: ("measured", n * step))
    return numbers | st.sampled_from(ABSENT).map(lambda state: (state, None))


def tables(scheme):
    rows = st.tuples(*(line_values(entry) for entry in scheme.items))
    return st.lists(rows, min_size=1, max_size=6)


def frames(scheme, table):
    rows = [
        (agent, entry.code, state, value, 100)
        for agent, lines in enumerate(table)
        for entry, (state, value) in zip(scheme.items, lines, strict=True)
    ]
    columns = ["agent_id", "item", "state", "value", "sample"]
    values = pd.DataFrame(rows, columns=columns).astype({"value": "Int64", "sample": "Int64"})
    agents = range(len(table))
    people = pd.DataFrame({"agent_id": agents, "position": "agent", "present": True})
    return values, people


either_scheme = st.sampled_from([S2, S9]).flatmap(
    lambda scheme: st.tuples(st.just(scheme), tables(scheme))
)


@settings(max_examples=60, deadline=None)
@given(either_scheme)
def test_lines_add_up_to_the_total_and_the_total_stays_in_bounds(case):
    scheme, table = case

    scored = cards.score(scheme, *frames(scheme, table))

    sums = scored.lines.groupby("agent_id")["points"].sum(min_count=1)
    assert sums.tolist() == scored.cards["total"].tolist()
    totals = scored.cards["total"].fillna(0)
    # rounding half up adds at most half a hundredth per line
    assert totals.between(0, 10000 + len(scheme.items) // 2).all()


@settings(max_examples=40, deadline=None)
@given(either_scheme, st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(case, random):
    scheme, table = case
    values, people = frames(scheme, table)
    order, crowd = list(range(len(values))), list(range(len(people)))
    random.shuffle(order)
    random.shuffle(crowd)

    straight = cards.score(scheme, values, people)
    shuffled = cards.score(scheme, values.iloc[order], people.iloc[crowd])

    pd.testing.assert_frame_equal(straight.cards, shuffled.cards)
    pd.testing.assert_frame_equal(straight.lines, shuffled.lines)


@settings(max_examples=60, deadline=None)
@given(either_scheme)
def test_peers_never_change_a_total(case):
    scheme, table = case

    together = cards.score(scheme, *frames(scheme, table)).cards["total"].tolist()
    apart = [cards.score(scheme, *frames(scheme, [row])).cards["total"][0] for row in table]

    assert [str(total) for total in together] == [str(total) for total in apart]


@pytest.mark.parametrize("ids", [[7, 8, 9], [-5, 0, 3], [1, 10**6, 10**12]])
def test_agents_are_found_whether_their_ids_lie_close_or_far_apart(ids):
    strangers = [ids[0] - 1, ids[1] + 1, ids[-1] + 10**13]

    found = grid.places_of(np.array([*ids[::-1], *strangers]), np.array(ids))

    # 8 + 1 is 9, which is an agent of the first group.
    known = [ids.index(one) if one in ids else -1 for one in strangers]
    assert found.tolist() == [2, 1, 0, *known]


def test_nobody_is_found_among_none():
    assert grid.places_of(np.array([1]), np.array([], dtype=np.int64)).tolist() == [-1]


def test_categories_are_read_like_words(values_of):
    values = values_of({1: {"calls": 58, "exam": "awaited"}, 2: {"calls": 29}})
    people = pd.DataFrame({"agent_id": [1, 2], "position": "agent", "present": True})
    coded = values.assign(
        item=values["item"].astype("category"), state=values["state"].astype("category")
    )

    plain, by_code = (cards.score(S2, frame, people) for frame in (values, coded))

    pd.testing.assert_frame_equal(plain.cards, by_code.cards)
    pd.testing.assert_frame_equal(plain.lines, by_code.lines)
