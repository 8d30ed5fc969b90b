from datetime import date
from decimal import Decimal

import pytest

from agents import services as people
from kpi.models import Contact, Event, Exclusion, FactRevision, ShiftWorked, Survey, Ticket
from kpi.services import corrections, exclusions, imports
from tests.factories import NOW

TICKETS = """
kind: tickets
source: desk
fields:
  external_id: no
  created_at: at
  agent: agent
  topic: topic
  replies: replies
  solved: solved
  solved_at: solved at
agents: {unknown: create, position: agent, team: north, from: first day}
"""
TICKET_HEADER = "no,at,agent,topic,replies,solved,solved at\n"
OPEN = "1,2026-10-05 08:00,ana,card,1,N,\n2,2026-10-06 08:00,ben,loan,2,N,\n"
ONE_SOLVED = "1,2026-10-05 08:00,ana,card,3,Y,2026-10-07 09:00\n2,2026-10-06 08:00,ben,loan,2,N,\n"

CALLS = """
kind: contacts
source: phone
fields:
  external_id: call
  started_at: at
  agent: agent
  queue: queue
  talk_s: talk
  customer: customer
also:
  kind: surveys
  when: {column: rating, filled: true}
  fields: {answered_at: at, score: rating, scale: {constant: 1-5}}
agents: {unknown: park}
queues: {loans: alpha}
"""
CALL_HEADER = "call,at,agent,queue,talk,customer,rating\n"
CALL_ROWS = (
    "1,2026-10-05 08:00,ana,loans,100,13800001111,5\n"
    "2,2026-10-06 08:00,ana,loans,200,13800002222,4\n"
    "3,2026-10-07 08:00,,loans,,13800003333,\n"
)


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path


@pytest.fixture
def take_in(cast):
    def run(text, mapping=TICKETS, *, corrects=False, name="file.csv"):
        batch = imports.receive_file(
            content=[text.encode()], name=name, uploaded_by=cast.hana, now=NOW
        )
        imports.confirm_mapping(
            batch=batch, text=mapping, confirmed_by=cast.hana, now=NOW, corrects=corrects
        )
        return imports.run_import(batch_id=batch.pk, now=NOW)

    return run


def tally(batch):
    assert batch.state == "done", batch.message
    return (batch.accepted, batch.replaced, batch.rejected, batch.duplicate)


def valid(model, *fields):
    rows = model.objects.filter(valid_until=None).order_by("external_id")
    return list(rows.values_list("external_id", *fields))


def everything(model):
    return list(model.objects.order_by("pk").values())


def test_without_a_word_a_changed_row_is_a_duplicate(take_in):
    take_in(TICKET_HEADER + OPEN)

    again = take_in(TICKET_HEADER + ONE_SOLVED)

    assert tally(again) == (0, 0, 0, 2)
    assert valid(Ticket, "solved") == [("1", False), ("2", False)]


def test_correction_replaces_what_differs_and_closes_what_was(take_in):
    first = take_in(TICKET_HEADER + OPEN)

    second = take_in(TICKET_HEADER + ONE_SOLVED, corrects=True)

    assert tally(second) == (1, 1, 0, 1)
    old, new = Ticket.objects.filter(external_id="1").order_by("pk")
    assert (old.valid_from, old.valid_until) == (first.revision_id, second.revision_id)
    assert (old.replies, old.solved, old.batch_id) == (1, False, first.pk)
    assert (new.valid_from, new.valid_until) == (second.revision_id, None)
    assert (new.replies, new.solved, new.batch_id, new.line) == (3, True, second.pk, 2)
    assert (new.solved_day, new.team.code) == (date(2026, 10, 7), "alpha")
    assert Ticket.objects.get(external_id="2").batch_id == first.pk


def test_correction_adds_rows_that_are_new(take_in):
    take_in(TICKET_HEADER + OPEN)

    batch = take_in(TICKET_HEADER + ONE_SOLVED + "3,2026-10-08 08:00,ben,,,N,\n", corrects=True)

    assert tally(batch) == (2, 1, 0, 1)


def test_correction_that_says_the_same_changes_nothing(take_in):
    take_in(TICKET_HEADER + ONE_SOLVED)
    before, revisions = everything(Ticket), FactRevision.objects.count()

    again = take_in(TICKET_HEADER + ONE_SOLVED, corrects=True)

    assert tally(again) == (0, 0, 0, 2)
    assert everything(Ticket) == before
    assert FactRevision.objects.count() == revisions


def test_mapping_may_declare_every_file_a_correction(take_in):
    mapping = TICKETS + "corrects: true\n"
    take_in(TICKET_HEADER + OPEN, mapping)

    batch = take_in(TICKET_HEADER + ONE_SOLVED, mapping)

    assert (batch.corrects, *tally(batch)) == (True, 1, 1, 0, 1)


