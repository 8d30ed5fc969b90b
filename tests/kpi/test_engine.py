from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import engine
from kpi.formula import compile_formula, measures_for
from kpi.formula.interpret import interpret

SHARE = "count(contacts, where=answered) / count(contacts)"
PER_SHIFT = (
    "count(contacts, where=answered)"
    " / imported(shifts, count(shifts, where=logged_in_s > 0), distinct(contacts.day))"
)
CONTACTS = frozenset({"contacts"})


def result(text, rows, **options):
    """Evaluate a formula over rows as one group; give its line as a dictionary."""
    frame = engine.evaluate_rows(compile_formula(text), rows, **options)
    return frame.loc["all"].to_dict()


def contacts(*rows):
    return {"contacts": list(rows)}


def ratings(**by_agent):
    frame = pd.DataFrame.from_dict(by_agent, orient="index", dtype=object)
    frame.columns = ["numerator", "denominator", "sample"]
    return {"rating:teamwork": frame}


TWO_ANSWERED_OF_THREE = contacts(
    {"answered": True, "talk_s": 100, "day": "2026-10-01"},
    {"answered": True, "talk_s": 101, "day": "2026-10-02"},
    {"answered": False, "day": "2026-10-02"},
)


@pytest.mark.parametrize(
    ("formula", "value", "numerator", "denominator", "sample"),
    [
        ("count(contacts)", "3", "3", None, 3),
        (SHARE, "0.666666667", "2", "3", 3),
        (f"1 - {SHARE}", "0.333333333", "1", "3", 3),
        (f"100 * {SHARE}", "66.666666667", "200", "3", 3),
        (f"-({SHARE})", "-0.666666667", "-2", "3", 3),
        (f"{SHARE} / 2", "0.333333333", "2", "6", 3),
        (f"{SHARE} + {SHARE}", "1.333333333", "4", "3", 3),
        (f"({SHARE}) * ({SHARE})", "0.444444444", "4", "9", 2),
        (f"({SHARE}) / ({SHARE})", "1", "6", "6", 2),
        ("avg(contacts.talk_s)", "100.5", "201", "2", 2),
        ("avg(contacts.talk_s) / 60", "1.675", "201", "120", 2),
        ("sum(contacts.talk_s) / count(contacts)", "67", "201", "3", 3),
        ("sum(contacts.talk_s) / 7 / count(contacts)", "9.571428571", "201", "21", 3),
        ("sum(contacts.talk_s)", "201", "201", None, 2),
        ("sum(contacts.talk_s) / 60 / 7", "0.478571429", "0.478571429", None, 2),
        ("median(contacts.talk_s)", "100.5", "100.5", None, 2),
        ("max(contacts.talk_s) - min(contacts.talk_s)", "1", "1", None, 2),
        ("stdev(contacts.talk_s)", "0.707106781", "0.707106781", None, 2),
        ("percentile(contacts.talk_s, 90)", "101", "101", None, 2),
        ("distinct(contacts.day)", "2", "2", None, 3),
        ("count(contacts) / distinct(contacts.day)", "1.5", "3", "2", 2),
        (f"least(1, 3 * ({SHARE}))", "1", "1", None, 3),
        (f"least(1, {SHARE})", "0.666666667", "2", "3", 3),
        (f"greatest(0.5, {SHARE})", "0.666666667", "2", "3", 3),
        (f"100 * least(1, {SHARE})", "66.666666667", "200", "3", 3),
        ("sqrt(count(contacts) - 1)", "1.414213562", "1.414213562", None, 3),
        (f"sqrt(least(1, {SHARE}))", "0.816496581", "0.816496581", None, 3),
        ("coalesce(avg(contacts.hold_s), avg(contacts.talk_s))", "100.5", "201", "2", 2),
        ("2 * coalesce(avg(contacts.talk_s), avg(contacts.hold_s))", "201", "402", "2", 2),
        ("coalesce(avg(contacts.hold_s), 30)", "30", "30", None, 0),
    ],
)
def test_figure_is_exact_with_its_two_sides_and_its_sample(
    formula, value, numerator, denominator, sample
):
    line = result(formula, TWO_ANSWERED_OF_THREE)

    assert line == {
        "state": "measured",
        "value": engine.to_fixed(Decimal(value)),
        "numerator": Decimal(numerator),
        "denominator": None if denominator is None else Decimal(denominator),
        "sample": sample,
    }


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("avg(contacts.talk_s, where=wait_s > 9)", 0),
        ("count(contacts, where=answered) / count(contacts, where=resolved)", 0),
        ("max(contacts.hold_s)", 0),
        ("median(contacts.hold_s)", 0),
        ("stdev(contacts.talk_s, where=talk_s > 100)", 1),
        ("count(contacts) / (count(contacts) - 3)", 3),
        ("sqrt(count(contacts) - 4)", 3),
        ("least(1, avg(contacts.hold_s))", 0),
    ],
)
def test_what_cannot_be_divided_or_found_is_no_data_not_zero(formula, sample):
    line = result(formula, TWO_ANSWERED_OF_THREE)

    assert (line["state"], line["numerator"], line["sample"]) == ("no_data", None, sample)
    assert pd.isna(line["value"])


