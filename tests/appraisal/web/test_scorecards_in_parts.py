"""The month of the golden centre by days, as its pages tell it."""

import re

import pytest
from django.urls import reverse

from agents import services
from appraisal.models import SchemeVersion
from appraisal.services import drafts, exports, publication, schemes
from tests.factories import NOW
from tests.golden.centre import LONG_AGO, compute, october, open_cycle
from tests.golden.test_by_days import build, publish_schemes


@pytest.fixture
def centre(cast, library):
    """Ana is Bob of the table, and Sam leads the hall."""
    publish_schemes()
    built = build()
    built.store()
    services.appoint_leader(
        team=built.teams["hall"], leader=cast.sam.agent, starts_on=LONG_AGO, ends_on=None
    )
    cast.ana.agent = built.people["bob"]
    cast.ana.save(update_fields=["agent"])
    return built


@pytest.fixture
def run(cast, centre):
    return compute(open_cycle())


def publish(cast, run):
    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def page(cast, centre, reader, code="bob", *more, name="scorecard"):
    address = reverse(f"appraisal:{name}", args=[centre.people[code].pk, "2026-10", *more])
    answer = cast.client(reader).get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def part_rows(text):
    """What stands in the head of each part, without its marks."""
    rows = re.findall(r'<tr class="part-row".*?</tr>', text)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


@pytest.mark.parametrize("reader", ["sam", "hana"])
def test_leader_and_hr_read_each_part_with_days_scheme_and_points(cast, centre, run, reader):
    text = page(cast, centre, reader)

    # 24.52 + 13.79 + 11.03 of 100 x 19/31; 17.42 + 11.61 of 100 x 12/31
    assert part_rows(text) == [
        "desk 19 of 31 days: 1 Oct – 19 Oct · scheme “desk” version 1 49.34 / 61.29",
        "key 12 of 31 days: 20 Oct – 31 Oct · scheme “key” version 1 29.03 / 38.71",
    ]
    assert "78.37" in text
    assert "The position changed in the period" in text


def test_person_reads_the_days_before_publication_and_the_points_after(cast, centre, run):
    before = part_rows(page(cast, centre, "ana"))
    publish(cast, run)
    after = part_rows(page(cast, centre, "ana"))

    assert before[1] == "key 12 of 31 days: 20 Oct – 31 Oct · scheme “key” version 1"
    assert after[1] == "key 12 of 31 days: 20 Oct – 31 Oct · scheme “key” version 1 29.03 / 38.71"


def test_part_without_points_says_that_its_days_do_not_count(cast, centre, run):
    text = page(cast, centre, "sam", "gus")

    assert "Nothing here gives points, so these days do not count in the total." in text
    assert "58.1% of the weight is measured, and a grade needs 70%." in text


def test_days_in_a_position_without_a_scheme_are_told(cast, centre, run):
    text = page(cast, centre, "sam", "dan")

    assert "10 days as guide do not count: no scheme appraises that position." in text
    assert "21 of 21 days: 1 Oct – 21 Oct" in text


def test_line_says_what_its_days_leave_of_its_weight(cast, centre, run):
    key = centre.positions["key"].pk
    text = page(cast, centre, "sam", "bob", f"talk--{key}", name="line")

    # 60 x 12/31
    assert "This position counts 12 of 31 days, so the item counts 23.23 points" in text
    assert "instead of 60." in text
    assert "scheme “key” version 1" in text


def test_line_lists_the_rows_of_its_own_position(cast, centre, run):
    key = centre.positions["key"].pk
    talk = page(cast, centre, "sam", "bob", f"talk--{key}", name="line")
    calls = page(cast, centre, "sam", "bob", "calls", name="line")

    assert talk.count("20 Oct, 12:00") == 5
    assert "20 Oct" not in calls


def test_board_shows_the_part_that_decides_and_how_many_there_are(cast, centre, run):
    address = reverse("appraisal:board", args=["hall"])
    text = cast.client("sam").get(address, {"cycle": "2026-10"}).content.decode()

    assert "2 positions by days" in text
    assert "3 positions by days" in text


def test_reason_on_the_board_knows_every_part(cast, centre, run):
    address = reverse("appraisal:reason", args=["hall", centre.people["cat"].pk])
    text = cast.client("sam").get(address, {"cycle": "2026-10"}).content.decode()

    assert "talk (key)" in text


def test_export_names_the_position_and_its_days(centre, run, tmp_path):
    exports.export_results(run, tmp_path / "october.csv")

    lines = (tmp_path / "october-lines.csv").read_text("utf-8-sig").splitlines()
    talk = next(line for line in lines if ",bob," in line and "talk" in line)
    assert talk.endswith(",key,12")


def test_page_of_the_person_asks_no_more_for_more_parts(
    cast, centre, run, django_assert_max_num_queries
):
    sam = cast.client("sam")
    address = reverse("appraisal:scorecard", args=[centre.people["cat"].pk, "2026-10"])
    sam.get(address)

    with django_assert_max_num_queries(16):
        sam.get(address)


def test_what_happened_elsewhere_is_behind_no_line(cast, centre, run):
    text = page(cast, centre, "sam", "dan", "calls", name="line")

    assert october(22).strftime("%-d %b") not in text


def test_simulator_tries_cards_in_parts_and_names_their_items(cast, centre, run):
    version = SchemeVersion.objects.get(scheme__code="key")
    drafts.start_draft(scheme=version.scheme, edited_by=cast.hana, now=NOW)

    answer = cast.client("hana").post(
        "/schemes/key/simulate/", {"cycle": "2026-10", "i.talk.weight": "10"}
    )

    # Nobody holds key accounts most days; four of the desk have a part there.
    rows = {row.agent.code: row for row in answer.context["rows"]}
    assert sorted(rows) == ["bob", "cat", "eve", "fay"]
    # Of 50: talk 10, praise 40, so 20 and 80 of 100. Bob: 49.34; 15 and 60 x 12/31 = 5.81, 23.23
    assert (str(rows["bob"].before), str(rows["bob"].after)) == ("78.37", "78.38")
    # Eve: 23.23 + 25.81 and 20 x 15/31 = 9.68; before 60 x 15/31 = 29.03
    assert (str(rows["eve"].before), str(rows["eve"].after)) == ("78.07", "58.72")
    assert "talk (key) -19.35" in " ".join(answer.content.decode().split())


def test_board_of_grades_has_those_of_a_scheme_that_decides_elsewhere(cast, centre):
    desk = SchemeVersion.objects.get(scheme__code="desk")
    grades = [
        {"code": "bright", "name": {"en": "Bright", "zh": "亮"}, "from": 75},
        {"code": "dim", "name": {"en": "Dim", "zh": "暗"}, "from": 0},
    ]
    schemes.add_version({**desk.document, "grades": grades}, now=NOW)
    compute(open_cycle())
    version = SchemeVersion.objects.get(scheme__code="key")
    drafts.start_draft(scheme=version.scheme, edited_by=cast.hana, now=NOW)

    answer = cast.client("hana").post(
        "/schemes/key/simulate/", {"cycle": "2026-10", "i.talk.weight": "10"}
    )

    assert answer.context["heads"][-2:] == ["Bright", "Dim"]
    eve = next(row for row in answer.context["rows"] if row.agent.code == "eve")
    assert eve.moved == -1
    assert "Dim" in eve.grade_after