def test_value_that_is_gone_from_the_file_is_gone(take_in):
    take_in(TICKET_HEADER + ONE_SOLVED)

    take_in(TICKET_HEADER + OPEN, corrects=True)

    assert valid(Ticket, "solved", "solved_day") == [("1", False, None), ("2", False, None)]


def test_what_the_correction_does_not_feed_stays(take_in):
    take_in(TICKET_HEADER + OPEN)
    mapping = "kind: tickets\nsource: desk\nfields: {external_id: no, created_at: at, replies: r}"

    batch = take_in("no,at,r\n1,2026-10-05 08:00,9\n2,2026-10-06 08:00,2\n", mapping, corrects=True)

    assert tally(batch) == (1, 1, 0, 1)
    assert valid(Ticket, "replies", "topic", "solved", "agent__code", "team__code") == [
        ("1", 9, "card", False, "ana", "alpha"),
        ("2", 2, "loan", False, "ben", "alpha"),
    ]


def test_rows_of_another_source_are_no_business_of_a_correction(take_in):
    take_in(TICKET_HEADER + OPEN)

    batch = take_in(
        TICKET_HEADER + ONE_SOLVED, TICKETS.replace("desk", "mail"), corrects=True, name="m.csv"
    )

    assert tally(batch) == (2, 0, 0, 0)
    assert Ticket.objects.filter(source="desk", valid_until=None, solved=False).count() == 2


def test_both_kinds_of_a_file_are_corrected(take_in):
    take_in(CALL_HEADER + CALL_ROWS, CALLS)
    changed = CALL_ROWS.replace(",4\n", ",2\n").replace(",100,", ",110,")

    batch = take_in(CALL_HEADER + changed, CALLS, corrects=True)

    assert tally(batch) == (1, 1, 0, 2)
    assert batch.also_tally == {
        "accepted": 1, "rejected": 0, "duplicate": 1, "left_out": 1, "replaced": 1,
    }  # fmt: skip
    assert valid(Contact, "talk_s", "handle_s") == [
        ("1", 110, 110),
        ("2", 200, 200),
        ("3", None, None),
    ]
    assert valid(Survey, "score") == [("1", Decimal(5)), ("2", Decimal(2))]


def test_corrected_agent_takes_the_place_of_that_agent(take_in):
    take_in(CALL_HEADER + CALL_ROWS, CALLS)

    take_in(
        CALL_HEADER + CALL_ROWS.replace("1,2026-10-05 08:00,ana", "1,2026-10-05 08:00,bo"),
        CALLS,
        corrects=True,
    )

    assert valid(Contact, "agent__code", "team__code")[0] == ("1", "bo", "beta")
    assert valid(Survey, "agent__code")[0] == ("1", "bo")


def test_nobodys_contact_keeps_the_team_of_its_queue(take_in):
    take_in(CALL_HEADER + CALL_ROWS, CALLS)
    mapping = "kind: contacts\nsource: phone\nfields: {external_id: c, started_at: at, wait_s: w}"

    take_in("c,at,w\n3,2026-10-07 08:00,60\n", mapping, corrects=True)

    assert valid(Contact, "wait_s", "agent", "team__code")[2] == ("3", 60, None, "alpha")


def test_day_of_a_shift_is_compared_and_a_moved_day_is_the_imports_too(take_in):
    mapping = (
        "kind: shifts\nsource: hr\nfields: {external_id: n, date: d, agent: a, late_min: late}"
    )
    take_in("n,d,a,late\n1,2026-09-30,ana,5\n", mapping)

    batch = take_in("n,d,a,late\n1,2026-10-02,ana,5\n", mapping, corrects=True)

    assert tally(batch) == (1, 1, 0, 0)
    assert valid(ShiftWorked, "day") == [("1", date(2026, 10, 2))]
    assert (batch.first_day, batch.last_day) == (date(2026, 9, 30), date(2026, 10, 2))


def test_empty_cell_of_a_value_with_a_standard_says_the_same(take_in):
    mapping = (
        "kind: events\nsource: hr\n"
        "fields: {external_id: n, date: d, agent: a, kind: {constant: praise}, quantity: q}"
    )
    take_in("n,d,a,q\n1,2026-10-02,ana,\n2,2026-10-02,ana,2.50\n", mapping)

    batch = take_in("n,d,a,q\n1,2026-10-02,ana,1\n2,2026-10-02,ana,2.5\n", mapping, corrects=True)

    assert tally(batch) == (0, 0, 0, 2)
    assert Event.objects.count() == 2


