"""Files taken in through the pages, from the upload to the undo."""

import json

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from agents.models import Alias
from kpi import tasks
from kpi.models import Contact, ImportBatch, Job, ParkedRow, Source
from tests.factories import NOW

HEADER = "call id,agent,start time,talk time,direction"
MAPPING = """\
kind: contacts
source: phone
fields:
  external_id: call id
  agent: agent
  started_at: {column: start time, format: "%Y-%m-%d %H:%M:%S"}
  talk_s: {column: talk time, as: seconds}
  direction: {column: direction, values: {in: in, out: out}}
  answered: {constant: "true"}
agents: {unknown: park}
"""


@pytest.fixture(autouse=True)
def _on_the_third_of_november(settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


def calls(*rows):
    return "\n".join([HEADER, *rows, ""]).encode()


def row(number, agent="ana", talk="120", start="2026-10-05 09:00:00"):
    return f"C{number},{agent},{start},{talk},in"


GOOD = calls(*(row(number) for number in range(30)))


def upload(client, content=GOOD, name="calls.csv", **said):
    file = SimpleUploadedFile(name, content)
    return client.post("/data/upload/", {"file": file, **said})


def uploaded(client, content=GOOD, **said):
    """The batch of a file that was just uploaded."""
    upload(client, content, **said)
    return ImportBatch.objects.order_by("-pk").first()


def imported(client, content=GOOD):
    """A batch imported through the pages, by the worker's own task."""
    batch = uploaded(client, content)
    client.post(f"/data/{batch.pk}/import/", {"text": MAPPING})
    tasks.import_batch(job_id=Job.objects.latest("pk").pk)
    batch.refresh_from_db()
    return batch


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", ["ana", "sam", "mona", "ada", "quinn"])
def test_only_hr_sees_and_takes_files(cast, name):
    batch = uploaded(cast.client("hana"))
    client = cast.client(name)

    answers = [
        client.get("/data/"),
        client.get(f"/data/{batch.pk}/"),
        client.get(f"/data/{batch.pk}/rejected.csv"),
        upload(client),
        client.post(f"/data/{batch.pk}/check/", {"text": MAPPING}),
        client.post(f"/data/{batch.pk}/import/", {"text": MAPPING}),
        client.post(f"/data/{batch.pk}/undo/"),
        client.post(f"/data/{batch.pk}/discard/"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert ImportBatch.objects.get().state == ImportBatch.State.UPLOADED


def test_without_imports_the_page_says_what_to_choose(cast):
    assert "Nothing is imported yet" in text_of(cast.client("hana").get("/data/"))


def test_an_uploaded_file_is_recognised_and_shown_with_five_rows(cast):
    client = cast.client("hana")

    batch = uploaded(client)
    page = client.get(f"/data/{batch.pk}/")

    assert "Recognised as <strong>contacts</strong>" in text_of(page)
    assert len(page.context["preview"].rows) == 5
    assert page.context["seen"].table.rows == 30


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (HEADER.encode(), "header but no rows"),
        (b"\x00\x01\x02" * 50, "file"),
        (b"name,colour\nAda,blue\nBo,red\n", "The columns do not show what the rows are."),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_keeps_the_page(cast, content, words):
    client = cast.client("hana")

    batch = uploaded(client, content)
    page = client.get(f"/data/{batch.pk}/")

    assert page.status_code == 422
    assert words in text_of(page)


def test_an_upload_without_a_file_says_so(cast):
    response = cast.client("hana").post("/data/upload/", {})

    assert response.status_code == 422
    assert not ImportBatch.objects.exists()


def test_an_unknown_zone_is_refused(cast):
    response = upload(cast.client("hana"), zone="Mars/Olympus")

    assert response.status_code == 422
    assert "No time zone is called this." in text_of(response)


def test_what_is_wrong_with_a_mapping_is_said_by_line_at_once(cast):
    client = cast.client("hana")
    batch = uploaded(client)
    columns = json.dumps(HEADER.split(","))

    def check(text):
        sent = {"text": text, "columns": columns}
        return text_of(client.post(f"/data/{batch.pk}/mapping/", sent))

    assert "The mapping can be read." in check(MAPPING)
    assert "Line 8" in check(MAPPING.replace("direction:", "directon:"))
    assert "The file has no column “caller”" in check(MAPPING.replace("call id", "caller"))


@pytest.mark.parametrize("columns", ["", "[", "{}", "[1]"])
def test_columns_that_make_no_sense_are_passed_over(cast, columns):
    client = cast.client("hana")
    batch = uploaded(client)

    response = client.post(f"/data/{batch.pk}/mapping/", {"text": MAPPING, "columns": columns})

    assert "The mapping can be read." in text_of(response)


def test_checking_tells_every_row_and_stores_nothing(cast):
    client = cast.client("hana")
    rows = [row(1), row(2, talk="-5"), row(3, agent="X9"), row(4)]
    batch = uploaded(client, calls(*rows))

    page = client.post(
        f"/data/{batch.pk}/check/", {"text": MAPPING}, headers={"HX-Request": "true"}
    )

    main = page.context["result"].main
    assert (main.accepted, main.rejected, main.duplicate, main.left_out) == (2, 1, 0, 1)
    assert "A duration below zero." in text_of(page)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.UPLOADED
    assert not Contact.objects.exists()
    assert not Source.objects.exists()


def test_checking_works_without_scripts_too(cast):
    client = cast.client("hana")
    batch = uploaded(client)

    page = client.post(f"/data/{batch.pk}/check/", {"text": MAPPING})

    assert "30 rows will be imported." in text_of(page)


def test_a_wrong_mapping_is_not_imported_and_the_text_is_kept(cast):
    client = cast.client("hana")
    batch = uploaded(client)

    page = client.post(f"/data/{batch.pk}/import/", {"text": MAPPING + "colour: blue\n"})

    assert page.status_code == 422
    assert "colour: blue" in page.content.decode()
    assert "Columns" in page.content.decode()
    assert not Job.objects.exists()


def test_a_confirmed_file_is_followed_until_it_is_imported(cast):
    client = cast.client("hana")
    batch = uploaded(client)
    client.post(f"/data/{batch.pk}/import/", {"text": MAPPING})

    waiting = client.get(f"/data/{batch.pk}/")
    tasks.import_batch(job_id=Job.objects.get().pk)
    over = client.get(f"/data/{batch.pk}/", headers={"HX-Request": "true"})
    result = client.get(f"/data/{batch.pk}/")

    assert "Waiting for a worker" in text_of(waiting)
    assert over.headers["HX-Refresh"] == "true"
    assert "What became of the 30 rows" in text_of(result)
    assert Contact.objects.count() == 30


def test_confirming_twice_makes_one_job(cast):
    client = cast.client("hana")
    batch = uploaded(client)

    client.post(f"/data/{batch.pk}/import/", {"text": MAPPING})
    client.post(f"/data/{batch.pk}/import/", {"text": MAPPING})

    assert Job.objects.count() == 1


def test_what_is_imported_is_not_imported_again_by_an_old_page(cast):
    client = cast.client("hana")
    batch = imported(client)

    client.post(f"/data/{batch.pk}/import/", {"text": MAPPING})
    client.post(f"/data/{batch.pk}/check/", {"text": MAPPING})
    client.post(f"/data/{batch.pk}/discard/")

    assert Contact.objects.count() == 30
    assert ImportBatch.objects.get().state == ImportBatch.State.DONE


def test_rejected_rows_are_downloaded_with_their_reasons(cast):
    client = cast.client("hana")
    batch = imported(client, calls(row(1), row(2, talk="=-5"), row(3, talk="-7")))

    response = client.get(f"/data/{batch.pk}/rejected.csv")

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Line,Kind,Column,Value,Reason"
    assert lines[1].startswith("3,Contacts,talk time,'=-5,")
    assert lines[2] == "4,Contacts,talk time,'-7,A duration below zero."
    assert response.headers["Cache-Control"] == "no-store"


def test_saying_who_somebody_is_imports_the_rows_that_waited(cast):
    client = cast.client("hana")
    batch = imported(client, calls(row(1), row(2, agent="X9"), row(3, agent="X9")))

    client.post(f"/data/{batch.pk}/person/", {"called": "X9", "agent": "ben"})

    assert Alias.objects.get().agent == cast.ben.agent
    assert Contact.objects.filter(agent=cast.ben.agent).count() == 2
    assert not ParkedRow.objects.filter(replayed_by=None).exists()
    assert "2 parked rows" in text_of(client.get(f"/data/{batch.pk}/"))


def test_a_person_nobody_knows_is_refused_beside_the_name(cast):
    client = cast.client("hana")
    batch = imported(client, calls(row(1), row(2, agent="X9")))

    page = client.post(f"/data/{batch.pk}/person/", {"called": "X9", "agent": "nobody"})

    assert page.status_code == 422
    assert "Nobody on record has this staff number or name." in text_of(page)


def test_a_name_that_nobody_waits_for_says_so(cast):
    client = cast.client("hana")
    batch = imported(client)

    page = client.post(f"/data/{batch.pk}/person/", {"called": "X9", "agent": "Ben"}, follow=True)

    assert "No row waits for this name any more." in text_of(page)


def test_undoing_is_asked_about_and_then_done(cast):
    client = cast.client("hana")
    batch = imported(client)

    question = client.get(f"/data/{batch.pk}/undo/")
    done = client.post(f"/data/{batch.pk}/undo/", follow=True)
    again = client.post(f"/data/{batch.pk}/undo/", follow=True)

    assert "30 rows are closed" in text_of(question)
    assert "This import was undone" in text_of(done)
    assert "cannot be undone" in text_of(again)
    assert not Contact.objects.filter(valid_until=None).exists()


def test_a_file_that_was_not_imported_is_dropped(cast):
    client = cast.client("hana")
    batch = uploaded(client)

    client.post(f"/data/{batch.pk}/discard/")

    assert not ImportBatch.objects.exists()


def test_the_list_is_narrowed_to_a_kind_and_a_source(cast):
    client = cast.client("hana")
    imported(client)

    contacts = client.get("/data/", {"kind": "contacts", "source": "phone"})
    tickets = client.get("/data/", {"kind": "tickets"})
    nonsense = client.get("/data/", {"kind": "nothing", "source": "nobody"})

    assert len(contacts.context["page"]) == 1
    assert "No import is found" in text_of(tickets)
    assert nonsense.status_code == 200


def test_an_import_given_up_may_be_tried_again(cast):
    client = cast.client("hana")
    batch = uploaded(client)
    client.post(f"/data/{batch.pk}/import/", {"text": MAPPING})
    Job.objects.update(attempts=3, state=Job.State.OWED)

    tasks.import_batch(job_id=Job.objects.get().pk)
    page = client.get(f"/data/{batch.pk}/")
    client.post(f"/data/{batch.pk}/import/", {"text": MAPPING})
    tasks.import_batch(job_id=Job.objects.latest("pk").pk)

    assert "The last import was refused." in text_of(page)
    assert Contact.objects.count() == 30


def test_a_large_file_is_checked_by_the_worker_only(cast, monkeypatch):
    monkeypatch.setattr("kpi.web.imports.MOST_TRIED_ROWS", 10)
    client = cast.client("hana")
    batch = uploaded(client)

    text = text_of(client.get(f"/data/{batch.pk}/"))

    assert "The file is large" in text
    assert "Check the rows" not in text


def test_correction_is_ticked_tried_imported_and_told(cast):
    client = cast.client("hana")
    imported(client, calls(row(1), row(2)))
    batch = uploaded(client, calls(row(1, talk="60"), row(2)))
    ticked = {"text": MAPPING, "corrects": "on"}

    untouched = client.post(f"/data/{batch.pk}/check/", {"text": MAPPING})
    tried = client.post(f"/data/{batch.pk}/check/", ticked)
    client.post(f"/data/{batch.pk}/import/", ticked)
    tasks.import_batch(job_id=Job.objects.latest("pk").pk)
    result = client.get(f"/data/{batch.pk}/")
    undo = client.get(f"/data/{batch.pk}/undo/")

    assert 'name="corrects">' in untouched.content.decode()
    assert untouched.context["result"].main.duplicate == 2
    assert 'name="corrects" checked>' in tried.content.decode()
    for page in (tried, result):
        assert "Accepted · 1 in place of earlier rows" in text_of(page)
    assert Contact.objects.get(external_id="C1", valid_until=None).talk_s == 60
    assert "The earlier rows that it replaced count again." in text_of(undo)


def test_mapping_that_always_corrects_needs_no_tick(cast):
    client = cast.client("hana")
    batch = uploaded(client)

    page = client.post(f"/data/{batch.pk}/check/", {"text": MAPPING + "corrects: true\n"})

    assert 'name="corrects" checked disabled>' in page.content.decode()
    assert "The mapping says so" in text_of(page)