def test_value_rounds_half_away_from_zero_once():
    # 1/2,000,000,000 is half of the ninth place.
    rows = {"figures": [{"numerator": 1, "denominator": 2_000_000_000}]}

    up = result("sum(figures.numerator) / sum(figures.denominator)", rows)
    down = result("-(sum(figures.numerator) / sum(figures.denominator))", rows)

    assert (up["value"], down["value"]) == (1, -1)


def test_sum_of_nothing_is_zero_where_the_kind_was_imported():
    rows = {"events": [{"kind": "praise", "quantity": 2}]}

    line = result('sum(events.quantity, where=kind == "breach")', rows)

    assert (line["state"], line["value"], line["sample"]) == ("measured", 0, 0)


def test_sum_of_what_was_never_recorded_is_no_data():
    rows = contacts({"answered": True, "hold_s": None}, {"answered": True})

    assert result("sum(contacts.hold_s)", rows)["state"] == "no_data"


def test_sample_is_what_the_rows_below_the_line_count():
    rows = {
        "events": [
            {"kind": "callback_due", "quantity": 4},
            {"kind": "callback_due", "quantity": 3},
            {"kind": "callback_done", "quantity": 5},
        ]
    }
    done, due = (
        f'sum(events.quantity, where=kind == "callback_{word}")' for word in ("done", "due")
    )

    line = result(f"{done} / {due}", rows)

    assert (line["numerator"], line["denominator"], line["sample"]) == (5, 7, 7)


def test_kind_that_was_never_imported_is_awaited():
    line = result("1000 * count(tickets, where=upheld) / count(contacts)", TWO_ANSWERED_OF_THREE)

    assert (line["state"], line["numerator"], line["sample"]) == ("awaited", None, 0)
    assert pd.isna(line["value"])


@pytest.mark.parametrize(
    "formula",
    [
        "peers(count(contacts))",
        "count(contacts) - peers(count(contacts))",
        'score_of("reports")',
    ],
)
def test_what_needs_other_people_is_not_available_for_one_group(formula):
    assert result(formula, TWO_ANSWERED_OF_THREE)["state"] == "not_available"


def scores(*by_day):
    """Survey answers, each a day of October 2026 and a score."""
    return {"surveys": [{"day": date(2026, 10, day), "score": score} for day, score in by_day]}


# Monday is the 5th, the 12th ...: the 1st to the 4th are what October has of week 40.
FOUR_WEEKS = scores((1, 4), (4, 5), (5, 3), (11, 4), (12, 5), (14, 5), (19, 1))


def test_spread_over_weeks_is_that_of_the_weekly_values():
    line = result("stdev(over(week, avg(surveys.score)))", FOUR_WEEKS)

    # Weekly means 4.5, 3.5, 5, 1: mean 3.5, squares 1 + 0 + 2.25 + 6.25 = 9.5; root of 9.5 / 3.
    assert (line["state"], line["value"], line["sample"]) == ("measured", 1_779_513_042, 7)


def test_weeks_with_too_few_cases_are_left_out():
    frame = engine.evaluate_rows(
        compile_formula("stdev(over(week, avg(surveys.score)))"), FOUR_WEEKS, minimum_sample=2
    )

    # 4.5, 3.5 and 5 remain: mean 13/3, squares (1 + 25 + 16) / 36 * 1 = 7/6; root of 7 / 12.
    assert frame.iloc[0]["value"] == 763_762_616
    assert frame.iloc[0]["sample"] == 6