def test_excluded_row_stays_excluded_and_the_import_says_so(take_in, cast):
    take_in(TICKET_HEADER + OPEN)
    one = Ticket.objects.get(external_id="1")
    exclusions.exclude_fact(
        kind="tickets",
        fact_id=one.pk,
        reason="Test",
        excluded_by=cast.hana,
        approved_by=cast.mona,
        now=NOW,
    )

    batch = take_in(TICKET_HEADER + ONE_SOLVED, corrects=True)

    assert valid(Ticket, "solved", "exclusion__reason")[0] == ("1", True, "Test")
    assert "1 row was excluded before and stays excluded" in batch.message


def test_trying_a_correction_tells_and_changes_nothing(take_in, cast):
    take_in(TICKET_HEADER + OPEN)
    before = everything(Ticket)
    batch = imports.receive_file(
        content=[(TICKET_HEADER + ONE_SOLVED).encode()], name="b.csv", uploaded_by=None, now=NOW
    )
    imports.confirm_mapping(batch=batch, text=TICKETS, confirmed_by=None, now=NOW, corrects=True)

    outcome = imports.dry_run(batch=batch, now=NOW)

    assert (outcome.main.accepted, outcome.main.replaced, outcome.main.duplicate) == (1, 1, 1)
    assert everything(Ticket) == before


FIELDS = ("replies", "solved", "solved_at", "solved_day", "topic", "agent__code", "team__code")


def undo(batch):
    return corrections.undo_batch(batch_id=batch.pk, undone_by=None, now=NOW)


def test_undo_of_a_correction_brings_back_what_it_replaced(take_in):
    first = take_in(TICKET_HEADER + OPEN)
    before = valid(Ticket, *FIELDS, "batch", "line")
    second = take_in(TICKET_HEADER + ONE_SOLVED + "3,2026-10-08 08:00,ben,,,N,\n", corrects=True)

    undone = undo(second)

    assert valid(Ticket, *FIELDS, "batch", "line") == before
    back = Ticket.objects.get(external_id="1", valid_until=None)
    assert back.valid_from == undone.undone_revision_id
    assert Ticket.objects.get(external_id="1", valid_from=first.revision_id).valid_until


def test_undo_of_both_kinds_brings_back_both(take_in):
    take_in(CALL_HEADER + CALL_ROWS, CALLS)
    contacts, surveys = valid(Contact, "talk_s", "customer"), valid(Survey, "score")
    changed = CALL_ROWS.replace(",4\n", ",2\n").replace(",100,", ",110,")
    batch = take_in(CALL_HEADER + changed, CALLS, corrects=True)

    undo(batch)

    assert (valid(Contact, "talk_s", "customer"), valid(Survey, "score")) == (contacts, surveys)


def test_correction_of_a_correction_outlives_the_undo_of_the_first(take_in):
    take_in(TICKET_HEADER + OPEN)
    original = valid(Ticket, *FIELDS)
    second = take_in(TICKET_HEADER + ONE_SOLVED, corrects=True)
    third = take_in(TICKET_HEADER + ONE_SOLVED.replace(",3,Y", ",4,Y"), corrects=True)

    undo(second)
    kept = valid(Ticket, "replies")
    undo(third)

    assert kept == [("1", 4), ("2", 2)]
    assert valid(Ticket, *FIELDS) == original


def test_undo_brings_nothing_back_of_an_import_undone_meanwhile(take_in):
    first = take_in(TICKET_HEADER + OPEN)
    second = take_in(TICKET_HEADER + ONE_SOLVED, corrects=True)

    undo(first)
    kept = valid(Ticket, "replies")
    undo(second)

    assert kept == [("1", 3)]
    assert valid(Ticket) == []


def test_everything_undone_leaves_nothing(take_in):
    first = take_in(TICKET_HEADER + OPEN)
    second = take_in(TICKET_HEADER + ONE_SOLVED, corrects=True)

    undo(second)
    undo(first)

    assert valid(Ticket) == []


def test_undo_keeps_what_was_decided_while_the_correction_held(take_in, cast):
    take_in(TICKET_HEADER + OPEN)
    second = take_in(TICKET_HEADER + ONE_SOLVED, corrects=True)
    one = Ticket.objects.get(external_id="1", valid_until=None)
    exclusions.exclude_fact(
        kind="tickets",
        fact_id=one.pk,
        reason="Test",
        excluded_by=cast.hana,
        approved_by=cast.mona,
        now=NOW,
    )
    people.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=None,
        from_day=date(2026, 10, 1),
    )

    undo(second)

    assert valid(Ticket, "replies", "exclusion__reason", "team__code")[0] == (
        "1",
        1,
        "Test",
        "beta",
    )


