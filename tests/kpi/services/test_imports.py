import os
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count, Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.models import Agent, Alias, Assignment, Organisation, Position, Shift, Team
from agents.services import move_agent
from kpi.intake import uploads
from kpi.intake.mapping.reading import BadMapping
from kpi.intake.reading.table import FileRefused
from kpi.intake.recognising import MAPPINGS
from kpi.models import (
    Contact,
    Event,
    FactRevision,
    Figure,
    ImportBatch,
    Mapping,
    ParkedRow,
    RejectedRow,
    Review,
    ShiftWorked,
    Source,
    Survey,
    Ticket,
    Training,
)
from kpi.services import corrections, exclusions, imports
from tests.factories import add_agent

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("APPRAISAL_SAMPLE_DATA", ROOT.parent / "shared" / "data"))
State = ImportBatch.State

CALLS = """
kind: contacts
source: phone
zone: Asia/Shanghai
fields:
  external_id: call
  started_at: at
  agent: agent
  queue: queue
  wait_s: wait
  talk_s: talk
  answered: answered
  customer: customer
also:
  kind: surveys
  when: {column: rating, filled: true}
  fields: {answered_at: at, score: rating, scale: {constant: 1-5}}
agents: {unknown: create, position: agent, team: north, from: first day}
queues: {loans: north, cards: south}
"""
HEADER = "call,at,agent,queue,wait,talk,answered,customer,rating\n"
ROWS = (
    "1,2026-05-04 08:00:00,8001,loans,10,100,Y,13800001111,5\n"
    "2,2026-05-05 08:00:00,8002,loans,20,200,Y,13800001111,\n"
    "3,2026-05-06 08:00:00,,cards,30,,N,,\n"
)


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path


@pytest.fixture
def batch_of(db):
    def receive(text, *, name="calls.csv", mapping=CALLS, **options):
        content = text if isinstance(text, bytes) else text.encode()
        batch = imports.receive_file(
            content=[content], name=name, uploaded_by=None, now=NOW, **options
        )
        return imports.confirm_mapping(batch=batch, text=mapping, confirmed_by=None, now=NOW)

    return receive


@pytest.fixture
def take_in(batch_of):
    def run(text, **options):
        return imports.run_import(batch_id=batch_of(text, **options).pk, now=NOW)

    return run


def tally(batch):
    return (batch.rows, batch.accepted, batch.rejected, batch.duplicate, batch.left_out)


def test_a_file_becomes_facts_of_both_kinds(take_in):
    batch = take_in(HEADER + ROWS)

    assert batch.state == State.DONE
    assert tally(batch) == (3, 3, 0, 0, 0)
    assert batch.also_tally == {"accepted": 1, "rejected": 0, "duplicate": 0, "left_out": 2}
    assert (batch.first_day, batch.last_day) == (date(2026, 5, 4), date(2026, 5, 6))
    first = Contact.objects.get(external_id="1")
    assert first.started_at == datetime(2026, 5, 4, 0, 0, tzinfo=UTC)
    assert (first.wait_s, first.talk_s, first.handle_s, first.answered) == (10, 100, 100, True)
    assert (first.source, first.batch_id, first.line) == ("phone", batch.pk, 2)
    assert first.valid_from == batch.revision_id
    survey = Survey.objects.get()
    assert (survey.contact, survey.score, survey.scale) == ("1", Decimal(5), "1-5")
    assert survey.agent_id == first.agent_id


def test_unknown_people_are_created_from_the_first_day_seen(take_in):
    batch = take_in(HEADER + ROWS + ROWS.replace("1,2026-05-04", "9,2026-05-02").split("\n")[0])

    agent = Agent.objects.get(code="8001")
    assignment = Assignment.objects.get(agent=agent)
    assert assignment.starts_on == date(2026, 5, 2)
    assert (assignment.team.code, assignment.position.code) == ("north", "agent")
    assert Alias.objects.get(value="8001", source="phone").agent == agent
    assert batch.created_agents == 2
    assert "2 people" in batch.message
    assert "north" in batch.message