def test_spread_of_a_single_week_has_no_data():
    line = result("stdev(over(week, avg(surveys.score)))", scores((5, 3), (11, 4)))

    assert (line["state"], line["sample"]) == ("no_data", 2)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("avg(over(week, avg(surveys.score)))", "3.5"),
        ("min(over(week, avg(surveys.score)))", "1"),
        ("max(over(week, avg(surveys.score)))", "5"),
        ("median(over(week, avg(surveys.score)))", "4"),
        ("percentile(over(week, avg(surveys.score)), 50)", "3.5"),
        ("max(over(day, avg(surveys.score))) - min(over(day, avg(surveys.score)))", "4"),
        ("avg(over(month, count(surveys)))", "7"),
    ],
)
def test_values_of_weeks_are_drawn_together(formula, value):
    assert engine.from_fixed(result(formula, FOUR_WEEKS)["value"]) == Decimal(value)


def talked(**by_agent):
    """Contacts of agents, all phone agents of the early shift, by seconds talked."""
    rows = [
        {"agent": agent, "position": "phone", "shift": "early", "talk_s": seconds}
        for agent, lengths in by_agent.items()
        for seconds in lengths
    ]
    return {"contacts": rows}


def test_peers_of_a_ratio_are_sum_over_sum():
    rows = talked(ana=[100, 140], ben=[200], cy=[60, 60, 60])
    frame = engine.evaluate_rows(
        compile_formula("peers(avg(contacts.talk_s))"), rows, group_by="agent"
    )

    # 240 + 200 + 180 = 620 s in 6 calls, not the mean of 120, 200 and 60.
    assert frame["numerator"].tolist() == [620] * 3
    assert frame["denominator"].tolist() == [6] * 3
    assert frame["value"].tolist() == [103_333_333_333] * 3


def test_peers_of_a_count_are_the_mean_a_person():
    rows = talked(ana=[100, 140], ben=[200], cy=[60, 60, 60, 60])
    frame = engine.evaluate_rows(
        compile_formula("count(contacts) - peers(count(contacts))"), rows, group_by="agent"
    )

    # 7 calls of 3 people: 2 1/3.
    assert frame["value"].tolist() == [-333_333_333, -1_333_333_333, 1_666_666_667]


def test_two_people_are_no_peers():
    frame = engine.evaluate_rows(
        compile_formula("peers(count(contacts))"), talked(ana=[1], ben=[2]), group_by="agent"
    )

    assert frame["state"].tolist() == ["not_applicable"] * 2


def test_shifts_are_counted_where_they_were_imported():
    rows = TWO_ANSWERED_OF_THREE | {
        "shifts": [{"logged_in_s": 28800}, {"logged_in_s": 0}, {"logged_in_s": None}]
    }

    line = result(PER_SHIFT, rows)

    assert (line["value"], line["denominator"]) == (2_000_000_000, 1)


def test_days_with_contacts_are_counted_where_shifts_were_not_imported():
    line = result(PER_SHIFT, TWO_ANSWERED_OF_THREE)

    assert (line["value"], line["denominator"], line["sample"]) == (1_000_000_000, 2, 2)


def test_only_the_columns_of_the_decided_branch_are_needed():
    formula = compile_formula(PER_SHIFT)
    needed = [measure.key for measure in measures_for(formula, CONTACTS)]
    frame = pd.DataFrame([[4, 2, 4]], columns=needed, index=[7])

    assert engine.evaluate(formula, frame, imported=CONTACTS).loc[7, "value"] == 2_000_000_000


def test_missing_column_is_named():
    formula = compile_formula("count(contacts)")

    with pytest.raises(engine.MissingMeasure, match=formula.measures[0].key):
        engine.evaluate(formula, pd.DataFrame(index=[1]), imported=CONTACTS)


def test_figure_beyond_sixty_four_bits_is_refused():
    rows = {"figures": [{"value": 10**10}]}

    with pytest.raises(engine.FigureTooLarge, match="10000000000"):
        result("sum(figures.value)", rows)


def test_float_in_a_frame_is_refused():
    formula = compile_formula("max(contacts.talk_s)")
    frame = pd.DataFrame([[12.5, 3.0]], columns=[measure.key for measure in formula.measures])

    with pytest.raises(TypeError, match=r"12\.5"):
        engine.evaluate(formula, frame, imported=CONTACTS)


