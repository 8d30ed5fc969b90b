"""What nobody would send by accident: no answer is a fault of the server."""

import pytest
from django.test import Client

from kpi.models import ImportBatch
from tests.factories import NOW

HUGE = "9" * 5_000  # more digits than Python turns into a number


@pytest.fixture
def batch(cast):
    return ImportBatch.objects.create(
        file_name="calls.csv", sha256="0" * 64, uploaded_by=cast.hana, uploaded_at=NOW
    )


@pytest.mark.parametrize(
    "columns", ["[" * 100_000, '["\\ud800"]', "{}", "[1]", HUGE, "NaN", "\0", "not json"]
)
def test_columns_that_make_no_sense_are_left_out(cast, batch, columns):
    sent = {"text": "kind: contacts\nfields: {external_id: Call}\n", "columns": columns}

    answer = cast.client("hana").post(f"/data/{batch.pk}/mapping/", sent)

    assert answer.status_code == 200


@pytest.mark.parametrize("text", ["[" * 60_000, 'kind: "\\ud800"', 'kind: !!int "²"', "\0", ""])
def test_text_that_is_no_mapping_is_told(cast, batch, text):
    answer = cast.client("hana").post(f"/data/{batch.pk}/mapping/", {"text": text})

    assert answer.status_code == 200
    assert "alert" in answer.content.decode() or "problem" in answer.content.decode()


@pytest.mark.parametrize("seen", [HUGE, "-1", "²", "٣", "", "\0"])
def test_run_seen_may_be_anything(cast, library, seen):
    client = cast.client("hana")
    client.post("/cycles/open/", {"period": "2026-09"})
    client.post("/cycles/2026-09/compute/")

    answer = client.post("/cycles/2026-09/compute/", {"after": seen})

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("first", "last"),
    [("9999-12-31", "9999-12-31"), ("0001-01-01", "9999-12-31"), ("2026-02-30", "2026-10-32")],
)
def test_days_at_the_end_of_time_open_no_cycle(cast, first, last):
    answer = cast.client("hana").post("/cycles/open/", {"starts_on": first, "last_day": last})

    assert answer.status_code == 422


@pytest.mark.parametrize("agent", [HUGE, "99999999999999999999999", "-1", "²", "٣", "abc"])
def test_unknown_person_gives_an_empty_form_of_a_log_in(cast, agent):
    answer = cast.client("ada").get("/users/new/", {"agent": agent})

    assert answer.status_code == 200


@pytest.mark.parametrize("charset", ["utf-16", "nothing"])
def test_form_in_a_strange_encoding_is_no_fault(cast, charset):
    sent = "period=2026-10".encode("utf-16")
    form = f"application/x-www-form-urlencoded; charset={charset}"

    answer = cast.client("hana").generic("POST", "/cycles/open/", sent, form)

    assert answer.status_code in {400, 403, 422}


def test_strange_encoding_without_a_token_is_refused_by_a_page(cast):
    client = Client(enforce_csrf_checks=True)
    form = "application/x-www-form-urlencoded; charset=utf-16"

    answer = client.generic("POST", "/cycles/open/", b"period=2026-10", form)

    assert answer.status_code == 403