def test_team_and_position_of_a_recognised_file_have_a_chinese_name(take_in):
    take_in(HEADER + ROWS, mapping=CALLS.replace("team: north", "team: imported"))

    assert Team.objects.get(code="imported").name_zh == "导入"
    assert Position.objects.get(code="agent").name_zh == "坐席"
    assert Team.objects.get(code="north").name_zh == ""


def test_facts_carry_team_position_and_shift_of_their_day(take_in):
    teams = [Team.objects.create(code=code, name_en=code) for code in ("north", "east")]
    position = Position.objects.create(code="agent", name_en="Agent")
    shift = Shift.objects.create(code="early", name_en="Early")
    agent = Agent.objects.create(code="8001", name="Ana")
    for team, start, end in ((teams[0], 1, 5), (teams[1], 5, None)):
        Assignment.objects.create(
            agent=agent,
            team=team,
            position=position,
            shift=shift if end else None,
            starts_on=date(2026, 5, start),
            ends_on=date(2026, 5, end) if end else None,
        )
    text = HEADER + "".join(f"{n},2026-05-0{n} 08:00:00,8001,loans,1,1,Y,,\n" for n in (4, 5))

    take_in(text)

    stamps = Contact.objects.order_by("day").values_list("team__code", "shift__code")
    assert list(stamps) == [("north", "early"), ("east", None)]


def test_a_contact_without_agent_has_its_queues_team(take_in):
    take_in(HEADER + ROWS)

    lost = Contact.objects.get(external_id="3")
    assert lost.agent_id is None
    assert lost.team.code == "south"
    assert Contact.objects.get(external_id="2").team.code == "north"


def test_customers_are_kept_as_digest_and_tail(take_in):
    take_in(HEADER + ROWS)

    one, two, none = Contact.objects.order_by("external_id")
    assert one.customer == two.customer
    assert len(one.customer) == 32
    assert "138" not in one.customer[:3] or one.customer != "13800001111"
    assert (one.customer_tail, none.customer, none.customer_tail) == ("1111", None, None)


def test_days_are_those_of_the_organisation(take_in):
    Organisation.objects.create(name="Bank", zone="America/New_York")

    take_in(HEADER + ROWS)

    assert Contact.objects.get(external_id="1").day == date(2026, 5, 3)


def test_the_same_file_again_changes_nothing(take_in):
    take_in(HEADER + ROWS)
    before = list(Contact.objects.order_by("pk").values())
    revisions = FactRevision.objects.count()

    again = take_in(HEADER + ROWS)

    assert tally(again) == (3, 0, 0, 3, 0)
    assert again.revision is None
    assert list(Contact.objects.order_by("pk").values()) == before
    assert FactRevision.objects.count() == revisions


def test_the_same_rows_in_another_encoding_and_order_change_nothing(take_in):
    take_in(HEADER + ROWS)
    turned = "".join(reversed(ROWS.splitlines(keepends=True)))

    again = take_in((HEADER + turned).encode("utf-16"), name="again.csv")

    assert (again.accepted, again.duplicate) == (0, 3)


def test_rejected_rows_keep_line_column_code_and_value(take_in):
    batch = take_in(HEADER + ROWS + "4,2026-05-04 08:00:00,8001,loans,-5,inf,Y,,\n")

    assert tally(batch) == (4, 3, 1, 0, 0)
    found = RejectedRow.objects.filter(batch=batch).order_by("column")
    assert [(row.line, row.column, row.code, row.value, row.kind) for row in found] == [
        (5, "talk", "duration", "inf", "contacts"),
        (5, "wait", "negative", "-5", "contacts"),
    ]


def test_a_customer_number_is_masked_among_the_rejected(take_in):
    batch = take_in(HEADER + f"4,2026-05-04 08:00:00,8001,loans,5,5,Y,{'7' * 130},\n")

    assert RejectedRow.objects.get(batch=batch).value == "…7777"


