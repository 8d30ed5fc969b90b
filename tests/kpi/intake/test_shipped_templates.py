"""Each shipped template is imported as it is, through the pipeline that takes every file."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from kpi.formula import compile_formula
from kpi.intake.shipped_templates import SHIPPED, TEMPLATES
from kpi.intake.templates import as_csv, as_xlsx
from kpi.library.reading import shipped_definitions
from kpi.models import (
    FACT_MODELS,
    Contact,
    Event,
    Figure,
    Review,
    ShiftWorked,
    Survey,
    Ticket,
    Training,
)
from kpi.needs import codes_read
from kpi.services.direct_imports import FileOrder, import_file
from tests.factories import NOW, add_agent

KINDS = {"csv": as_csv, "xlsx": as_xlsx}


@pytest.fixture
def take_in(cast, settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path
    for code in ("A1001", "A1002"):
        add_agent(code, team=cast.alpha, position=cast.position, shift=cast.early)

    def run(code, ending="csv"):
        content = KINDS[ending](TEMPLATES[code])
        return import_file(content=[content], name=f"{code}.{ending}", order=FileOrder(), now=NOW)

    return run


@pytest.mark.parametrize("ending", KINDS)
@pytest.mark.parametrize("template", SHIPPED, ids=lambda one: one.code)
def test_template_imports_as_it_is(take_in, template, ending):
    report = take_in(template.code, ending)

    assert (report["state"], report["kind"], report["problems"]) == ("done", template.kind, [])
    assert (report["accepted"], report["parked"]) == (len(template.rows), 0)
    for row in template.rows:
        fact = FACT_MODELS[template.kind]._default_manager.get(external_id=row["external_id"])
        assert (fact.agent.code if fact.agent else None) == row.get("agent")
        empty = [name for name in row if getattr(fact, name, "") is None and name != "agent"]
        assert empty == []


def test_file_of_a_chinese_page_has_the_same_columns_and_is_taken_in(take_in):
    english = as_csv(TEMPLATES["events"])
    with translation.override("zh-hans"):
        chinese = as_csv(TEMPLATES["events"])
        report = take_in("events")

    assert chinese.splitlines()[0] == english.splitlines()[0]
    assert report["accepted"] == len(TEMPLATES["events"].rows)


def test_shift_keeps_its_seconds_and_what_is_not_said(take_in):
    take_in("shifts")

    worked, away = ShiftWorked.objects.order_by("external_id")
    assert (worked.day, worked.scheduled_s, worked.break_s) == (date(2026, 10, 5), 28_800, 1_800)
    assert (worked.absent, worked.team.code) == (False, "alpha")
    assert (away.scheduled_s, away.logged_in_s, away.leave_days) == (28_800, None, 1)
    assert (away.absent, away.protected) == (True, True)


def test_review_keeps_the_points_of_each_criterion(take_in):
    take_in("reviews", "xlsx")

    good, fatal = Review.objects.order_by("external_id")
    assert good.items == {"voice": 5, "attitude": 4.5, "wording": 5}
    assert (good.score, good.form, fatal.fatal, fatal.score) == (
        Decimal("92.5"),
        "service",
        True,
        0,
    )
    assert fatal.items == {"voice": 3}


def test_typing_test_may_exceed_a_hundred_words(take_in):
    take_in("trainings")

    assert Training.objects.get(kind="typing").score == 112
    assert Training.objects.get(kind="course").hours == Decimal("2.5")


def test_event_without_a_quantity_counts_once(take_in):
    take_in("events")
    take_in("call_backs")

    quantities = dict(Event.objects.values_list("kind", "quantity"))
    assert quantities == {"praise": 1, "breach": 1, "callback_due": 8, "callback_done": 7}


def test_complaints_and_refunds_are_tickets(take_in):
    take_in("complaints")
    take_in("refunds")

    kinds = dict(Ticket.objects.values_list("kind", "sla_met"))
    assert kinds == {"complaint": True, "refund": True, "return": False}
    complaint = Ticket.objects.get(kind="complaint")
    assert (complaint.upheld, complaint.solved_day) == (False, date(2026, 10, 8))


def test_sales_stand_on_their_contacts(take_in):
    take_in("sales")

    sold = Contact.objects.get(sales=1)
    assert (sold.sale_amount, sold.direction) == (Decimal("199.00"), "out")
    assert sold.customer_tail == "1111"


def test_survey_and_figures_say_what_the_examples_say(take_in):
    take_in("surveys")
    take_in("figures")

    answer = Survey.objects.get()
    assert (answer.score, answer.scale, answer.nps) == (5, "1-5", 9)
    blocked = Figure.objects.get(figure="blocked")
    assert (blocked.agent_id, blocked.value, blocked.numerator) == (None, Decimal("0.025"), 1200)


def test_figures_of_the_template_are_those_that_shipped_kpis_read():
    (template,) = (one for one in SHIPPED if one.kind == "figures")
    written = {row["figure"] for row in template.rows}

    read = {
        code
        for one in shipped_definitions()
        for code in codes_read(compile_formula(one.formula), "figures", "figure")
    }
    assert written <= read


def test_every_field_of_every_kind_is_in_a_template():
    for kind in FACT_MODELS:
        whole = [one for one in SHIPPED if one.kind == kind and not one.only]

        assert len(whole) >= 1, kind
