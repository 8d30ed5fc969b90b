"""A month of seven people of whom some change position: cards in parts by days."""

import random

import pytest

from appraisal.digest import digest_of
from appraisal.models import Scorecard
from appraisal.services import computing, roster, runs
from appraisal.services.schemes import add_version
from appraisal.services.verification import verify_run
from kpi.models import FACT_MODELS
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW
from tests.golden.centre import (
    Centre,
    assert_cards,
    card_of,
    columns,
    compute,
    line_of,
    october,
    open_centre,
    open_cycle,
    part,
)

# Days at the desk, then with key accounts, as a trainer, and as a guide, whom no scheme appraises.
# What follows is first what happened at the desk, then elsewhere.
FACTS = """
             ann     bob     cat     dan     eve     fay     gus
desk          31      19      15      21      16      17      18
key            -      12      10       -      15      14       -
trainer        -       -       6       -       -       -      13
guide          -       -       -      10       -       -       -
calls         20      16      13      20      18      15      20
good        9/10    8/10    7/10    6/10    9/10   10/10    9/10
exam          80      90      70     100       -      65      80
talk_s         -     250     300       -     200     260       -
praise         -       3       4       -       0       1       -
hours          -       -       6       -       -       -       -
"""

# Desk: 50 x calls a shift / 10; 30 x (good - 0.5) / 0.4; 20 x exam. Two shifts each.
# Key accounts: 60 x (400 - talk) / 200; 10 for each praise, at most 40. Trainer: 100 x hours / 8.
# Each x days there / days in all positions with a scheme, rounded once:
# Bob, 19 and 12 of 31: 40, 22.5 and 18 x 19/31 = 24.5161, 13.7903, 11.0323;
#   45 and 30 x 12/31 = 17.4194, 11.6129
# Cat, 15, 10 and 6 of 31: 32.5, 15 and 14 x 15/31 = 15.7258, 7.2581, 6.7742;
#   30 and 40 x 10/31 = 9.6774, 12.9032; 75 x 6/31 = 14.5161
# Dan's days as a guide are no part: 21 of 21
# Eve, 16 and 15 of 31, without an exam, whose 20 go to the surveys: 45 and 50 x 16/31 = 23.2258,
#   25.8065; 60 x 15/31 = 29.0323
# Fay, 17 and 14 of 31, on leave for a shift: 37.5, 30 and 13 x 17/31 = 20.5645, 16.4516, 7.1290;
#   42 and 10 x 14/31 = 18.9677, 4.5161
# Gus has no hours: his part as a trainer has no points, and the desk counts whole
POINTS = """
                 ann       bob       cat       dan       eve       fay     gus
calls          50.00     24.52     15.73     50.00     23.23     20.56   50.00
good           30.00     13.79      7.26      7.50     25.81     16.45   30.00
exam           16.00     11.03      6.77     20.00   no_data      7.13   16.00
talk@key           -     17.42      9.68         -     29.03     18.97       -
praise@key         -     11.61     12.90         -      0.00      4.52       -
hours@trainer      -         -     14.52         -         -         - no_data
total          96.00     78.37     66.86     77.50     78.07     67.63   96.00
grade      excellent qualified qualified qualified qualified qualified    none
"""
STARTS = ("key", "trainer", "guide")


def linear(worst, best):
    return {"type": "linear", "worst": worst, "best": best}


def publish_schemes():
    """The three schemes, each with its KPIs; that of the desk makes cards in parts."""
    worked = "count(contacts, where=answered) / count(shifts, where=logged_in_s > 0)"
    calls = measure_by(worked, weight=50, rule={"type": "proportional", "target": 10}, code="calls")
    good = measure_by(
        "count(surveys, where=score >= 4) / count(surveys)",
        weight=30, rule=linear("0.5", "0.9"), code="good",
    )  # fmt: skip
    exam = measure_by(
        'avg(trainings.score, where=kind == "knowledge")',
        weight=20, rule={"type": "share", "of": 100}, code="exam",
    )  # fmt: skip
    talk = measure_by("avg(contacts.talk_s)", weight=60, rule=linear(400, 200), code="talk")
    praise = measure_by(
        'count(events, where=kind == "praise")',
        weight=40, rule={"type": "bonus", "points": 10}, code="praise",
    )  # fmt: skip
    hours = measure_by(
        'avg(trainings.hours, where=kind == "given")',
        weight=100, rule={"type": "proportional", "target": 8}, code="hours",
    )  # fmt: skip
    for one in (calls, good, exam, talk, praise, hours):
        one.store()
    people = {"code": "people", "name": {"en": "People", "zh": "客户"}}
    desk = made_of(
        *calls.items, *({**item, "group": "people"} for item in good.items + exam.items),
        positions=["desk"], code="desk", transfers="by_days",
    )  # fmt: skip
    desk["groups"].append(people)
    for document in (
        desk,
        made_of(*talk.items, *praise.items, positions=["key"], code="key"),
        made_of(*hours.items, positions=["trainer"], code="trainer"),
    ):
        add_version(document, now=NOW)


