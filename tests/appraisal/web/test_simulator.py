"""The simulator through HTTP."""

import pytest

from appraisal.services import drafts
from tests.appraisal.services.plans import measure_by
from tests.factories import NOW

S2 = "s2_call_centre_agent"
ADDRESS = f"/schemes/{S2}/simulate/"

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def month(results, cast, draft):
    """October: Ana 80.00 with 40 of 50 points for calls, Ben 70.00 with 30; not published."""
    run = results.run("2026-10")
    run.parameters = run.parameters | {"minimum_presence": "0.4"}
    run.save(update_fields=["parameters"])
    for user, total, points, share in ((cast.ana, 80, 40, 46.4), (cast.ben, 70, 30, 34.8)):
        card = results.card("2026-10", user, total, rank=1 if total == 80 else 2)
        results.line(card, "calls", share, points)
    return results


def test_only_hr_simulates(cast, draft):
    answers = [cast.client(name).get(ADDRESS) for name in ("ana", "sam", "mona", "ada", "quinn")]

    assert {answer.status_code for answer in answers} == {404}


def test_nothing_to_try_on_is_said(cast, draft):
    assert "No cycle is computed yet" in cast.client("hana").get(ADDRESS).content.decode()


def test_everybody_is_shown_before_and_after(cast, month):
    page = cast.client("hana").get(ADDRESS)

    rows = page.context["rows"]
    # Calls alone are scored: 46.4 of 58 is 80 of 100, 34.8 of 58 is 60 of 100.
    assert [(row.agent, row.after) for row in rows] == [
        (cast.ben.agent, 60),
        (cast.ana.agent, 80),
    ]
    assert "As if it had applied in" in page.content.decode()
    assert page.context["cost"] is None  # no pay is worked out for the month


def test_target_that_is_tried_changes_the_outcome_and_not_the_draft(cast, month, draft):
    before = draft.document

    page = cast.client("hana").post(ADDRESS, {"i.calls.rule.target": "46.4", "cycle": "2026-10"})

    assert [row.after for row in page.context["rows"]] == [100, 75]  # 34.8 of 46.4
    draft.refresh_from_db()
    assert draft.document == before


def test_figures_are_taken_over_when_asked_for(cast, month, draft):
    data = {"i.calls.rule.target": "60", "i.exam.weight": "6", "do": "keep"}

    answer = cast.client("hana").post(ADDRESS, data)

    assert answer.url == f"/schemes/{S2}/draft/"
    draft.refresh_from_db()
    items = {one["code"]: one for one in draft.document["items"]}
    assert (items["calls"]["rule"]["target"], items["exam"]["weight"]) == (60, 6)


def test_figures_set_elsewhere_meanwhile_are_not_taken_back(cast, month, draft):
    hana = cast.client("hana")
    stood = hana.get(ADDRESS).context["stood"]
    weights = {"part": "weights", "weight.calls": "45", "weight.exam": "4"}
    hana.post(f"/schemes/{S2}/draft/", weights)

    untouched = {"i.calls.weight": "50", "i.exam.weight": "6", "i.calls.rule.target": "60"}
    answer = hana.post(ADDRESS, untouched | {"do": "keep", "stood": stood}, follow=True)

    draft.refresh_from_db()
    items = {one["code"]: one for one in draft.document["items"]}
    assert (items["calls"]["weight"], items["calls"]["rule"]["target"]) == (45, 60)
    assert items["exam"]["weight"] == 4
    assert [str(one) for one in answer.context["messages"]] == [
        "Training and exam · Weight: you entered 6, but meanwhile it was set to 4, which stands."
        " Enter yours again to put it in its place."
    ]


def test_grades_are_tried_and_their_names_stay(cast, month, draft):
    data = {"grades.rows": "4", "grades.0.from": "95", "grades.1.from": "85", "grades.2.from": "60"}
    data |= {"grades.3.from": "0"}

    page = cast.client("hana").post(ADDRESS, data)

    assert page.status_code == 200
    assert [bound.text for _name, bound in page.context["grades"]] == ["95", "85", "60", "0"]
    assert page.context["grades"][0][0] == "Excellent"


def test_figures_that_cannot_be_are_named(cast, month):
    for weight in ("-5", "0"):
        page = cast.client("hana").post(ADDRESS, {"i.calls.weight": weight}).content.decode()

        assert "These figures cannot be used yet" in page
        assert "More than 0." in page


@pytest.mark.parametrize("order", ["name", "before", "after", "rank", "change", "nonsense"])
def test_table_is_sorted_as_asked(cast, month, order):
    page = cast.client("hana").post(ADDRESS, {"order": order})

    first = {"name": cast.ana.agent, "before": cast.ana.agent, "after": cast.ana.agent}
    expected = first.get(order, page.context["rows"][0].agent)
    assert page.context["rows"][0].agent == expected


def test_nobody_learns_the_own_result_before_it_is_published(cast, month):
    cast.hana.agent = cast.ben.agent
    cast.ben.agent = None
    cast.ben.save(update_fields=["agent"])
    cast.hana.save(update_fields=["agent"])

    rows = cast.client("hana").get(ADDRESS).context["rows"]
    assert [row.agent for row in rows] == [cast.ana.agent]

    month.publish("2026-10")
    rows = cast.client("hana").get(ADDRESS).context["rows"]
    assert {row.agent for row in rows} == {cast.ana.agent, cast.hana.agent}


def test_cycle_made_of_months_says_what_can_be_tried(cast, results, draft):
    def of_months(document):
        return document | {"cycles": ["month", "quarter"], "roll_up": "months"}

    drafts.save_draft(version=draft, change=of_months, edited_by=cast.hana, now=NOW)
    run = results.run("2026-Q4")
    run.parameters = run.parameters | {
        "minimum_presence": "0.4",
        "months": {"2026-10": None, "2026-11": None, "2026-12": None},
    }
    run.save(update_fields=["parameters"])
    results.card("2026-Q4", cast.ana, 80, rank=1)

    page = cast.client("hana").get(ADDRESS, {"cycle": "2026-Q4"})

    assert page.context["is_of_months"]
    assert "the cycle is made of its months" in page.content.decode()


def test_month_is_tried_on_its_own_figures(cast, month):
    page = cast.client("hana").get(ADDRESS)

    assert not page.context["is_of_months"]


def test_draft_under_which_scores_go_round_in_a_circle_says_who(cast, month, draft):
    staff = measure_by(
        'score_of("reports")', weight=100, rule={"type": "share", "of": 100}, code="staff"
    )
    staff.store(unit="points")
    run = month.runs["2026-10"]
    led = [
        [one.agent_id, cast.alpha.pk, "2026-10-01", "2026-11-01"] for one in (cast.ana, cast.ben)
    ]
    run.parameters = run.parameters | {"led": led}
    run.save(update_fields=["parameters"])
    document = draft.document | {
        "items": [staff.items[0] | {"group": draft.document["items"][0]["group"]}]
    }
    drafts.save_draft(version=draft, change=document, edited_by=cast.hana, now=NOW)

    page = cast.client("hana").get(ADDRESS, {"cycle": "2026-10"}).content.decode()

    assert "These scores would go round in a circle" in page
    assert "Ana → Ben → Ana" in page
