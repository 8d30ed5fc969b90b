"""KPIs, for reading."""

from datetime import date

import pytest

from kpi.models import ImportBatch
from kpi.services import exclusions
from tests.factories import NOW, add_facts

pytestmark = pytest.mark.usefixtures("library")


@pytest.mark.parametrize(
    ("name", "status"),
    [("ana", 200), ("sam", 200), ("hana", 200), ("mona", 200), ("quinn", 200), ("ada", 404)],
)
def test_everybody_but_the_administrator_reads_kpis(cast, name, status):
    client = cast.client(name)

    pages = [client.get("/kpis/"), client.get("/kpis/calls_per_shift/")]

    assert [page.status_code for page in pages] == [status, status]


def test_rows_left_out_of_what_it_reads_are_told_to_those_who_lead(cast):
    rows = add_facts("contacts", [{"answered": True}] * 3, agent=cast.ana.agent)
    for fact in rows[:2]:
        exclusions.exclude_fact(
            kind="contacts",
            fact_id=fact.pk,
            reason="Test calls",
            excluded_by=cast.hana,
            approved_by=cast.mona,
            now=NOW,
        )
    address = "/kpis/average_handle_time/?period=2026-10"

    told = cast.client("sam").get(address).context["left_out"]
    other_month = cast.client("sam").get("/kpis/average_handle_time/?period=2026-09").context

    assert told == [("contacts", "Test calls", 2)]
    assert cast.client("ana").get(address).context["left_out"] == []
    assert other_month["left_out"] == []


def test_the_list_is_searched_in_both_languages(cast):
    client = cast.client("ana")

    english = client.get("/kpis/", {"q": "handle time"})
    chinese = client.get("/kpis/", {"q": "平均处理时长"})

    assert english.context["found"] >= 1
    assert b"/kpis/average_handle_time/" in chinese.content


def test_the_list_is_narrowed_to_a_theme(cast):
    page = cast.client("ana").get("/kpis/", {"theme": "sales"})

    assert [code for code, _name, _rows in page.context["themes"]] == ["sales"]


def test_nothing_found_says_what_to_do(cast):
    page = cast.client("ana").get("/kpis/", {"q": "no such kpi"})

    assert "No KPI is found" in page.content.decode()


def test_htmx_gets_the_list_alone(cast):
    page = cast.client("ana").get("/kpis/", headers={"HX-Request": "true"})

    assert b"<html" not in page.content
    assert b"kpi-list" in page.content


def test_a_kpi_tells_its_formula_example_and_schemes(cast):
    page = cast.client("ana").get("/kpis/calls_per_shift/").content.decode()

    assert "number of contacts (answered)" in page
    assert "count(contacts, where=answered)" in page
    assert "Worked example" in page
    assert 'href="/schemes/s2_call_centre_agent/"' in page


def test_an_unknown_kpi_does_not_exist(cast):
    assert cast.client("ana").get("/kpis/nothing/").status_code == 404


@pytest.fixture
def october(cast):
    """Twenty-five answered calls of each of Ana and Bo, come in by file."""
    for user in (cast.ana, cast.bo):
        rows = [{"answered": True, "talk_s": 200, "day": date(2026, 10, 5)}] * 25
        add_facts("contacts", rows, agent=user.agent)
    ImportBatch.objects.create(
        file_name="calls.csv",
        sha256="0" * 64,
        state=ImportBatch.State.DONE,
        uploaded_at=NOW,
        first_day=date(2026, 10, 5),
        last_day=date(2026, 10, 5),
    )


def test_who_leads_sees_the_centre_and_the_own_teams_in_the_newest_month(cast, october):
    page = cast.client("omar").get("/kpis/average_handle_time/")

    values = [(one.name, one.sample) for one in page.context["values"]]
    assert page.context["period"].code == "2026-10"
    assert values == [("Whole centre", 50), ("Beta", 25)]


@pytest.mark.parametrize("name", ["ana", "quinn"])
def test_who_leads_nobody_sees_no_values(cast, october, name):
    page = cast.client(name).get("/kpis/average_handle_time/")

    assert page.context["values"] == []