def build(mark: str = "") -> Centre:
    """The centre of the table; what happened is stamped with the position of its day."""
    centre = open_centre(mark)
    for code, facts in columns(FACTS).items():
        centre.person(code, "desk")
        last = int(facts["desk"])
        for position in STARTS:
            if facts[position] != "-":
                centre.move(code, october(last + 1), position=position)
                _elsewhere(centre, code, last + 1, position, facts)
                last += int(facts[position])
        _at_the_desk(centre, code, facts)
    centre.work("fay", october(10), logged_in_s=0, leave_days=1, protected=True)
    return centre


def _at_the_desk(centre: Centre, code: str, facts: dict[str, str]) -> None:
    for day in (1, 2):
        centre.work(code, october(day))
    centre.calls(code, october(1), int(facts["calls"]))
    centre.surveys(code, october(3), *part(facts["good"]))
    if facts["exam"] != "-":
        centre.add("trainings", code, october(4), kind="knowledge", score=facts["exam"])


def _elsewhere(centre: Centre, code: str, day: int, position: str, facts: dict[str, str]) -> None:
    if position == "key":
        centre.calls(code, october(day), 5, talk_s=int(facts["talk_s"]))
        centre.add("events", code, october(day), int(facts["praise"]), kind="praise", quantity=1)
    if position == "trainer" and facts["hours"] != "-":
        centre.add("trainings", code, october(day), kind="given", hours=facts["hours"])
    if position == "guide":
        centre.work(code, october(day))
        centre.calls(code, october(day), 90)


@pytest.fixture
def centre(library):
    publish_schemes()
    return build()


@pytest.fixture
def run(centre):
    centre.store()
    return compute(open_cycle())


def table(centre: Centre) -> str:
    """The points with the codes under which lines of a further position are stored."""
    text = POINTS
    for code, position in centre.positions.items():
        text = text.replace(f"@{code} ", f"--{position.pk} ")
    return text


def test_points_are_those_worked_out_by_hand(centre, run):
    assert_cards(run, table(centre))


def test_lines_weigh_what_the_days_of_their_part_say(centre, run):
    key = centre.positions["key"].pk
    weights = {
        line.item: (str(line.weight), str(line.effective_weight))
        for line in card_of(run, "bob").lines.all()
    }

    # 50, 30 and 20 x 19/31; 60 and 40 x 12/31
    assert weights == {
        "calls": ("30.645161", "30.65"),
        "good": ("18.387097", "18.39"),
        "exam": ("12.258065", "12.26"),
        f"talk--{key}": ("23.225806", "23.23"),
        f"praise--{key}": ("15.483871", "15.48"),
    }


def test_lines_stand_part_by_part(centre, run):
    lines = card_of(run, "cat").lines.order_by("order").values_list("order", "item")

    key, trainer = (centre.positions[code].pk for code in ("key", "trainer"))
    assert list(lines) == [
        (0, "calls"), (1, "good"), (2, "exam"), (3, f"talk--{key}"), (4, f"praise--{key}"),
        (5, f"hours--{trainer}"),
    ]  # fmt: skip


def test_part_without_points_counts_as_not_covered(run):
    covered = {code: str(card_of(run, code).covered) for code in ("bob", "dan", "eve", "gus")}

    # Eve: (80 x 16 + 100 x 15) / 31 = 89.677; Gus: 18/31 = 58.065
    assert covered == {"bob": "100.00", "dan": "100.00", "eve": "89.68", "gus": "58.06"}
    assert card_of(run, "gus").state == Scorecard.State.NO_GRADE


def test_part_without_points_leaves_the_weighting(centre, run):
    hours = line_of(run, "gus", f"hours--{centre.positions['trainer'].pk}")

    # Stated: 100 x 13/31
    assert (str(hours.weight), str(hours.effective_weight)) == ("41.935484", "0.00")
    assert str(line_of(run, "gus", "calls").effective_weight) == "50.00"


def test_ranks_compare_those_whom_the_desk_decides(run):
    cards = run.scorecards.select_related("agent").order_by("rank")

    ranks = [(card.agent.code, card.rank, card.ranked_among) for card in cards if card.rank]
    assert ranks == [
        ("ann", 1, 6), ("bob", 2, 6), ("eve", 3, 6), ("dan", 4, 6), ("fay", 5, 6), ("cat", 6, 6),
    ]  # fmt: skip


def test_run_pins_the_schemes_of_all_parts(run):
    pinned = run.scheme_versions.values_list("scheme_version__scheme__code", flat=True)

    assert sorted(pinned) == ["desk", "key", "trainer"]


def test_what_a_run_pinned_gives_the_same_again(centre, run):
    centre.move("bob", october(30), position="trainer")

    verdict = verify_run(run)

    assert verdict.is_same
    assert len({verdict.recomputed, verdict.stored, run.digest}) == 1


def test_order_of_the_facts_is_irrelevant(centre, run):
    for model in FACT_MODELS.values():
        model._default_manager.all().delete()
    centre.store(seed=20_261_101)

    assert compute(open_cycle()).digest == run.digest


def test_order_of_the_seats_is_irrelevant(run):
    seats = roster.seats_of(run)
    random.Random(7).shuffle(seats)

    found = computing.compute(runs.inputs_of(run, seats=seats), progress=lambda _stage: None)

    assert digest_of(found.cards, found.lines) == run.digest
