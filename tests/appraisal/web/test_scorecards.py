import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from agents import periods
from appraisal.models import Cycle
from appraisal.services import cycles, publication, schemes
from kpi.models import Contact, Exclusion, Survey
from kpi.services import exclusions
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_facts

COUNTS = json.loads((Path(__file__).parents[2] / "query_counts.json").read_text())


@pytest.fixture
def draft(cast, october, compute):
    """October as computed: only calls came in, so that 65% of the weight is measured."""
    compute(october)
    return october


def publish(cast, cycle):
    cycle = Cycle.objects.get(pk=cycle.pk)
    asked = publication.ask_publication(run=cycle.current_run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def page(cast, reader, agent="ana", *more, name="scorecard", **query):
    agent_id = getattr(cast, agent).agent_id
    address = reverse(f"appraisal:{name}", args=[agent_id, "2026-10", *more])
    return cast.client(reader).get(address, query)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_scorecard_and_its_lines_are_for_those_who_may_see_them(cast, draft):
    readers = ("ana", "ben", "bo", "sam", "omar", "mona", "hana", "ada", "quinn")

    cards = {name: page(cast, name).status_code for name in readers}
    lines = {name: page(cast, name, "ana", "calls", name="line").status_code for name in readers}

    assert cards == lines
    assert {name for name, status in cards.items() if status == 200} == {
        "ana",
        "sam",
        "mona",
        "hana",
    }
    assert set(cards.values()) == {200, 404}


def test_leader_reads_points_and_why_there_is_no_grade(cast, draft):
    text = text_of(page(cast, "sam"))

    # 58 calls a shift of a target of 58, 270 s between 240 and 300, 242 of 250 answered.
    assert "65% of the weight is measured, and a grade needs 70%." in text
    assert "<b>50.00</b>" not in text
    assert "No grade yet." in text
    assert "draft" in text


def test_person_appraised_reads_values_without_points_before_publication(cast, draft):
    text = text_of(page(cast, "ana"))

    assert "Being evaluated." in text
    assert "270 s" in text
    assert "points-in" not in text
    assert "of 100" not in text
    assert "% of the weight" not in text


def test_person_appraised_reads_points_after_publication(cast, draft):
    publish(cast, draft)

    text = text_of(page(cast, "ana"))

    assert "Published 3 Nov 2026" in text
    assert "points-in" in text


def test_line_tells_numbers_and_rows_that_agree(cast, draft):
    text = text_of(page(cast, "sam", "ana", "handle_time", name="line"))

    # 116 calls of 270 s: 31,320 s over 116 calls.
    assert "<b>31,320</b> / <b>116</b> = <b>270 s</b>" in text
    assert "The 116 rows behind it" in text
    assert "Handle time of the rows that count: 31,320 s (8 h 42 min) in all" in text
    assert "1 to 50 of 116" in text


def test_picture_marks_the_points_of_the_line_where_its_weight_does_not_end(cast, draft, compute):
    """50 of the 65 points that are measured: 76.92 as shown, 1,000 / 13 exactly."""
    more = [{"day": date(2026, 10, 20), "answered": True, "talk_s": 270}] * 55
    add_facts("contacts", more, agent=cast.ana.agent)
    compute(draft)

    answer = page(cast, "sam", "ana", "calls", name="line")

    # 171 calls in 3 shifts of 58 each: 1,000 / 13 x 171 / 174 = 75.597; of 76.92 it is 75.594.
    told = answer.context["told"]
    assert told.picture.here.points == Decimal("75.60")
    assert "75.60 of 76.92 points" in text_of(answer)


def test_line_is_paged_and_filtered(cast, draft):
    last = page(cast, "sam", "ana", "handle_time", name="line", page0=3)
    none = page(cast, "sam", "ana", "handle_time", name="line", show0="out")

    assert last.content.decode().count('class="nowrap c-when"') == 16
    assert none.content.decode().count('class="nowrap c-when"') == 0


def test_htmx_gets_the_part_without_the_page(cast, draft):
    address = reverse("appraisal:line", args=[cast.ana.agent_id, "2026-10", "calls"])

    answer = cast.client("sam").get(address, headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert text.strip().startswith('<div class="line-more"')
    assert "1 to 10 of 116" in text_of(answer)


def test_rows_of_the_centre_are_counted_for_everybody_and_open_to_hr(cast, draft):
    own = text_of(page(cast, "ana", "ana", "answer_rate", name="line"))
    hr = text_of(page(cast, "hana", "ana", "answer_rate", name="line", page0=2))

    # 116 of Ana, 58 of Ben, 10 of Bo, 8 that reached nobody.
    assert "The 192 rows behind it" in own
    assert "HR may look at the single ones." in own
    assert "Ben" not in own
    assert "Ben" in hr


def test_unknown_item_or_cycle_does_not_exist(cast, draft):
    client = cast.client("sam")
    own = f"/scorecards/{cast.ana.agent_id}"

    assert client.get(f"{own}/2026-10/nothing/").status_code == 404
    assert client.get(f"{own}/2027-10/").status_code == 404


@pytest.fixture
def rated(cast, draft, compute):
    """Three answers to Ana, one of them bad; October computed anew."""
    moment = datetime(2026, 10, 5, 9, tzinfo=UTC)
    row = {"day": date(2026, 10, 5), "answered_at": moment, "scale": "1-5", "channel": "phone"}
    add_facts("surveys", [row | {"score": score} for score in (5, 4, 1)], agent=cast.ana.agent)
    compute(draft)
    return Survey.objects.get(score=1)


def exclude(cast, reader, fact, reason="System outage", item="satisfaction"):
    address = reverse(
        "appraisal:row_exclude",
        args=[cast.ana.agent_id, "2026-10", item, "surveys", fact.pk],
    )
    return cast.client(reader).post(address, {"reason": reason}, follow=True)


def approve(cast):
    asked = Exclusion.objects.get()
    exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)


def test_hr_excludes_a_row_and_it_counts_nowhere_from_the_next_run_on(cast, draft, rated, compute):
    answer = exclude(cast, "hana", rated)
    waiting = text_of(page(cast, "hana", "ana", "satisfaction", name="line"))
    approve(cast)
    before = text_of(page(cast, "sam", "ana", "satisfaction", name="line"))
    compute(draft)
    after = text_of(page(cast, "sam", "ana", "satisfaction", name="line"))

    assert "It counts until a second person approves." in text_of(answer)
    assert "exclusion waits for approval" in waiting
    assert "3 count" in waiting
    assert "changed since this run" in before
    assert "3 count" in before
    assert "2 count" in after
    assert "no: System outage; excluded by hana on " in after


def test_hr_lets_an_excluded_row_count_again(cast, draft, rated, compute):
    exclude(cast, "hana", rated)
    approve(cast)
    compute(draft)
    excluded = Survey.objects.get(exclusion__isnull=False)
    address = reverse(
        "appraisal:row_include",
        args=[cast.ana.agent_id, "2026-10", "satisfaction", "surveys", excluded.pk],
    )

    refused = {cast.client(name).post(address).status_code for name in ("ana", "sam", "ada")}
    answer = cast.client("hana").post(address, follow=True)
    compute(draft)

    assert refused == {404}
    assert "It counts again from the next run on." in text_of(answer)
    assert "3 count" in text_of(page(cast, "sam", "ana", "satisfaction", name="line"))


def test_row_left_out_with_others_leads_to_what_left_them_out(cast, draft, rated, compute):
    chosen = exclusions.Selection("surveys", rated.day, rated.day)
    asked = exclusions.ask_exclusion(selection=chosen, reason="Outage", asked_by=cast.hana, now=NOW)
    approve(cast)
    compute(draft)

    line = page(cast, "hana", "ana", "satisfaction", name="line").content.decode()

    assert f'href="/data/exclusions/{asked.pk}/">with others</a>' in line
    assert "left out: Outage" in line


def test_nobody_else_excludes(cast, draft, rated):
    statuses = {exclude(cast, name, rated).status_code for name in ("ana", "sam", "mona", "ada")}

    assert statuses == {404}
    assert Survey.objects.filter(exclusion__isnull=False).count() == 0


def test_exclusion_needs_a_reason_and_a_row_of_the_line(cast, draft, rated):
    assert "Give the reason" in text_of(exclude(cast, "hana", rated, reason=" "))
    assert exclude(cast, "hana", rated, item="calls").status_code == 404
    assert Survey.objects.filter(exclusion__isnull=False).count() == 0


def test_row_excluded_already_is_told(cast, draft, rated):
    exclusions.exclude_fact(
        kind="surveys",
        fact_id=rated.pk,
        reason="Outage",
        excluded_by=cast.hana,
        approved_by=cast.mona,
        now=NOW,
    )

    assert "replaced by a later change" in text_of(exclude(cast, "hana", rated))


def test_list_leads_to_the_scorecards_of_those_one_may_see(cast, draft):
    sam = text_of(cast.client("sam").get("/scorecards/"))
    hana = text_of(cast.client("hana").get("/scorecards/?sort=-total&team=beta"))

    assert f"/scorecards/{cast.ana.agent_id}/2026-10/" in sam
    assert f"/scorecards/{cast.bo.agent_id}/2026-10/" not in sam
    assert f"/scorecards/{cast.bo.agent_id}/2026-10/" in hana
    assert cast.client("ada").get("/scorecards/").status_code == 404
    assert "Nobody found" in text_of(cast.client("hana").get("/scorecards/?q=zz"))


def test_list_without_a_cycle_says_what_comes(cast):
    assert "Nothing computed yet" in text_of(cast.client("hana").get("/scorecards/"))


def test_own_results_lead_to_the_newest_scorecard(cast, draft):
    client = cast.client("ana")

    answer = client.get("/me/results/")

    assert answer.url == f"/scorecards/{cast.ana.agent_id}/2026-10/"


def test_without_results_the_page_says_when_they_come(cast):
    answer = cast.client("ana").get("/me/results/")

    assert "No results yet" in text_of(answer)


def test_queries_are_those_written_down(cast, draft, django_assert_num_queries):
    client = cast.client("sam")
    own = f"/scorecards/{cast.ana.agent_id}/2026-10/"
    client.get(own)

    with django_assert_num_queries(COUNTS["appraisal:scorecard"]):
        client.get(own)
    with django_assert_num_queries(COUNTS["appraisal:scorecards"]):
        client.get("/scorecards/")
    with django_assert_num_queries(COUNTS["appraisal:line"]):
        client.get(f"{own}handle_time/")


def test_page_speaks_chinese(cast, draft):
    client = cast.client("sam")
    client.cookies["django_language"] = "zh-hans"

    text = text_of(client.get(f"/scorecards/{cast.ana.agent_id}/2026-10/"))

    assert "每班通话量" in text
    assert "2026年10月" in text
    assert "270 秒" in text


@pytest.fixture
def conditional(cast, compute):
    """Ana made two calls, the longer one of 601 s, over the limit; nobody has shifts."""
    measure_by("max(contacts.talk_s)", weight=1, rule={}, code="longest_call").store(unit="s")
    measure_by("count(contacts, where=transferred)", weight=1, rule={}, code="moved").store()
    made = measure_by("count(contacts)", weight=100, rule={"type": "share", "of": 100})
    made.store()
    conditions = [
        {"kpi": "longest_call", "above": 600, "effect": ["zero", "no_stars"]},
        {"kpi": "moved", "at_least": 1, "effect": ["zero"]},
    ]
    items = [made.items[0] | {"conditions": conditions}]
    stars = [{"from": 0, "stars": 1}]
    document = made_of(*items, positions=["agent"], stars=stars)
    schemes.add_version(document, now=NOW.replace(year=2040))
    for length in (600, 601):
        add_facts("contacts", [{"talk_s": length}], agent=cast.ana.agent)
    october = cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)
    compute(october)
    return october