@pytest.mark.parametrize(
    ("policy", "expected"), [("reject", (3, 1, 2, 0, 0)), ("park", (3, 1, 0, 0, 2))]
)
def test_unknown_people_are_rejected_or_parked_where_the_mapping_says_so(take_in, policy, expected):
    mapping = CALLS.replace(
        "{unknown: create, position: agent, team: north, from: first day}", f"{{unknown: {policy}}}"
    )

    batch = take_in(HEADER + ROWS, mapping=mapping)

    assert tally(batch) == expected
    assert sum(batch.also_tally.values()) == 3
    if policy == "reject":
        assert RejectedRow.objects.filter(code="unknown_agent").count() == 2
    else:
        assert batch.parked == ParkedRow.objects.count() == 2


PARKING = CALLS.replace("unknown: create", "unknown: park")


def test_parked_rows_are_imported_once_their_people_are_known(take_in):
    batch = take_in(HEADER + ROWS, mapping=PARKING)
    Alias.objects.create(value="8001", agent=Agent.objects.create(code="A1", name="Ana"))

    replay = corrections.replay_parked(batch_id=batch.pk, replayed_by=None, now=NOW)

    assert tally(replay) == (1, 1, 0, 0, 0)
    assert replay.also_tally["accepted"] == 1
    contact = Contact.objects.get(external_id="1")
    assert (contact.agent.code, contact.line) == ("A1", 2)
    assert ParkedRow.objects.get(line=2).replayed_by == replay
    assert corrections.replay_parked(batch_id=batch.pk, replayed_by=None, now=NOW) is None


def test_a_replayed_row_has_the_same_customer_as_an_imported_one(take_in):
    batch = take_in(HEADER + ROWS, mapping=PARKING)
    kept = ParkedRow.objects.get(line=2).record["customer"]
    for number in ("8001", "8002"):
        Agent.objects.create(code=number, name=number)
    corrections.replay_parked(batch_id=batch.pk, replayed_by=None, now=NOW)
    take_in(HEADER + "7,2026-05-04 08:00:00,8001,loans,1,1,Y,13800001111,\n")

    assert "13800001111" not in kept
    assert Contact.objects.exclude(customer=None).values("customer").distinct().count() == 1
    assert set(Contact.objects.exclude(customer=None).values_list("customer_tail", flat=True)) == {
        "1111"
    }


def test_the_same_parked_rows_are_kept_once(take_in):
    take_in(HEADER + ROWS, mapping=PARKING)

    again = take_in(HEADER + ROWS, mapping=PARKING)

    assert again.parked == 2
    assert ParkedRow.objects.count() == 2


def test_people_are_found_by_alias_number_mail_and_name(take_in):
    people = {
        "x1": Agent.objects.create(code="A1", name="Ana"),
        "A2": Agent.objects.create(code="A2", name="Bo"),
        "cy@example.org": Agent.objects.create(code="A3", name="Cy", email="cy@example.org"),
        "Dee Doe": Agent.objects.create(code="A4", name="Dee Doe"),
    }
    Alias.objects.create(source="phone", value="x1", agent=people["x1"])
    Alias.objects.create(source="", value="x1", agent=people["A2"])
    text = HEADER + "".join(
        f"{n},2026-05-04 08:00:00,{name},loans,1,1,Y,,\n" for n, name in enumerate(people)
    )

    take_in(text, mapping=PARKING)

    found = Contact.objects.order_by("external_id").values_list("agent__code", flat=True)
    assert list(found) == ["A1", "A2", "A3", "A4"]


def test_a_name_that_two_people_share_is_nobodys(take_in):
    for code in ("A1", "A2"):
        Agent.objects.create(code=code, name="Ana")

    batch = take_in(HEADER + "1,2026-05-04 08:00:00,Ana,loans,1,1,Y,,\n", mapping=PARKING)

    assert batch.parked == 1


def test_a_shared_name_is_parked_even_where_people_are_created(take_in):
    for code in ("A1", "A2"):
        Agent.objects.create(code=code, name="Ana")

    batch = take_in(HEADER + "1,2026-05-04 08:00:00,Ana,loans,1,1,Y,,\n")

    assert (batch.parked, Agent.objects.count()) == (1, 2)