def test_whole_number_columns_with_gaps_are_read():
    formula = compile_formula("max(contacts.talk_s)")
    columns = [measure.key for measure in formula.measures]
    frame = pd.DataFrame([[12, 3], [None, 0]], columns=columns).astype("Int64")

    values = engine.evaluate(formula, frame, imported=CONTACTS)

    assert values["state"].tolist() == ["measured", "no_data"]
    assert values["value"].tolist() == [12_000_000_000, pd.NA]


def test_empty_frame_gives_an_empty_result():
    formula = compile_formula("count(contacts)")
    frame = pd.DataFrame(columns=[formula.measures[0].key])

    values = engine.evaluate(formula, frame, imported=CONTACTS)

    assert tuple(values.columns) == engine.VALUE_COLUMNS
    assert values.empty


def test_groups_keep_their_order():
    rows = contacts({"agent": 9, "answered": True}, {"agent": 3, "answered": False})

    values = engine.evaluate_rows(compile_formula(SHARE), rows, group_by="agent")

    assert values["numerator"].to_dict() == {9: 1, 3: 0}
    assert list(values.index) == [9, 3]


def test_rating_is_read_and_its_absence_awaited():
    formula = compile_formula('rating("teamwork")')
    frame = pd.DataFrame(index=["ana", "ben", "cai"])
    given_ratings = ratings(ana=[Decimal("17"), 20, 4], cai=[Decimal("4.5"), None, 1])

    values = engine.evaluate(formula, frame, imported=CONTACTS, given=given_ratings)

    assert values["state"].tolist() == ["measured", "awaited", "measured"]
    assert values["value"].tolist() == [850_000_000, pd.NA, 4_500_000_000]
    assert values["numerator"].tolist() == [17, None, Decimal("4.5")]
    assert values["denominator"].tolist() == [20, None, None]
    assert values["sample"].tolist() == [4, 0, 1]


def test_rating_that_was_never_opened_is_awaited_for_all():
    formula = compile_formula('0.5 * rating("teamwork") + 0.5')
    frame = pd.DataFrame(index=["ana"])

    assert engine.evaluate(formula, frame, imported=CONTACTS)["state"].tolist() == ["awaited"]


def test_rating_of_nothing_possible_is_no_data():
    formula = compile_formula('rating("teamwork")')
    frame = pd.DataFrame(index=["ana"])

    values = engine.evaluate(
        formula, frame, imported=CONTACTS, given=ratings(ana=[Decimal(3), 0, 1])
    )

    assert values["state"].tolist() == ["no_data"]


def test_small_sample_is_marked_and_keeps_its_value():
    rows = contacts({"agent": 1, "answered": True}, {"agent": 2}, {"agent": 2})
    values = engine.evaluate_rows(compile_formula(SHARE), rows, group_by="agent")

    marked = engine.with_minimum_sample(values, 2)

    assert marked["state"].tolist() == ["small", "measured"]
    assert marked["value"].tolist() == [1_000_000_000, 0]
    assert values["state"].tolist() == ["measured", "measured"]


def test_stdev_of_a_database_is_rounded_to_nine_places():
    formula = compile_formula("stdev(contacts.talk_s)")
    columns = [measure.key for measure in formula.measures]
    frame = pd.DataFrame([[Decimal("0.70710678118654752440"), 2]], columns=columns)

    values = engine.evaluate(formula, frame, imported=CONTACTS)

    assert values["numerator"].tolist() == [Decimal("0.707106781")]


# The laws. Additive figures are counts and sums; a ratio is additive on either side.

ADDITIVE = ("count(contacts, where=answered and wait_s <= 30)", "sum(contacts.sales)", SHARE)
EVERY_FUNCTION = (
    *ADDITIVE,
    "avg(contacts.talk_s)",
    "min(contacts.talk_s)",
    "max(contacts.wait_s + contacts.talk_s)",
    "median(contacts.talk_s)",
    "percentile(contacts.talk_s, 90)",
    "stdev(contacts.talk_s)",
    "distinct(contacts.wait_s)",
    f"1 - {SHARE}",
    "team(avg(contacts.talk_s))",
)
maybe = st.one_of(st.none(), st.integers(min_value=0, max_value=60))
contact_rows = st.lists(
    st.fixed_dictionaries(
        {
            "agent": st.sampled_from(["ana", "ben", "cai"]),
            "team": st.sampled_from(["A", "B"]),
            "day": st.sampled_from(["2026-10-01", "2026-10-02", "2026-10-03"]),
            "answered": st.one_of(st.none(), st.booleans()),
            "wait_s": maybe,
            "talk_s": maybe,
            "sales": st.integers(min_value=0, max_value=5),
        }
    ),
    min_size=1,
    max_size=12,
)