def test_imported_again_after_an_undo_excluded_rows_stay_excluded(take_in, cast):
    first = take_in(TICKET_HEADER + OPEN)
    one, two = Ticket.objects.order_by("external_id")
    for fact in (one, two):
        exclusions.exclude_fact(
            kind="tickets",
            fact_id=fact.pk,
            reason="Test",
            excluded_by=cast.hana,
            approved_by=cast.mona,
            now=NOW,
        )
    lifted = Ticket.objects.get(external_id="2", valid_until=None)
    exclusions.include_fact(kind="tickets", fact_id=lifted.pk, lifted_by=cast.hana, now=NOW)
    undo(first)

    again = take_in(TICKET_HEADER + OPEN)

    assert tally(again) == (2, 0, 0, 0)
    assert valid(Ticket, "exclusion__reason") == [("1", "Test"), ("2", None)]
    assert "1 row was excluded before and stays excluded" in again.message


def test_exclusions_of_another_source_are_not_taken_over(take_in, cast):
    first = take_in(TICKET_HEADER + OPEN)
    one = Ticket.objects.get(external_id="1")
    exclusions.exclude_fact(
        kind="tickets",
        fact_id=one.pk,
        reason="Test",
        excluded_by=cast.hana,
        approved_by=cast.mona,
        now=NOW,
    )
    undo(first)

    take_in(TICKET_HEADER + OPEN, TICKETS.replace("desk", "mail"), name="m.csv")

    assert valid(Ticket, "exclusion") == [("1", None), ("2", None)]
    assert Exclusion.objects.get().lifted_at is None


def test_parked_rows_of_a_correction_correct_once_the_person_is_known(take_in, cast):
    take_in(CALL_HEADER + CALL_ROWS, CALLS)
    batch = take_in(
        CALL_HEADER + "1,2026-10-05 08:00,X9,loans,100,13800001111,5\n", CALLS, corrects=True
    )
    people.add_alias(source="phone", value="X9", agent=cast.bo.agent)

    replay = corrections.replay_parked(batch_id=batch.pk, replayed_by=None, now=NOW)

    assert (replay.accepted, replay.replaced) == (1, 1)
    assert valid(Contact, "agent__code", "team__code")[0] == ("1", "bo", "beta")


def test_queries_do_not_grow_with_the_rows(take_in, django_assert_max_num_queries):
    rows = [f"{n},2026-10-05 08:00,ana,card,{{}},N,\n" for n in range(300)]
    take_in(TICKET_HEADER + "".join(row.format(1) for row in rows))

    with django_assert_max_num_queries(60):
        batch = take_in(TICKET_HEADER + "".join(row.format(2) for row in rows), corrects=True)

    assert tally(batch) == (300, 300, 0, 0)


def test_undone_one_by_one_in_turn_everything_is_as_it_was(take_in):
    take_in(TICKET_HEADER + OPEN)
    texts = [ONE_SOLVED, ONE_SOLVED.replace(",3,Y", ",4,Y"), OPEN.replace("loan", "card")]
    states, batches = [], []
    for text in texts:
        states.append(valid(Ticket, *FIELDS))
        batches.append(take_in(TICKET_HEADER + text, corrects=True))

    for batch, state in zip(reversed(batches), reversed(states), strict=True):
        undo(batch)

        assert valid(Ticket, *FIELDS) == state


def test_correction_that_was_undone_can_be_made_again(take_in):
    take_in(TICKET_HEADER + OPEN)
    undo(take_in(TICKET_HEADER + ONE_SOLVED, corrects=True))

    again = take_in(TICKET_HEADER + ONE_SOLVED, corrects=True)

    assert tally(again) == (1, 1, 0, 1)
    assert valid(Ticket, "solved") == [("1", True), ("2", False)]


def test_answers_follow_the_corrected_agent_of_their_contact(take_in, cast):
    surveys = (
        "kind: surveys\nsource: phone\n"
        "fields: {external_id: n, contact: call, answered_at: at, score: s}"
    )
    answers = "n,call,at,s\nS1,1,2026-10-05 09:00,5\nS2,2,2026-10-06 09:00,5\n"
    contacts = CALLS.split("also:")[0] + "agents: {unknown: park}\n"
    take_in(CALL_HEADER + CALL_ROWS, contacts)
    take_in(answers, surveys, name="s.csv")
    take_in(CALL_HEADER + CALL_ROWS.replace("08:00,ana", "08:00,bo", 1), contacts, corrects=True)

    batch = take_in(answers, surveys, corrects=True, name="s.csv")

    assert tally(batch) == (1, 1, 0, 1)
    assert valid(Survey, "agent__code", "team__code") == [
        ("S1", "bo", "beta"),
        ("S2", "ana", "alpha"),
    ]