def test_two_long_names_that_begin_alike_are_two_people(take_in):
    names = ["n" * 100 + end for end in "ab"]
    text = HEADER + "".join(
        f"{n},2026-05-04 08:00:00,{name},loans,1,1,Y,,\n" for n, name in enumerate(names)
    )

    take_in(text)

    assert Agent.objects.count() == 2


def test_a_source_that_is_no_code_is_refused(db):
    with pytest.raises(FileRefused) as refused:
        imports.receive_file(
            content=[b"a"], name="a.csv", uploaded_by=None, now=NOW, source="my phone!"
        )

    assert refused.value.code == "source"
    assert not uploads.uploads_folder().exists()


def test_an_import_can_be_undone_and_done_again(take_in):
    batch = take_in(HEADER + ROWS)

    undone = corrections.undo_batch(batch_id=batch.pk, undone_by=None, now=NOW)

    assert undone.state == State.UNDONE
    assert not Contact.objects.filter(valid_until=None).exists()
    assert not Survey.objects.filter(valid_until=None).exists()
    assert Contact.objects.filter(valid_until=undone.undone_revision_id).count() == 3
    assert tally(take_in(HEADER + ROWS)) == (3, 3, 0, 0, 0)
    with pytest.raises(corrections.NotImported):
        corrections.undo_batch(batch_id=batch.pk, undone_by=None, now=NOW)


def test_an_excluded_fact_is_closed_and_stands_again_with_its_reason(take_in, cast):
    take_in(HEADER + ROWS)
    fact = Contact.objects.get(external_id="1")

    copy = exclusions.exclude_fact(
        kind="contacts",
        fact_id=fact.pk,
        reason="Line fault",
        excluded_by=cast.hana,
        approved_by=cast.mona,
        now=NOW,
    )

    fact.refresh_from_db()
    assert fact.valid_until == copy.valid_from
    assert (copy.exclusion.reason, copy.external_id, copy.handle_s) == ("Line fault", "1", 100)
    assert Contact.objects.filter(valid_until=None, exclusion=None).count() == 2
    back = exclusions.include_fact(kind="contacts", fact_id=copy.pk, lifted_by=cast.hana, now=NOW)
    assert back.exclusion is None
    assert Contact.objects.filter(valid_until=None, exclusion=None).count() == 3


def test_an_exclusion_needs_a_reason_and_a_valid_fact(take_in, cast):
    take_in(HEADER + ROWS)
    fact = Contact.objects.get(external_id="1")
    asked = {
        "kind": "contacts",
        "fact_id": fact.pk,
        "excluded_by": cast.hana,
        "approved_by": cast.mona,
        "now": NOW,
    }

    with pytest.raises(exclusions.ReasonMissing):
        exclusions.exclude_fact(**asked, reason=" ")
    exclusions.exclude_fact(**asked, reason="Test call")
    with pytest.raises(exclusions.NotValid):
        exclusions.exclude_fact(**asked, reason="Again")


def test_an_undo_closes_excluded_facts_too(take_in, cast):
    batch = take_in(HEADER + ROWS)
    fact = Contact.objects.get(external_id="1")
    exclusions.exclude_fact(
        kind="contacts",
        fact_id=fact.pk,
        reason="Test call",
        excluded_by=cast.hana,
        approved_by=cast.mona,
        now=NOW,
    )

    corrections.undo_batch(batch_id=batch.pk, undone_by=cast.hana, now=NOW)

    assert not Contact.objects.filter(valid_until=None).exists()


def test_a_dry_run_says_what_would_happen_and_changes_nothing(batch_of):
    batch = batch_of(HEADER + ROWS + "x,,,,,,,,\n")

    outcome = imports.dry_run(batch=batch, now=NOW)

    assert (outcome.main.accepted, outcome.main.rejected) == (3, 1)
    assert outcome.also.accepted == 1
    assert outcome.created.agents == 2
    assert not Contact.objects.exists()
    assert not Agent.objects.exists()
    assert not FactRevision.objects.exists()