def test_a_wrong_period_falls_back_to_the_newest_month(cast, october):
    page = cast.client("hana").get("/kpis/average_handle_time/", {"period": "never"})

    assert page.context["period"].code == "2026-10"


def test_every_shipped_kpi_has_a_page(cast, october):
    client = cast.client("ana")
    listed = client.get("/kpis/").context["themes"]

    codes = [row.version.kpi.code for _code, _name, rows in listed for row in rows]
    statuses = {client.get(f"/kpis/{code}/").status_code for code in codes}

    assert len(codes) >= 200
    assert statuses == {200}


@pytest.mark.parametrize(
    "code",
    [
        "led_calls_per_shift",
        "csat_stability",
        "staff_score",
        "quality_balance",
        "staff_turnover",
        "attendance_points",
        "complaint_resolution_time",
        "team_task_completion",
        "centre_transfer_rate",
    ],
)
def test_value_of_every_sort_of_formula_is_shown_to_who_leads(cast, october, code):
    assert cast.client("hana").get(f"/kpis/{code}/").status_code == 200


def test_kpi_says_which_fields_it_needs_and_which_source_gives_them(cast, october):
    page = cast.client("hana").get("/kpis/average_speed_of_answer/")

    assert page.context["needs"] == [("contacts", "waiting time, answered")]
    assert [(one.source, one.fact, one.lacks) for one in page.context["given"]] == [
        ("test", "contacts", "waiting time")
    ]
    assert {one.why for one in page.context["values"]} == {"not measurable"}
    assert "Never gives: waiting time" in page.content.decode()


def test_nothing_counted_of_what_was_never_recorded_is_not_shown_as_zero(cast, october):
    rows = [{"day": date(2026, 10, 5), "scheduled_s": 28800}] * 5
    add_facts("shifts", rows, agent=cast.ana.agent)
    client = cast.client("hana")

    unrecorded = client.get("/kpis/very_late_arrivals/").context["values"]
    add_facts("shifts", [{"day": date(2026, 10, 6), "late_min": 0, "early_min": 0}])
    recorded = client.get("/kpis/very_late_arrivals/").context["values"]

    assert {(one.value, one.why) for one in unrecorded} == {(None, "not measurable")}
    assert {one.value for one in recorded} == {0}


def test_field_that_some_row_gives_makes_it_measurable_with_no_data_elsewhere(cast, october):
    add_facts(
        "contacts",
        [{"answered": True, "wait_s": 9, "day": date(2026, 10, 5)}],
        agent=cast.bo.agent,
    )

    page = cast.client("hana").get("/kpis/average_speed_of_answer/")

    found = {one.name: (one.value, one.why) for one in page.context["values"]}
    assert [one.lacks for one in page.context["given"]] == [""]
    assert found["Beta"][0] == 9
    assert found["Alpha"] == (None, "no data")


def test_kind_of_data_never_imported_is_awaited_and_not_unmeasurable(cast, october):
    page = cast.client("hana").get("/kpis/nps/")

    assert page.context["given"] == []
    assert {one.why for one in page.context["values"]} == {"awaited"}


def test_who_leads_nobody_sees_the_fields_and_no_sources(cast, october):
    page = cast.client("ana").get("/kpis/average_speed_of_answer/")

    assert page.context["needs"] == [("contacts", "waiting time, answered")]
    assert page.context["given"] == []


def test_example_over_scorecards_shows_their_totals(cast):
    page = cast.client("mona").get("/kpis/staff_score/")

    (table,) = page.context["example"].tables
    assert [[cell.text for cell in row] for row in table.rows] == [["92.5"], ["81"], ["76"]]
    assert page.context["values"] == []


def test_share_of_few_cases_is_shown_with_the_interval_it_probably_lies_in(cast, october):
    rows = [
        {"scale": "1-5", "score": score, "day": date(2026, 10, 5)}
        for score in (5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1, 1)
    ]
    add_facts("surveys", rows, agent=cast.ana.agent)

    page = cast.client("hana").get("/kpis/customer_satisfaction/").content.decode()

    assert "probably 55.2% to 95.3%" in page


def test_mean_of_few_cases_has_no_interval(cast, october):
    page = cast.client("hana").get("/kpis/average_handle_time/")

    assert {one.interval for one in page.context["values"]} == {None}
