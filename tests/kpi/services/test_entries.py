from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from agents import services
from agents.models import Position
from kpi.models import Event, FactRevision, Figure, ShiftWorked, Ticket, Training
from kpi.services import entries
from tests.factories import NOW, add_agent, add_facts, add_user

PRAISE = {"date": "2026-10-08", "kind": "praise", "quantity": "", "note": "Thanked in writing"}


@pytest.fixture
def enter(cast):
    def enter(fact="events", /, *, agent=cast.ana.agent, key="k1", by=cast.hana, **values):
        said = entries.Said(fact, agent, values or PRAISE)
        return entries.enter_fact(said=said, key=key, entered_by=by, now=NOW)

    return enter


def test_event_becomes_a_fact_with_its_place_and_its_author(cast, enter):
    fact = enter()

    stored = Event.objects.get()
    assert stored == fact
    assert (stored.source, stored.batch_id, stored.valid_until) == ("entry", None, None)
    assert (stored.day, stored.kind, stored.quantity) == (date(2026, 10, 8), "praise", 1)
    assert (stored.agent, stored.team, stored.shift) == (cast.ana.agent, cast.alpha, cast.early)
    revision = FactRevision.objects.get(pk=stored.valid_from)
    assert (revision.reason, revision.made_by, revision.made_at) == ("entry", cast.hana, NOW)


def test_every_small_kind_is_read_as_an_import_reads_it(cast, enter):
    enter("trainings", date="2026-10-20", kind="typing", score="112")
    enter("shifts", date="2026-10-05", scheduled_s="8:00:00", logged_in_s="28000", absent="no")
    enter("tickets", created_at="2026-10-07T09:00", kind="complaint", solved_at="2026-10-08 15:30")
    enter("figures", agent=None, date="2026-10-31", figure="service_cost", value="0.96")

    assert Training.objects.get().score == 112
    shift = ShiftWorked.objects.get()
    assert (shift.scheduled_s, shift.logged_in_s, shift.absent) == (28_800, 28_000, False)
    assert (shift.late_min, shift.protected) == (None, None)
    ticket = Ticket.objects.get()
    assert ticket.created_at == datetime(2026, 10, 7, 1, tzinfo=UTC)
    assert ticket.solved_day == date(2026, 10, 8)
    assert (Figure.objects.get().value, Figure.objects.get().team_id) == (Decimal("0.96"), None)


@pytest.mark.parametrize(
    ("kind", "changed", "field"),
    [
        ("events", {"date": ""}, "date"),
        ("events", {"date": "8/10"}, "date"),
        ("events", {"date": "2027-01-01"}, "date"),
        ("events", {"date": "1066-01-01"}, "date"),
        ("events", {"date": "2025-12-31"}, "date"),
        ("events", {"kind": ""}, "kind"),
        ("events", {"kind": "applause"}, "kind"),
        ("events", {"quantity": "many"}, "quantity"),
        ("events", {"quantity": "-1"}, "quantity"),
        ("events", {"amount": "1" * 40}, "amount"),
        ("trainings", {"kind": "knowledge", "score": "101"}, "score"),
        ("shifts", {"late_min": "1e3"}, "late_min"),
        ("shifts", {"break_s": "100:00:00"}, "break_s"),
        ("tickets", {"created_at": "2026-10-07", "solved_at": "2026-10-06"}, "solved_at"),
    ],
)
def test_refusal_names_the_field_and_stores_nothing(enter, kind, changed, field):
    values = {"date": "2026-10-08", "kind": "praise"} | changed
    if kind == "tickets":
        values |= {"kind": "complaint"}

    with pytest.raises(entries.BadEntry) as refused:
        enter(kind, **values)

    assert list(refused.value.problems) == [field]
    assert refused.value.problems[field]
    assert (Event.objects.count(), FactRevision.objects.count()) == (0, 0)


def test_nobody_is_named_only_for_figures(enter):
    with pytest.raises(entries.BadEntry, match="Say whom it is about"):
        enter(agent=None)


def test_nobody_enters_corrects_or_takes_back_the_own_record(cast, enter):
    hera = add_agent("hera", team=cast.calls, position=cast.position)
    user = add_user("hera", "hr", agent=hera)
    fact = enter(agent=hera)
    said = entries.Said("events", hera, PRAISE | {"quantity": "9"})
    to_self = entries.Said("events", hera, PRAISE)
    of_ana = enter(key="k2")

    with pytest.raises(entries.OwnEntry):
        enter(agent=hera, by=user, key="k3")
    with pytest.raises(entries.OwnEntry):
        entries.correct_entry(said=said, fact_id=fact.pk, entered_by=user, now=NOW)
    with pytest.raises(entries.OwnEntry):
        entries.correct_entry(said=to_self, fact_id=of_ana.pk, entered_by=user, now=NOW)
    with pytest.raises(entries.OwnEntry):
        entries.remove_entry(kind="events", fact_id=fact.pk, removed_by=user, now=NOW)

    assert Event.objects.filter(valid_until=None).count() == 2


