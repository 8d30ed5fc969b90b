"""Conditions, stars, the guideline and scaled weights on the pages of a scorecard."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from appraisal.models import RunKPI, SchemeVersion, Scorecard
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors.card import get_card
from appraisal.selectors.guidelines import guidelines_of
from appraisal.services.schemes import add_version
from appraisal.web.pages import head
from appraisal.web.pages.beside import stars_text, why_no_stars
from appraisal.web.pages.explained import explained
from appraisal.web.pages.lines import line_row
from appraisal.web.pages.rules import cap_words, group_rows
from appraisal.web.pages.terms import guided_words
from kpi.models import KPIVersion
from tests.factories import NOW, add_agent, add_facts
from tests.results import Results
from tests.shipped import S2, shipped_document

TODAY = date(2026, 11, 3)
PAUSE = "longest_pause_in_a_shift"
MET = {
    "kpi": PAUSE,
    "side": "above",
    "threshold": "1800",
    "effect": ["zero", "no_stars"],
    "value": "1860",
    "met": True,
}


def document(**more):
    made = shipped_document(S2) | {
        "stars": [{"from": 90, "stars": 4}, {"from": 80, "stars": 3}],
        "guideline": {"grade": "excellent", "at_most": "0.2", "minimum_people": 3},
        **more,
    }
    condition = {"kpi": PAUSE, "above": 1800, "effect": ["zero", "no_stars"]}
    made["items"][1] |= {"weight": 9, "conditions": [condition]}
    return made


@pytest.fixture
def october(cast, library):
    """October under a scheme with stars, a guideline, a condition, and weights of 99."""
    add_version(document(), now=NOW)
    version = SchemeVersion.objects.filter(scheme__code=S2).latest("number")
    results = Results(cast, version)
    run = results.run("2026-10", imported=("contacts", "shifts"))
    pinned = KPIVersion.objects.get(kpi__code=PAUSE)
    RunKPI.objects.create(run=run, kpi_version=pinned)
    run.scheme_versions.create(scheme_version=version)
    return results


def ana_card(results, total=85, *, conditions=None, **more):
    card = results.card("2026-10", results.cast.ana, total, **more)
    for item in results.scheme.document["items"]:
        is_first = item["code"] == "handle_time"
        told = {"conditions": conditions, "effective_weight": Decimal("9.09")} if is_first else {}
        results.line(card, item["code"], 270, 0 if told and conditions else 1, **told)
    return get_card(
        user=results.cast.sam, agent_id=results.cast.ana.agent_id, code="2026-10", on=TODAY
    )


def line_of(card):
    return next(line for line in card.lines if line.item == "handle_time")


def add_shifts(results):
    rows = [
        {"day": date(2026, 10, day), "wrap_up_s": wrap_up, "not_ready_s": 600}
        for day, wrap_up in ((5, 300), (12, 1260), (19, 1260), (26, 0))
    ]
    add_facts("shifts", rows, agent=results.cast.ana.agent)
    run = results.runs["2026-10"]
    run.watermark = 10**6
    run.save(update_fields=["watermark"])


def test_line_says_on_which_day_a_condition_was_met(october):
    add_shifts(october)
    card = ana_card(october, conditions=[MET])

    told = explained(card, line_of(card))

    # 1,260 s of wrap-up and 600 s not ready: 1,860 s, on the 12th before the 19th.
    assert told.words.startswith(
        "The value is 270 s, from 100 contacts. "
        "Longest wrap-up and not-ready time of a shift came to 1,860 s on 12 Oct 2026"
    )
    assert "over 1,800 s the item gives no points, and no stars are given" in told.words
    assert told.next_step == "Without that the item would give 9.09 of 9.09 points."
    assert told.picture.here is None


def test_condition_that_was_not_met_is_told_behind_the_points(october):
    card = ana_card(october, conditions=[MET | {"value": "900", "met": False}])
    line_of(card).points = Decimal(9)

    told = explained(card, line_of(card))

    assert "came to 900 s; over 1,800 s the item would give no points" in told.words
    assert told.picture.here is not None


def test_row_of_an_emptied_line_says_so_only_with_its_points(october):
    card = ana_card(october, conditions=[MET])
    row = line_row(card, line_of(card))
    object.__setattr__(card, "shows_points", False)

    assert row.note == "a condition takes the points"
    assert line_row(card, line_of(card)).note == ""


def test_row_against_the_peers_shows_their_average(october):
    rule = {"type": "peers", "better": "lower", "bands": [{"at": 0, "points": 9}]}
    made = document()
    made["items"][1] |= {"rule": rule}
    card = ana_card(october)
    object.__setattr__(card, "scheme", parse_scheme(made))
    line = line_of(card)

    assert line_row(card, line).target == ""
    line.target = Decimal("251.333333333")
    assert line_row(card, line).target == "average 251 s"


def test_stars_are_counted(october):
    card = ana_card(october, stars=3)

    assert (stars_text(card), why_no_stars(card)) == ("3 stars", "")


@pytest.mark.parametrize(
    ("card", "why"),
    [
        ({"state": "no_grade", "grade": ""}, "No stars: they need a grade."),
        ({"total": 75}, "No stars: they begin at 80 points."),
        (
            {"conditions": [MET]},
            "No stars this period. Longest wrap-up and not-ready time of a shift came to 1,860 s; "
            "over 1,800 s the item gives no points, and no stars are given for the period.",
        ),
    ],
)
def test_missing_stars_are_explained(card, why, october):
    assert why_no_stars(ana_card(october, **card)) == why


def test_scheme_without_stars_misses_none(results):
    results.run("2026-10")
    card = results.card("2026-10", results.cast.ana, 85)
    results.line(card, "handle_time", 270, 10)

    read = get_card(user=results.cast.sam, agent_id=card.agent_id, code="2026-10", on=TODAY)

    assert (stars_text(read), why_no_stars(read)) == ("", "")


def test_grade_that_the_guideline_took_is_explained(october):
    card = ana_card(october, 91, grade="good", by_guideline=True)

    assert head.summary(card) == (
        "The total would give Excellent, but at most 20% of the people get it, "
        "and enough totals are better; so the grade is Good."
    )
    assert head.missing_points(card) == ""


def test_scorecard_says_that_weights_are_scaled(october):
    shown = head.standing_of(ana_card(october, stars=3))

    assert shown["scaled"] == "The weights add up to 99 and are scaled to 100."
    assert shown["stars"] == "3 stars"


class Person:
    """Somebody with a card and no log-in."""

    def __init__(self, code, cast):
        self.agent = add_agent(code, team=cast.alpha, position=cast.position)


def add_cards(results, totals):
    for at, total in enumerate(totals):
        person = Person(f"p{at}", results.cast)
        results.card("2026-10", person, total, grade="excellent" if total >= 90 else "good")


def test_advisory_guideline_says_how_many_there_are_and_may_be(october):
    # 20% of 5 are 1; the two of 95.00 are tied.
    add_cards(october, [95, 95, 92, 85, 80])

    (guided,) = guidelines_of(october.runs["2026-10"])

    assert guided_words(guided) == (
        "Call-centre agent: 3 of 5 have Excellent; by the guideline 2 would "
        "(20% are 1, ties together). Nothing is changed."
    )


def test_guideline_that_is_kept_says_so(october):
    add_cards(october, [95, 85, 84, 83, 82])

    (guided,) = guidelines_of(october.runs["2026-10"])

    assert guided_words(guided) == "Call-centre agent: 1 of 5 have Excellent; up to 20% may."


def test_guideline_is_not_for_small_groups_nor_for_those_not_ranked(october):
    add_cards(october, [95, 94])
    newcomer = Person("new", october.cast)
    october.card("2026-10", newcomer, 99, state="not_ranked", grade="excellent")

    (guided,) = guidelines_of(october.runs["2026-10"])

    assert guided_words(guided) == "Call-centre agent: 2 ranked; the guideline applies from 3 on."


def test_grades_that_an_enforced_guideline_took_are_counted_as_reached(october):
    add_cards(october, [95, 95, 85, 84])
    lowered = Person("low", october.cast)
    october.card("2026-10", lowered, 92, grade="good", by_guideline=True)

    (guided,) = guidelines_of(october.runs["2026-10"])

    assert (guided.advice.holders, guided.advice.keepers) == (3, 2)


def test_cycle_page_says_what_the_guideline_says(october):
    add_cards(october, [95, 95, 92, 85, 80])

    text = october.cast.client("hana").get("/cycles/2026-10/").content.decode()

    assert "Guideline for grades" in text
    assert "by the guideline 2 would" in text
    assert Scorecard.objects.filter(grade="excellent").count() == 3


def test_scheme_page_tells_conditions_and_terms(october):
    scheme = parse_scheme(
        document(
            roll_up="months",
            guideline={"grade": "excellent", "at_most": "0.2", "mode": "enforced"},
            transfers="by_days",
        )
    )
    kpis = {PAUSE: KPIVersion.objects.get(kpi__code=PAUSE)}
    rows = {row.item.code: row for group in group_rows(scheme, kpis) for row in group.items}

    assert rows["handle_time"].words[-1] == (
        "Longest wrap-up and not-ready time of a shift: over 1,800 s the item gives no points, "
        "and no stars are given."
    )
    assert cap_words(scheme) == [
        "Stars by the total: 4 stars from 90, 3 stars from 80.",
        "A quarter or a year is the mean of its months’ totals.",
        "At most 20% of the people get Excellent or better, from 10 people on; equal totals stay "
        "together. Who is beyond gets the next grade.",
        "Who changes position in the period is appraised in each: by its own scheme, on its days, "
        "and weighted by them. Grade, stars and rank are those of this scheme where the position "
        "was held most days; a limit to the grade in one part holds for all.",
    ]


def test_scheme_page_tells_weighted_months_and_peers_in_words():
    peers = {
        "type": "peers",
        "better": "lower",
        "bands": [{"at": -2, "points": 50}, {"at": 0, "points": 40}, {"at": 5, "points": 10}],
    }
    made = shipped_document(S2) | {
        "cycles": ["quarter"],
        "roll_up": "months",
        "month_weights": [1, 2, "1.5"],
    }
    made["items"][0]["rule"] = peers
    scheme = parse_scheme(made)

    with override("en"):
        (first, *_rest) = group_rows(scheme, {})[0].items

        assert first.words == [
            "Held against the average of the peers: same position, same shift.",
            "At least 200 pp better: 50 points.",
            "At the average or better: 40 points.",
            "Up to 500 pp worse: 10 points.",
            "Otherwise nothing.",
        ]
        assert cap_words(scheme) == [
            "A quarter or a year is made of its months’ totals, weighted 1, 2, 1.50."
        ]
