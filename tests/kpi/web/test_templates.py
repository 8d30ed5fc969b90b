import pytest

from kpi.intake.shipped_templates import SHIPPED
from kpi.intake.templates import as_csv


def test_page_offers_each_template_in_both_formats(cast):
    page = cast.client("hana").get("/data/templates/").content.decode()

    for one in SHIPPED:
        assert f'href="/data/templates/{one.code}.xlsx"' in page
        assert f'href="/data/templates/{one.code}.csv"' in page
    assert "external_id · agent · date" in page


def test_data_page_leads_to_the_templates(cast):
    assert 'href="/data/templates/"' in cast.client("hana").get("/data/").content.decode()


def test_template_is_given_out_as_a_file(cast):
    answer = cast.client("hana").get("/data/templates/events.csv")

    assert answer.content.startswith(as_csv(SHIPPED[3])[:20])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="events.csv"'


@pytest.mark.parametrize("name", ["nothing.csv", "events.pdf"])
def test_unknown_template_is_not_there(cast, name):
    assert cast.client("hana").get(f"/data/templates/{name}").status_code == 404


def test_templates_are_for_those_who_import(cast):
    assert cast.client("sam").get("/data/templates/").status_code == 404
