"""The law of the simulator: what it says of a draft is what a run with the draft in use stores."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest

from agents.models import Position, User
from appraisal.models import SchemeVersion
from appraisal.scoring.scheme import parse_scheme
from appraisal.services import drafts, schemes, simulating
from appraisal.services.targets import Place, set_targets
from appraisal.staff import CircularScores
from kpi.models import FACT_MODELS
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW
from tests.golden.centre import compute, october, open_cycle
from tests.golden.test_by_days import build, linear, publish_schemes

LATER = NOW + timedelta(days=1)
SHARE = {"type": "share", "of": 100}


def peers(better, *bands):
    bands = [{"at": at, "points": points} for at, points in bands]
    return {"type": "peers", "better": better, "bands": bands}


@pytest.fixture
def centre(library):
    """The seven of the month by days, and seven more.

    Hal leaves after eight days at the desk and four with key accounts. Kim and Leo have key
    accounts all month, Max for twenty days after eleven at the desk. Lea heads the hall, Ida
    the wing from the eighteenth on, where Jon sits at the desk.
    """
    publish_schemes()
    staff = measure_by('score_of("reports")', weight=100, rule=SHARE, code="staff")
    staff.store(unit="points")
    schemes.add_version(made_of(*staff.items, positions=["head"], code="head"), now=NOW)
    centre = build()
    for code, position in (
        ("hal", "desk"), ("ida", "desk"), ("kim", "key"), ("leo", "key"), ("lea", "head"),
    ):  # fmt: skip
        centre.person(code, position)
    centre.person("jon", "desk", team="wing")
    centre.person("max", "desk")
    centre.move("hal", october(9), position="key")
    centre.people["hal"].assignments.filter(ends_on=None).update(ends_on=october(13))
    centre.move("ida", october(18), position="head", team="wing")
    centre.move("max", october(12), position="key")
    centre.lead("lea", "hall")
    centre.lead("ida", "wing", since=october(18))
    for at, code in enumerate(("hal", "ida", "jon", "max")):
        for day in (1, 2):
            centre.work(code, october(day))
        centre.calls(code, october(1), 12 + at)
        centre.surveys(code, october(2), 6 + at, 10)
    for at, (code, day) in enumerate((("hal", 10), ("kim", 5), ("leo", 6), ("max", 15))):
        centre.calls(code, october(day), 4, talk_s=230 + 25 * at)
        centre.add("events", code, october(day), at, kind="praise", quantity=1)
    centre.store()
    return centre


def document(code):
    found = SchemeVersion.objects.get(scheme__code=code, state=SchemeVersion.State.PUBLISHED)
    return deepcopy(found.document)


def change_item(at, **changes):
    """Change an item of a document, by its place."""

    def change(written):
        items = list(written["items"])
        items[at] = {key: value for key, value in (items[at] | changes).items() if value != ""}
        return written | {"items": items}

    return change


def say(**changes):
    """Change what stands beside the items."""
    return lambda written: written | changes


def told(run):
    return {
        card.agent_id: (card.total and int(card.total * 100), card.grade, card.rank)
        for card in run.scorecards.all()
    }


def tried(run, draft, written):
    """Agent id to what the simulator says: before and after, each total, grade and rank."""
    _basis, outcome = simulating.run_draft(run, draft, parse_scheme(written))
    table = outcome.people.astype(object).where(outcome.people.notna(), None)
    return {
        row["agent_id"]: tuple(
            (row[side], row[f"grade_{side}"], row[f"rank_{side}"]) for side in ("before", "after")
        )
        for row in table.to_dict("records")
    }


def held_to_the_law(run, code, *changes):
    """Try a draft on a run, put it to use, and compare with a run of its own.

    Returns:
        Whoever the simulator showed, and the new run.
    """
    scheme = SchemeVersion.objects.filter(scheme__code=code).first().scheme
    draft = drafts.start_draft(scheme=scheme, edited_by=None, now=NOW)
    written = document(code)
    for old, new in tried(run, draft, written).values():
        assert old == new
    for change in changes:
        written = change(written)
    found = tried(run, draft, written)
    draft.delete()

    assert schemes.add_version(written, now=LATER)
    again = compute(run.cycle)

    before, after, nothing = told(run), told(again), (None, "", None)
    assert found == {pk: (before.get(pk, nothing), after.get(pk, nothing)) for pk in found}
    return set(found), again


def codes_of(centre, rows):
    names = {agent.pk: code for code, agent in centre.people.items()}
    return {names[pk] for pk in rows}


DESK = {"ann", "bob", "cat", "dan", "eve", "fay", "gus", "ida", "jon"}
KEY = {"kim", "leo", "max"}
"""Held most days; Bob, Cat, Eve, Fay and Hal have a part with key accounts."""
IN_PARTS = {"bob", "cat", "eve", "fay", "hal"}
GUIDELINE = {"grade": "qualified", "at_most": "0.3", "mode": "enforced", "minimum_people": 2}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([change_item(0, weight=20)], id="weight"),
        pytest.param([change_item(2, missing="zero")], id="missing"),
        pytest.param([change_item(1, kpi="talk", rule=linear(400, 200))],
                     id="what no line at the desk measured"),
        pytest.param([change_item(0, rule=peers("higher", (0, 50), (2, 25)))], id="peers"),
        pytest.param([change_item(0, kpi="staff", rule=SHARE)], id="scores of the staff"),
        pytest.param([say(transfers="longest")], id="by days no more"),
        pytest.param([say(transfers="longest"), change_item(1, weight=5)], id="whole and lighter"),
        pytest.param([say(guideline=GUIDELINE)], id="guideline"),
        pytest.param([say(minimum_cover="0.5")], id="cover"),
        pytest.param([change_item(0, weight=20), change_item(2, kpi="staff", rule=SHARE),
                      change_item(1, rule=peers("higher", (0, 30), ("0.2", 10)))],
                     id="all at once"),
    ],
)  # fmt: skip
def test_draft_of_the_position_that_decides(centre, changes):
    run = compute(open_cycle())

    rows, again = held_to_the_law(run, "desk", *changes)

    assert codes_of(centre, rows) == DESK | {"hal"}
    assert told(again) != told(run)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([change_item(0, weight=10)], id="weight"),
        pytest.param([change_item(0, rule=peers("lower", (-5, 60), (10, 20)))], id="peers"),
        pytest.param([change_item(1, kpi="exam", rule=SHARE)], id="nothing measured there"),
        pytest.param([change_item(0, kpi="calls", rule={"type": "proportional", "target": 4})],
                     id="what no line there measured"),
        pytest.param([say(transfers="by_days")], id="by days too"),
    ],
)  # fmt: skip
def test_draft_of_a_further_position(centre, changes):
    run = compute(open_cycle())

    rows, again = held_to_the_law(run, "key", *changes)

    assert codes_of(centre, rows) >= KEY | IN_PARTS
    assert told(again) != told(run)


@pytest.mark.parametrize("code", ["desk", "key"])
def test_draft_that_makes_parts_where_the_run_made_none(centre, code):
    schemes.add_version(document("desk") | {"transfers": "longest"}, now=NOW)
    run = compute(open_cycle())

    rows, again = held_to_the_law(run, code, say(transfers="by_days"), change_item(0, weight=30))

    assert "parts" not in run.parameters
    parts = {"desk": {"bob", "cat", "dan", "eve", "fay", "gus", "hal", "ida"}, "key": {"max"}}
    in_parts = set(again.parameters["parts"])
    assert in_parts == {str(centre.people[one].pk) for one in parts[code]}
    assert codes_of(centre, rows) == {"desk": DESK | {"hal"}, "key": KEY}[code]


def test_draft_that_makes_parts_against_peers_and_the_staff(centre):
    schemes.add_version(document("desk") | {"transfers": "longest"}, now=NOW)
    against_peers = change_item(0, rule=peers("lower", (-5, 60), (10, 20)))
    schemes.add_version(against_peers(document("key")), now=NOW)
    run = compute(open_cycle())

    rows, again = held_to_the_law(run, "desk", say(transfers="by_days"))

    ida = again.scorecards.get(agent=centre.people["ida"])
    assert [line.item.partition("--")[0] for line in ida.lines.order_by("order")][-1] == "staff"
    assert codes_of(centre, rows) == DESK | {"hal"}


def test_draft_of_who_reads_the_scores_of_people_in_parts(centre):
    run = compute(open_cycle())

    rows, _again = held_to_the_law(run, "head", change_item(0, rule={"type": "share", "of": 80}))

    assert codes_of(centre, rows) == {"lea", "ida"}


def test_part_with_nothing_measured_leaves_the_weighting_and_comes_back(centre):
    run = compute(open_cycle())

    rows, again = held_to_the_law(
        run, "trainer", change_item(0, kpi="calls", rule={"type": "proportional", "target": 4})
    )
    rows_after, _last = held_to_the_law(again, "trainer", change_item(0, kpi="hours"))

    assert codes_of(centre, rows) >= {"cat", "gus"}
    assert codes_of(centre, rows_after) >= {"cat", "gus"}


def test_draft_for_a_position_that_no_scheme_appraised_makes_a_part_of_it(centre):
    run = compute(open_cycle())

    rows, again = held_to_the_law(run, "trainer", say(positions=["trainer", "guide"]))

    guide = Position.objects.get(code="guide")
    assert again.scorecards.get(agent=centre.people["dan"]).lines.filter(item=f"hours--{guide.pk}")
    assert codes_of(centre, rows) >= {"cat", "dan", "gus"}


def test_people_whom_the_draft_newly_appraises_have_an_after_and_make_peers(centre):
    for code, calls in (("ned", 80), ("oli", 10), ("pam", 70), ("pia", 75)):
        centre.person(code, "guide")
        centre.calls(code, october(25), calls)
    centre.move("oli", october(30), position="desk", team="wing")
    centre.lead("oli", "wing", since=october(1), until=october(20))
    FACT_MODELS["contacts"].objects.all().delete()
    centre.store()
    run = compute(open_cycle())
    for code, formula in (("reached", "count(contacts)"), ("led", "led(count(contacts))")):
        measure_by(formula, weight=1, rule=SHARE, code=code).store()
    against_peers = change_item(0, kpi="reached", rule=peers("higher", (0, 100), (8, 40)))

    def with_teams_led(written):
        (item,) = written["items"]
        return written | {"items": [item, item | {"code": "led", "kpi": "led", "rule": SHARE}]}

    rows, again = held_to_the_law(
        run,
        "trainer",
        say(positions=["trainer", "guide"], transfers="by_days"),
        against_peers,
        with_teams_led,
    )

    assert codes_of(centre, rows) >= {"cat", "dan", "gus", "ned", "oli", "pam", "pia"}
    assert str(centre.people["oli"].pk) in again.parameters["parts"]
    guide = Position.objects.get(code="guide")
    # 80, 70 and 75 of those who hold it alone; Jon had 14 calls on the first.
    line = again.scorecards.get(agent=centre.people["dan"]).lines.get(item=f"hours--{guide.pk}")
    assert str(line.target) == "75.000000000"
    led = again.scorecards.get(agent=centre.people["oli"]).lines.get(item="led")
    assert int(led.value) == 14


def test_draft_that_drops_a_position_leaves_its_people_without_a_card(centre):
    schemes.add_version(document("key") | {"positions": ["key", "trainer"]}, now=LATER)
    run = compute(open_cycle())

    rows, again = held_to_the_law(run, "key", say(positions=["trainer"]))

    assert codes_of(centre, rows) >= KEY | IN_PARTS | {"gus"}
    assert not again.scorecards.filter(agent=centre.people["kim"]).exists()


def test_position_that_a_draft_drops_falls_back_to_a_scheme_that_makes_parts(centre):
    # The newer of two that name a position has it.
    schemes.add_version(document("key") | {"positions": ["key", "desk"]}, now=LATER)
    run = compute(open_cycle())

    rows, again = held_to_the_law(run, "key", say(positions=["key"]))

    assert "parts" not in run.parameters
    assert str(centre.people["cat"].pk) in again.parameters["parts"]
    assert codes_of(centre, rows) == DESK | KEY | {"hal"}


def test_draft_that_takes_a_position_over_scores_its_people(centre):
    run = compute(open_cycle())

    rows, _again = held_to_the_law(run, "desk", say(positions=["desk", "key"]))

    assert codes_of(centre, rows) == DESK | KEY | {"hal"}


def test_other_grade_for_being_compared_is_shown(centre):
    schemes.add_version(document("desk") | {"guideline": GUIDELINE}, now=NOW)
    run = compute(open_cycle())

    # Eve falls behind Dan, who has no part with key accounts.
    rows, _again = held_to_the_law(run, "key", change_item(0, rule=linear(200, 100)))

    assert "dan" in codes_of(centre, rows)


def test_targets_of_the_cycle_hold_in_every_part(centre):
    cycle = open_cycle()
    for code, item, value in (("desk", "calls", 12), ("trainer", "hours", 4)):
        version = SchemeVersion.objects.get(scheme__code=code, state="published")
        set_targets(
            cycle=cycle, version=version, wanted={Place(item, "scheme"): Decimal(value)},
            set_by=User.objects.create(username=code), now=NOW,
        )  # fmt: skip
    run = compute(cycle)

    rows, again = held_to_the_law(run, "desk", change_item(0, weight=20))
    more, _last = held_to_the_law(again, "trainer", change_item(0, missing="zero"))

    assert codes_of(centre, rows) == DESK | {"hal"}
    assert codes_of(centre, more) >= {"cat", "gus"}


@pytest.mark.parametrize("code", ["desk", "key"])
def test_quarter_with_parts_beside_a_scheme_made_of_months(centre, code):
    cycles = {"cycles": ["month", "quarter"]}
    for each, more in (("desk", {}), ("key", {"roll_up": "months"}), ("trainer", {})):
        schemes.add_version(document(each) | cycles | more, now=NOW)
    compute(open_cycle())
    run = compute(open_cycle("2026-Q4"))

    rows, _again = held_to_the_law(run, code, change_item(0, weight=20))

    # The others held their second position for most of the quarter.
    assert (
        codes_of(centre, rows)
        == {
            "desk": {"ann", "hal", "jon"},
            "key": {"bob", "eve", "fay", "hal", "kim", "leo", "max"},
        }[code]
    )
    assert str(centre.people["hal"].pk) in run.parameters["parts"]


def test_two_items_are_held_against_the_same_average_of_values(centre):
    measure_by("team(count(contacts))", weight=1, rule=SHARE, code="crew").store()
    run = compute(open_cycle())
    rule = peers("higher", (0, 30), (5, 10))

    rows, again = held_to_the_law(
        run, "desk", *(change_item(at, kpi="crew", weight=30, rule=rule) for at in (0, 1))
    )

    assert codes_of(centre, rows) == DESK | {"hal"}
    lines = again.scorecards.get(agent=centre.people["ann"]).lines.filter(
        item__in=["calls", "good"]
    )
    assert len({line.target for line in lines}) == 1
    assert None not in {line.target for line in lines}


def test_draft_under_which_scores_go_round_in_a_circle_is_not_tried(centre):
    centre.lead("ann", "hall")
    run = compute(open_cycle())
    scheme = SchemeVersion.objects.get(scheme__code="desk").scheme
    draft = drafts.start_draft(scheme=scheme, edited_by=None, now=NOW)

    # Lea heads the hall, in which Ann is, who leads it too.
    with pytest.raises(CircularScores):
        tried(run, draft, change_item(0, kpi="staff", rule=SHARE)(document("desk")))
