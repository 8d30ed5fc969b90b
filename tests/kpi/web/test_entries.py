"""Records entered on the pages."""

import pytest
import time_machine
from django.test import Client

from kpi.models import Event, ShiftWorked
from kpi.web.sheets import SHEETS
from tests.factories import NOW, add_agent, add_user

PRAISE = {
    "agent": "ana",
    "date": "2026-10-08",
    "kind": "praise",
    "quantity": "1",
    "note": "Thanked in writing",
}


@pytest.fixture(autouse=True)
def _on_the_third_of_november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hana(cast):
    return cast.client("hana")


def test_record_is_entered_listed_corrected_and_taken_back(cast, hana):
    entered = hana.post("/data/entries/events/", PRAISE, follow=True)
    fact = Event.objects.get()
    address = f"/data/entries/events/{fact.pk}/"
    opened = hana.get(address).content.decode()
    hana.post(address, PRAISE | {"quantity": "2"})
    fresh = Event.objects.get(valid_until=None)
    hana.post(f"/data/entries/events/{fresh.pk}/remove/")
    after = hana.get("/data/entries/events/").content.decode()
    history = hana.get("/data/entries/events/?closed=1").content.decode()

    assert entered.redirect_chain[0][0] == "/data/entries/events/?on=2026-10-08"
    page = entered.content.decode()
    assert "Thanked in writing" in page
    assert 'value="2026-10-08"' in page
    assert 'value="ana"' in opened
    assert fresh.quantity == 2
    assert Event.objects.filter(valid_until=None).count() == 0
    assert "Nothing is entered here" in after
    assert history.count("replaced or taken back") == 2


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_has_its_form(hana, sheet):
    page = hana.get(f"/data/entries/{sheet}/").content.decode()

    for name in SHEETS[sheet].fields:
        asked = not (name == "kind" and len(SHEETS[sheet].choices) == 1)
        assert (f'name="{name}"' in page) == asked


def test_refusal_stands_at_its_field(hana):
    sent = {"agent": "ana", "date": "2026-10-05", "scheduled_s": "eight", "late_min": "2000"}

    answer = hana.post("/data/entries/shifts/", sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not a duration in the unit" in page
    assert "Outside what this value can be." in page
    assert 'value="eight"' in page
    assert ShiftWorked.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"agent": "nobody"}, "Nobody on record has this staff number or name."),
        ({"agent": ""}, "This field is required."),
        ({"kind": "callback_due"}, "Select a valid choice."),
        ({"date": "tomorrow"}, "Not a date or time in the format"),
        ({"note": "\x00"}, "Null characters are not allowed."),
        ({"note": "x" * 3_000}, "at most 2000 characters"),
    ],
)
def test_wrong_values_are_told(hana, changed, said):
    answer = hana.post("/data/entries/events/", PRAISE | changed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Event.objects.count() == 0


def test_hr_enters_nothing_about_themselves(cast):
    hera = add_agent("hera", team=cast.calls, position=cast.position)
    add_user("hera", "hr", agent=hera)

    client = Client()
    client.login(username="hera", password="open sesame")

    answer = client.post("/data/entries/events/", PRAISE | {"agent": "hera"})

    assert answer.status_code == 422
    assert "Nobody enters facts about themselves" in answer.content.decode()


def test_form_sent_twice_enters_once(hana):
    key = "0123456789abcdef0123456789abcdef"
    for _ in range(2):
        hana.post("/data/entries/events/", PRAISE | {"key": key})

    assert Event.objects.count() == 1


def test_list_is_narrowed_to_a_person(hana):
    hana.post("/data/entries/events/", PRAISE)

    assert "Thanked" in hana.get("/data/entries/events/?agent=ana").content.decode()
    assert "Thanked" not in hana.get("/data/entries/events/?agent=ben").content.decode()
    assert "Nobody on record" in hana.get("/data/entries/events/?agent=zz").content.decode()


def test_entry_belongs_to_its_sheet(hana):
    hana.post("/data/entries/events/", PRAISE)
    fact = Event.objects.get()

    assert hana.get(f"/data/entries/call_backs/{fact.pk}/").status_code == 404
    assert hana.get("/data/entries/nothing/").status_code == 404


@pytest.mark.parametrize("name", ["ana", "sam", "mona", "ada", "quinn"])
def test_entries_are_for_hr(cast, name):
    assert cast.client(name).get("/data/entries/events/").status_code == 404


def test_number_of_questions_does_not_grow(cast, hana, django_assert_max_num_queries):
    for _ in range(12):
        hana.post("/data/entries/events/", PRAISE)

    with django_assert_max_num_queries(12):
        hana.get("/data/entries/events/")