def test_a_file_without_a_needed_column_is_refused_with_its_name(batch_of):
    with pytest.raises(BadMapping, match="talk"):
        batch_of(HEADER.replace("talk", "spoken") + ROWS)

    assert not Mapping.objects.exists()


def test_a_file_that_changed_on_disk_is_refused_and_stores_nothing(batch_of):
    batch = batch_of(HEADER + ROWS)
    (uploads.uploads_folder() / batch.file_path).write_bytes(b"call\n1\n")

    done = imports.run_import(batch_id=batch.pk, now=NOW)

    assert done.state == State.REFUSED
    assert "Upload it again" in done.message
    assert not Contact.objects.exists()


def test_running_twice_imports_once(batch_of):
    batch = batch_of(HEADER + ROWS)

    imports.run_import(batch_id=batch.pk, now=NOW)
    again = imports.run_import(batch_id=batch.pk, now=NOW)

    assert again.accepted == 3
    assert Contact.objects.count() == 3


def test_progress_is_told_by_stage(batch_of):
    told = []
    batch = batch_of(HEADER + ROWS)

    imports.run_import(
        batch_id=batch.pk, now=NOW, progress=lambda stage, done, total: told.append((stage, total))
    )

    assert [stage for stage, _ in told] == ["reading", "checking", "storing"]
    assert told[-1][1] == 3


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_store_each_row_once(batch_of):
    batches = [batch_of(HEADER + ROWS) for _ in range(2)]

    def run(batch):
        try:
            imports.run_import(batch_id=batch.pk, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for batch in batches:
        batch.refresh_from_db()
    assert sorted(batch.accepted for batch in batches) == [0, 3]
    assert Contact.objects.count() == 3
    assert Agent.objects.count() == 2


def test_an_upload_too_large_leaves_nothing_behind(settings, db):
    settings.APPRAISAL_IMPORT_LIMITS = {"text_bytes": 10}

    with pytest.raises(FileRefused):
        imports.receive_file(content=[b"x" * 8] * 2, name="a.csv", uploaded_by=None, now=NOW)

    assert [path for path in uploads.uploads_folder().rglob("*") if path.is_file()] == []
    assert not ImportBatch.objects.exists()


def test_a_name_is_never_a_path(batch_of):
    batch = batch_of(HEADER + ROWS, name="..\\..\\etc/pass\x00wd\u202e.csv")

    assert batch.file_name == "passwd.csv"
    assert batch.file_path == f"{batch.sha256[:2]}/{batch.sha256}"


def test_a_discarded_upload_is_gone_unless_another_batch_needs_it(batch_of):
    one, two = batch_of(HEADER + ROWS), batch_of(HEADER + ROWS)
    path = uploads.uploads_folder() / one.file_path

    imports.discard_upload(batch=one)
    assert path.is_file()
    imports.discard_upload(batch=two)

    assert not path.exists()
    assert not ImportBatch.objects.exists()


def test_a_mapping_is_kept_once_for_its_source(batch_of):
    batch_of(HEADER + ROWS)
    batch_of(HEADER + ROWS)

    assert Mapping.objects.count() == 1
    assert Source.objects.get().code == "phone"


def test_the_newest_confirmed_mapping_is_proposed_for_the_next_file(batch_of):
    batch_of(HEADER + ROWS)
    batch = imports.receive_file(
        content=[(HEADER + ROWS).encode()], name="b.csv", uploaded_by=None, now=NOW, source="phone"
    )

    found = imports.recognise_batch(batch=batch, now=NOW)

    assert (found.origin, found.mapping_text) == ("confirmed", CALLS)


SURVEYS = """
kind: surveys
source: panel
fields: {external_id: id, contact: call, answered_at: at, score: score}
"""


def test_an_answer_belongs_to_the_agent_of_its_contact(take_in):
    take_in(HEADER + ROWS)
    text = "id,call,at,score\na,2,2026-05-06,4\nb,3,2026-05-06,4\nc,99,2026-05-06,4\n"

    take_in(text, mapping=SURVEYS, name="panel.csv")

    found = Survey.objects.filter(source="panel").order_by("external_id")
    assert [(row.agent and row.agent.code, row.team and row.team.code) for row in found] == [
        ("8002", "north"),
        (None, None),
        (None, None),
    ]


def test_people_whom_an_import_added_start_earlier_when_an_earlier_file_shows_them(take_in):
    take_in(HEADER + ROWS)

    take_in(HEADER + "0,2026-04-01 08:00:00,8001,loans,1,1,Y,,\n")

    assert Assignment.objects.get(agent__code="8001").starts_on == date(2026, 4, 1)
    assert Contact.objects.get(external_id="0").team.code == "north"


def test_people_whose_day_of_joining_is_known_are_left_as_they_are(take_in):
    take_in(HEADER + ROWS)
    Agent.objects.filter(code="8001").update(hired_on=date(2026, 5, 4))

    take_in(HEADER + "0,2026-04-01 08:00:00,8001,loans,1,1,Y,,\n")

    assert Assignment.objects.get(agent__code="8001").starts_on == date(2026, 5, 4)
    assert Contact.objects.get(external_id="0").team is None


OTHER_KINDS = [
    (
        Ticket,
        "kind: tickets\nfields: {external_id: id, created_at: at, solved_at: done, solved: ok,"
        " customer: who}\n",
        "id,at,done,ok,who\nT1,2026-05-04 08:00:00,2026-05-05 09:00:00,Y,77\n"
        "T2,2026-05-04 08:00:00,2026-05-03 09:00:00,Y,77\n",
        {"solved_day": date(2026, 5, 5), "customer_tail": "77"},
    ),
    (
        Review,
        "kind: reviews\nfields: {external_id: id, reviewed_at: at, score: score, fatal: fatal}\n",
        "id,at,score,fatal\n1,2026-05-04 08:00:00,92.5,N\n2,2026-05-04 08:00:00,101,N\n",
        {"score": Decimal("92.5"), "items": {}},
    ),
    (
        ShiftWorked,
        "kind: shifts\nfields: {external_id: {columns: [date, agent], join: '-'}, date: date,"
        " agent: agent, logged_in_s: {column: on, as: hms}}\n"
        "agents: {unknown: create, position: agent, team: north}\n",
        "date,agent,on\n2026-05-04,8001,7:30:00\n2026-05-05,8001,25:00:00\n",
        {"day": date(2026, 5, 4), "logged_in_s": 27000, "external_id": "2026-05-04-8001"},
    ),
    (
        Training,
        "kind: trainings\nfields: {external_id: id, date: date, agent: agent, kind: {constant:"
        " knowledge}, score: score, hours: hours}\n"
        "agents: {unknown: create, position: agent, team: north}\n",
        "id,date,agent,score,hours\n1,2026-05-04,8001,88,1.5\n2,2026-05-04,,88,1.5\n",
        {"kind": "knowledge", "score": Decimal(88), "hours": Decimal("1.5")},
    ),
    (
        Event,
        "kind: events\nfields: {external_id: id, date: date, agent: agent, kind: kind}\n"
        "agents: {unknown: create, position: agent, team: north}\n",
        "id,date,agent,kind\n1,2026-05-04,8001,praise\n2,2026-05-04,8001,applause\n",
        {"kind": "praise", "quantity": Decimal(1)},
    ),
    (
        Figure,
        "kind: figures\nfields: {external_id: id, date: date, figure: code, value: value}\n",
        "id,date,code,value\n1,2026-05-01,budget,\"1,200.50\"\n2,2026-05-01,budget,n/a\n",
        {"value": Decimal("1200.50"), "figure": "budget"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("model", "mapping", "text", "values"), OTHER_KINDS)
def test_every_kind_loads_the_same_way(take_in, model, mapping, text, values):
    batch = take_in(text, mapping=mapping)

    assert tally(batch) == (2, 1, 1, 0, 0)
    fact = model.objects.get()
    assert {name: getattr(fact, name) for name in values} == values


NUMBERS = st.sampled_from(["1", "2", "3", ""])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(NUMBERS, st.sampled_from(["5", "-5", "x", ""]), st.sampled_from(["8001", ""])),
        min_size=1,
        max_size=8,
    )
)
def test_any_file_twice_leaves_what_once_leaves(take_in, rows):
    text = HEADER + "".join(
        f"{n},2026-05-04 08:00:00,{agent},loans,{wait},1,Y,,\n" for n, wait, agent in rows
    )

    first = take_in(text)
    facts = Contact.objects.filter(valid_until=None).count()
    second = take_in(text)

    for batch in (first, second):
        assert batch.rows == len(rows)
        assert sum(tally(batch)[1:]) == len(rows)
    assert second.accepted == 0
    assert Contact.objects.filter(valid_until=None).count() == facts


@pytest.mark.skipif(not DATA.is_dir(), reason="no sample data here")
def test_the_bank_comes_out_exactly(take_in):
    path = DATA / "anonymous_bank_1999_02" / "data_anonymous_bank_february.txt"
    mapping = (MAPPINGS / "anonymous_bank.yaml").read_text(encoding="utf-8")

    batch = take_in(path.read_bytes(), name=path.name, mapping=mapping)

    assert tally(batch) == (33_344, 33_066, 0, 0, 278)
    answered = Q(answered=True)
    found = Contact.objects.aggregate(
        offered=Count("pk"),
        served=Count("pk", filter=answered),
        lost=Count("pk", filter=Q(abandoned=True)),
        waited=Sum("wait_s", filter=answered),
        talked=Sum("talk_s", filter=answered),
        soon=Count("pk", filter=answered & Q(wait_s__lte=20)),
    )
    assert found == {
        "offered": 33_066,
        "served": 27_162,
        "lost": 5_904,
        "waited": 1_107_512,
        "talked": 4_790_100,
        "soon": 16_209,
    }
    assert round(found["waited"] / 27_162, 4) == 40.7743
    assert round(found["talked"] / 27_162, 4) == 176.3530
    for name, calls, mean in (("IDIT", 1_957, 122.55), ("AVNI", 1_739, 256.49)):
        of_agent = Contact.objects.filter(agent__code=name).aggregate(Count("pk"), Sum("handle_s"))
        assert of_agent["pk__count"] == calls
        assert round(of_agent["handle_s__sum"] / calls, 2) == mean


@pytest.mark.skipif(not DATA.is_dir(), reason="no sample data here")
def test_zendesk_tickets_come_in_as_far_as_their_columns_go(take_in):
    path = DATA / "zendesk_seeds" / "ticket_data.csv"
    mapping = (MAPPINGS / "zendesk_tickets.yaml").read_text(encoding="utf-8")

    batch = take_in(path.read_bytes(), name=path.name, mapping=mapping)

    assert tally(batch) == (10, 8, 0, 0, 2)
    assert Ticket.objects.filter(solved=True).count() == 8
    assert Ticket.objects.get(external_id="11071").priority == "urgent"


def test_figure_of_a_person_has_the_place_of_most_days_of_its_month(take_in):
    north, south = (Team.objects.create(code=code, name_en=code) for code in ("north", "south"))
    position = Position.objects.create(code="agent", name_en="Agent")
    ann = add_agent("8001", team=north, position=position)
    move_agent(agent=ann, team=south, position=position, shift=None, from_day=date(2026, 5, 10))
    mapping = (
        "kind: figures\nfields: {external_id: id, date: date, agent: agent, figure: code,"
        " value: value}\n"
    )

    take_in(
        "id,date,agent,code,value\n1,2026-04-01,8001,plan,1\n2,2026-05-01,8001,plan,2\n"
        "3,2026-05-01,,plan,3\n",
        mapping=mapping,
    )

    found = Figure.objects.order_by("value").values_list("team__code", flat=True)
    assert list(found) == ["north", "south", None]