def test_own_entry_is_not_disguised_as_a_colleagues(cast, enter):
    hera = add_agent("hera", team=cast.calls, position=cast.position)
    user = add_user("hera", "hr", agent=hera)
    fact = enter(agent=hera)
    said = entries.Said("events", cast.ana.agent, PRAISE)

    with pytest.raises(entries.OwnEntry):
        entries.correct_entry(said=said, fact_id=fact.pk, entered_by=user, now=NOW)


def test_form_sent_twice_enters_once(cast, enter):
    fact = enter()

    with pytest.raises(entries.EnteredAlready):
        enter()
    entries.remove_entry(kind="events", fact_id=fact.pk, removed_by=cast.hana, now=NOW)
    with pytest.raises(entries.EnteredAlready):
        enter()

    assert Event.objects.count() == 1


def test_correction_closes_the_row_and_adds_another(cast, enter):
    fact = enter()
    said = entries.Said("events", cast.ben.agent, PRAISE | {"quantity": "2"})

    fresh = entries.correct_entry(said=said, fact_id=fact.pk, entered_by=cast.hana, now=NOW)

    fact.refresh_from_db()
    assert fact.valid_until == fresh.valid_from > fact.valid_from
    assert (fact.quantity, fact.agent) == (1, cast.ana.agent)
    assert (fresh.quantity, fresh.agent, fresh.note) == (2, cast.ben.agent, "Thanked in writing")
    assert fresh.external_id == fact.external_id
    history = entries.history_of(fresh)
    assert [row for row, _made, _closed in history] == [fresh, fact]
    assert history[1][2] == history[0][1]


def test_correction_that_changes_nothing_makes_no_revision(cast, enter):
    fact = enter()
    said = entries.Said("events", cast.ana.agent, PRAISE)

    same = entries.correct_entry(said=said, fact_id=fact.pk, entered_by=cast.hana, now=NOW)

    assert (same, Event.objects.count(), FactRevision.objects.count()) == (fact, 1, 1)


def test_entry_taken_back_is_closed_and_not_corrected_any_more(cast, enter):
    fact = enter()

    entries.remove_entry(kind="events", fact_id=fact.pk, removed_by=cast.hana, now=NOW)

    fact.refresh_from_db()
    assert fact.valid_until == FactRevision.objects.latest("pk").pk
    said = entries.Said("events", cast.ana.agent, PRAISE)
    with pytest.raises(entries.NotAnEntry):
        entries.correct_entry(said=said, fact_id=fact.pk, entered_by=cast.hana, now=NOW)
    with pytest.raises(entries.NotAnEntry):
        entries.remove_entry(kind="events", fact_id=fact.pk, removed_by=cast.hana, now=NOW)


def test_imported_fact_is_no_entry(cast):
    [fact] = add_facts("events", [{"kind": "praise"}], agent=cast.ana.agent)

    with pytest.raises(entries.NotAnEntry):
        entries.remove_entry(kind="events", fact_id=fact.pk, removed_by=cast.hana, now=NOW)


def test_authors_are_found_in_one_question(cast, enter, django_assert_num_queries):
    facts = [enter(key="k1"), enter(key="k2")]
    [imported] = add_facts("events", [{"kind": "praise"}], agent=cast.ana.agent)

    with django_assert_num_queries(1):
        made = entries.entered_by([*facts, imported])

    assert {one.made_by for one in made.values()} == {cast.hana}
    assert set(made) == {fact.valid_from for fact in facts}


@pytest.mark.parametrize(("day", "position"), [(10, "expert"), (20, "agent")])
def test_figure_of_a_month_has_the_place_of_most_of_its_days(cast, enter, day, position):
    expert = Position.objects.create(code="expert", name_en="Expert")
    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=expert,
        shift=None,
        from_day=date(2026, 10, day),
    )

    enter("figures", date="2026-10-01", figure="call_plan", value="1200")

    stored = Figure.objects.get()
    assert stored.position.code == position
    assert (stored.team == cast.beta) is (position == "expert")


def test_figure_is_entered_for_somebody_who_joined_within_the_month(cast, enter):
    dora = add_agent("dora", team=cast.beta, position=cast.position, hired_on=date(2026, 10, 10))

    enter("figures", agent=dora, date="2026-10-01", figure="call_plan", value="800")

    assert Figure.objects.get().team == cast.beta
    with pytest.raises(entries.BadEntry, match="no team in this month"):
        enter("figures", agent=dora, date="2026-09-30", figure="call_plan", value="1", key="k2")
    with pytest.raises(entries.BadEntry, match="no team on this day"):
        enter("events", agent=dora, **PRAISE, key="k3")