def sides(frame):
    """Add numerators and denominators over the groups; no data adds nothing."""
    denominators = [value for value in frame["denominator"] if value is not None]
    return sum(value or 0 for value in frame["numerator"]), sum(denominators)


@given(contact_rows, st.sampled_from(ADDITIVE))
def test_team_is_the_sum_of_its_agents(rows, text):
    formula = compile_formula(text)
    team_rows = [row for row in rows if row["team"] == "A"]

    team = engine.evaluate_rows(formula, {"contacts": team_rows})
    agents = engine.evaluate_rows(formula, {"contacts": team_rows}, group_by="agent")

    assert sides(team) == sides(agents)


@given(contact_rows, st.sampled_from(EVERY_FUNCTION), st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(rows, text, random):
    formula = compile_formula(text)
    shuffled = random.sample(rows, len(rows))

    before = engine.evaluate_rows(formula, {"contacts": rows}, group_by="agent")
    after = engine.evaluate_rows(formula, {"contacts": shuffled}, group_by="agent")

    pd.testing.assert_frame_equal(before.sort_index(), after.sort_index())


@given(contact_rows, st.sampled_from(ADDITIVE))
def test_splitting_a_period_and_adding_is_the_whole(rows, text):
    formula = compile_formula(text)

    whole = engine.evaluate_rows(formula, {"contacts": rows})
    days = engine.evaluate_rows(formula, {"contacts": rows}, group_by="day")

    assert sides(whole) == sides(days)


@settings(max_examples=50)
@given(contact_rows, st.sampled_from(EVERY_FUNCTION))
def test_value_is_the_quotient_of_its_sides(rows, text):
    values = engine.evaluate_rows(compile_formula(text), {"contacts": rows}, group_by="agent")

    for line in values[values["state"] == "measured"].itertuples():
        quotient = Decimal(line.numerator) / (1 if line.denominator is None else line.denominator)
        assert abs(engine.from_fixed(line.value) - quotient) <= Decimal("0.0000000005")


@given(contact_rows)
def test_average_lies_between_lowest_and_highest(rows):
    lowest, mean, highest = (
        engine.evaluate_rows(compile_formula(f"{name}(contacts.talk_s)"), {"contacts": rows})
        for name in ("min", "avg", "max")
    )

    if mean.loc["all", "state"] == "measured":
        values = [frame.loc["all", "value"] for frame in (lowest, mean, highest)]
        assert values == sorted(values)


@given(contact_rows)
def test_condition_and_its_opposite_leave_out_what_is_missing(rows):
    formula = compile_formula(
        "count(contacts, where=wait_s > 30) + count(contacts, where=not wait_s > 30)"
    )
    known = sum(row["wait_s"] is not None for row in rows)

    assert engine.evaluate_rows(formula, {"contacts": rows}).loc["all", "numerator"] == known


def test_measures_of_a_handful_of_rows_are_all_there():
    formula = compile_formula(SHARE)

    (values,) = interpret(formula, TWO_ANSWERED_OF_THREE).values()

    assert set(values) == {measure.key for measure in formula.measures}


def test_what_is_not_measurable_keeps_no_value_and_who_awaits_something_still_does():
    rows = contacts({"answered": True, "talk_s": 90}, {"answered": True})
    measured = engine.evaluate_rows(compile_formula("avg(contacts.talk_s)"), rows)
    awaited = measured.assign(state="awaited")

    line = engine.not_measurable(measured).to_dict("records")[0]

    assert (line["state"], line["numerator"], line["sample"]) == ("not_measurable", None, 0)
    assert pd.isna(line["value"])
    assert engine.not_measurable(awaited)["state"].tolist() == ["awaited"]
    assert measured["state"].tolist() == ["measured"]