def test_condition_shows_what_it_looked_at_with_its_rows(cast, conditional):
    answer = page(cast, "hana", "ana", "calls-made", name="line")

    longest, moved = answer.context["conditions"]
    assert (longest.name, longest.value, longest.limit) == ("longest_call", "601 s", "over 600 s")
    assert longest.verdict == "met: the item gives no points, no stars are given"
    assert longest.kpi_url == "/kpis/longest_call/"
    assert (moved.value, moved.is_known, moved.verdict) == (
        "not measurable",
        False,
        "unknown, so it changes nothing",
    )
    assert [(of, table.tally.rows) for of, table in answer.context["tables"]] == [
        ("", 2),
        ("longest_call", 2),
        ("moved", 2),
    ]
    text = text_of(answer)
    assert [part.number for part in longest.parts] == [1]
    assert 'href="#rows-calls-made-1"' in text
    assert 'id="rows-calls-made-1"' in text


def test_card_without_stars_leads_to_the_condition_that_took_them(cast, conditional):
    text = text_of(page(cast, "sam"))

    address = f"/scorecards/{cast.ana.agent_id}/2026-10/calls-made/#conditions-calls-made"
    assert f'<a href="{address}">' in text


def test_own_draft_shows_the_figures_of_conditions_and_not_what_they_did(cast, conditional):
    draft = page(cast, "ana", "ana", "calls-made", name="line").context["conditions"]
    publish(cast, conditional)
    final = page(cast, "ana", "ana", "calls-made", name="line").context["conditions"]

    assert [(one.value, one.verdict) for one in draft] == [("601 s", ""), ("not measurable", "")]
    assert final[0].verdict.startswith("met")


def test_row_behind_a_condition_can_be_left_out_by_hr(cast, conditional):
    fact = Contact.objects.get(talk_s=601)
    address = reverse(
        "appraisal:row_exclude",
        args=[cast.ana.agent_id, "2026-10", "calls-made", "contacts", fact.pk],
    )

    cast.client("hana").post(address, {"reason": "Test call."})

    assert Exclusion.objects.get().reason == "Test call."


def test_line_that_cannot_be_measured_says_what_no_source_gives(cast, compute):
    made = measure_by(
        "count(contacts, where=transferred)", weight=100, rule={"type": "bonus", "points": 1}
    )
    made.store()
    document = made_of(*made.items, positions=["agent"])
    schemes.add_version(document, now=NOW.replace(year=2040))
    add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)
    compute(cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW))

    answer = page(cast, "hana", "ana", "calls-made", name="line")

    assert answer.context["told"].lacked == ["transferred (contacts)"]
    text = text_of(answer)
    assert "No source gives what this KPI needs" in text
    assert "No source of this period gives: transferred (contacts)." in text
    assert "not measurable" in text_of(page(cast, "hana"))
