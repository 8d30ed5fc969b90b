"""Pay plan documents: every problem named, written back as read."""

import pytest

from appraisal.pay.documents import list_shipped_plans, write_document
from appraisal.pay.plan import PlanError, PlanIncomplete, dump_plan, parse_plan
from appraisal.scoring.documents import read_document
from tests.appraisal.pay.conftest import document, name

RATE = {"code": "rate", "name": name("Rate"), "unit": "money", "value": None}
CALLS = {"type": "pieces", "formula": "count(contacts)", "rate": "rate"}


def problems_of(given):
    with pytest.raises(PlanError) as caught:
        parse_plan(given)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("shipped", list_shipped_plans(), ids=lambda one: one["code"])
def test_shipped_plan_goes_through_yaml_and_back_unchanged(shipped):
    written = dump_plan(parse_plan(shipped))

    again = read_document(write_document(written))

    assert dump_plan(parse_plan(again)) == written


def test_plan_may_be_read_before_its_figures_are_set():
    plan = parse_plan(document(CALLS, parameters=[RATE]))

    assert [one.code for one in plan.missing] == ["rate"]
    with pytest.raises(PlanIncomplete, match="rate"):
        plan.sources()


def test_figure_once_set_is_read():
    plan = parse_plan(document(CALLS, parameters=[RATE | {"value": "0.2"}]))

    assert str(plan.number("rate")) == "0.2"
    assert plan.missing == ()


def test_limit_may_stay_open():
    limit = {"code": "cap", "name": name("Cap"), "unit": "money", "value": None, "optional": True}
    plan = parse_plan(document(CALLS | {"limit": "cap"}, parameters=[RATE | {"value": 1}, limit]))

    assert plan.limit_of(plan.lines[0]) is None
    assert plan.missing == ()


def test_every_problem_is_named_at_once():
    given = document(
        CALLS | {"rate": "nobody", "spelt": 1},
        {"type": "pieces", "formula": "count(contact)", "rate": 1, "code": "line_1"},
        {"type": "flat", "when": [{"name": name("x"), "formula": "count(contacts)"}], "amount": 1},
        parameters=[RATE],
    )

    problems = "\n".join(problems_of(given))

    assert "lines[0].spelt: is not known here" in problems
    assert "There is no kind of fact called contact" in problems
    assert "lines: has the code line_1 2 times" in problems
    assert "lines[2].when[0]: must have one of above, at_least, below, at_most" in problems
    assert "nobody is neither a number nor a parameter" in problems
    assert "parameters.rate: is read by no line" in problems


def test_tiers_must_ascend_and_the_last_has_no_end():
    tiers = [{"up_to": 100, "rate": 1}, {"up_to": 100, "rate": 2}, {"rate": 3}]
    steps = CALLS | {"rate": None, "tiers": tiers}

    assert "do not ascend" in problems_of(document(steps))[0]
    ended = CALLS | {"rate": None, "tiers": [{"up_to": 100, "rate": 1}]}
    assert "the last, which has no end" in problems_of(document(ended))[0]


def test_measure_is_one_of_three():
    both = CALLS | {"rate": 1, "kpi": "calls"}

    assert "must name one of kpi, formula, person" in problems_of(document(both))[0]


def test_rate_cannot_be_optional():
    problems = problems_of(document(CALLS, parameters=[RATE | {"optional": True}]))

    assert "rate is optional, which only a limit may be" in problems[0]


def test_what_is_no_plan_at_all_is_refused():
    assert problems_of({})
    assert problems_of({"lines": [{"type": "magic"}]})
