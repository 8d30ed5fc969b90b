from datetime import date

import pytest
from django.db import transaction
from django.db.models import Count, F, Q

from agents.models import Assignment, Leadership, RoleGrant, User
from appraisal.models import Cycle, PayProposal, PayStatement, Publication, Rating, Scorecard
from appraisal.services import pay
from feedback.demo.centre import build
from feedback.demo.people import PASSWORD
from kpi.models import FACT_MODELS, Contact, ImportBatch, ShiftWorked

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One centre for all tests of this module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(size="small", today=TODAY)
        transaction.set_rollback(True)


@pytest.fixture
def centre(built, db):
    return built


def test_tallies_agree_with_the_facts(centre):
    assert (
        ImportBatch.objects.exclude(
            rows=F("accepted") + F("rejected") + F("duplicate") + F("left_out")
        ).count()
        == 0
    )
    for kind, made in centre.facts.items():
        facts = FACT_MODELS[kind]._default_manager.filter(valid_until__isnull=True)
        taken = ImportBatch.objects.filter(kind=kind, state="done")
        assert facts.count() == made == sum(taken.values_list("accepted", flat=True))


def test_every_fact_is_stamped_with_the_place_of_its_day(centre):
    for kind, model in FACT_MODELS.items():
        if kind == "figures":
            continue
        facts = model._default_manager.filter(agent__isnull=False)
        held = Q(agent__assignments__starts_on__lte=F("day")) & (
            Q(agent__assignments__ends_on__isnull=True)
            | Q(agent__assignments__ends_on__gt=F("day"))
        )
        agreeing = facts.filter(
            held,
            agent__assignments__team=F("team"),
            agent__assignments__position=F("position"),
            agent__assignments__shift=F("shift"),
        )
        assert agreeing.count() == facts.count() > 0, kind


def test_every_fact_knows_its_file_its_line_and_its_revision(centre):
    for model in FACT_MODELS.values():
        strays = model._default_manager.exclude(exclusion__isnull=False).filter(
            Q(line__isnull=True) | ~Q(valid_from=F("batch__revision_id"))
        )
        assert not strays.exists()
    doubled = Contact.objects.filter(exclusion__isnull=True).values("batch", "line")
    assert not doubled.annotate(times=Count("pk")).filter(times__gt=1).exists()


def test_somebody_of_every_role_can_log_in(centre, client):
    for role in RoleGrant.Role.values:
        user = User.objects.filter(role_grants__role=role, is_active=True).first()
        assert client.login(username=user.username, password=PASSWORD), role


def test_every_team_of_the_cast_has_one_leader(centre):
    leaders = Leadership.objects.filter(team__code__in=["phone-a", "after-sales"])

    assert {lead.team.code: lead.leader.name for lead in leaders} == {
        "phone-a": "Tan Wei Ling",
        "after-sales": "Xu Jing",
    }
    assert Assignment.objects.filter(team__code="phone-a", position__code="agent").count() == 4


def test_one_file_was_taken_back_and_keeps_its_closed_facts(centre):
    undone = ImportBatch.objects.get(state="undone")

    facts = Contact.objects.filter(batch=undone)
    assert facts.count() == undone.accepted > 0
    assert set(facts.values_list("valid_until", flat=True)) == {undone.undone_revision_id}


def test_day_of_the_outage_does_not_count_for_one_agent(centre):
    excluded = Contact.objects.filter(exclusion__isnull=False)

    assert excluded.values("agent").distinct().count() == 1
    assert set(excluded.values_list("day", flat=True)) == {date(2026, 10, 14)}
    assert excluded.first().exclusion.excluded_by.username == "hr.zhou"
    assert ShiftWorked.objects.filter(exclusion__isnull=False).count() == 1


def test_cycles_stand_where_the_story_left_them(centre):
    phases = dict(Cycle.objects.values_list("code", "phase"))
    states = dict(Publication.objects.values_list("run__cycle__code", "state"))

    assert phases == {
        "2026-Q3": "feedback",
        "2026-09": "feedback",
        "2026-Q4": "collect",
        "2026-10": "evaluate",
        "2026-11": "collect",
    }
    assert states == {"2026-Q3": "published", "2026-09": "published", "2026-10": "asked"}


def test_the_month_that_is_not_over_is_provisional(centre):
    cards = Scorecard.objects.filter(run__cycle__code="2026-11")

    # four agents, two team leaders, two supervisors, two reviewers and the manager
    assert cards.count() == 11
    # exams and ratings are awaited; the manager's scheme asks for neither
    waiting = cards.exclude(position__code="manager").values_list("provisional", flat=True)
    assert all(waiting)


def test_specialists_are_rated_by_three_colleagues(centre):
    line = (
        Scorecard.objects.filter(
            run__cycle__code="2026-Q3", position__code="after_sales_specialist"
        )
        .first()
        .lines.get(item="teamwork")
    )

    assert line.sample == 3
    assert line.state == "scored"


def test_leaders_are_rated_by_the_supervisor_of_their_department(centre):
    given = Rating.objects.filter(cycle__code="2026-10", item="dispatch")

    assert dict(given.values_list("agent__name", "rater__username")) == {
        "Tan Wei Ling": "supervisor.okafor",
        "Xu Jing": "supervisor.liu",
    }


def test_every_rejected_row_is_kept_with_its_reason(centre):
    batch = ImportBatch.objects.get(kind="tickets", file_name="desk_tickets_2611.csv")

    # 2611 leaves a remainder of 1 by 3: the first of the two faults of tickets.
    row = batch.rejected_rows.get()
    assert batch.rejected == 1
    assert (row.column, row.code, row.value) == ("first_response", "duration", "n/a")
    assert row.line == batch.rows + 1


def test_pay_of_two_months_is_proposed_and_comes_out_the_same(centre):
    proposals = list(PayProposal.objects.order_by("run__cycle__starts_on"))

    assert [(one.run.cycle.code, one.is_sealed) for one in proposals] == [
        ("2026-09", True),
        ("2026-10", False),
    ]
    assert pay.verify_pay(proposals[-1]).is_same
    assert PayStatement.objects.filter(net__gt=0).exists()
