"""Schemes, for reading."""

import pytest

pytestmark = pytest.mark.usefixtures("library")


@pytest.mark.parametrize(
    ("name", "status"),
    [("ana", 200), ("sam", 200), ("hana", 200), ("mona", 200), ("quinn", 200), ("ada", 404)],
)
def test_everybody_who_is_appraised_or_appraises_reads_schemes(cast, name, status):
    client = cast.client(name)

    pages = [client.get("/schemes/"), client.get("/schemes/s2_call_centre_agent/")]

    assert [page.status_code for page in pages] == [status, status]


def test_a_scheme_shows_weights_rules_in_words_and_grades(cast):
    page = cast.client("ana").get("/schemes/s2_call_centre_agent/").content.decode()

    assert "adds up to 100" in page
    assert "All 50 points at 58, in proportion below." in page
    assert "falling evenly to nothing at 120 s and 480 s" in page
    assert "5 points to begin with; each event takes 1 off." in page
    assert 'href="/kpis/calls_per_shift/"' in page
    assert "Excellent" in page


def test_weights_are_shown_with_as_many_places_as_they_need(cast):
    client = cast.client("ana")

    quarters = client.get("/schemes/s1_enterprise_customer_service/")
    whole = client.get("/schemes/s2_call_centre_agent/")

    assert quarters.content.decode().count('<td class="num">1.25</td>') == 8
    assert (quarters.context["places"], whole.context["places"]) == (2, 1)


def test_weights_that_are_scaled_say_so(cast):
    page = cast.client("ana").get("/schemes/s9_after_sales_specialist/").content.decode()

    assert "in all, scaled to 100" in page
    assert "the grade is at most Good" in page


@pytest.mark.parametrize(
    "address", ["/schemes/nothing/", "/schemes/s2_call_centre_agent/?version=99"]
)
def test_what_is_not_there_does_not_exist(cast, address):
    assert cast.client("hana").get(address).status_code == 404


def test_list_asks_as_often_for_many_schemes_as_for_one(cast, django_assert_max_num_queries):
    client = cast.client("hana")
    client.get("/schemes/")

    # Session, person, roles, organisation; schemes, positions, people, drafts.
    with django_assert_max_num_queries(9):
        page = client.get("/schemes/")

    people = {row["version"].scheme.code: row["people"] for row in page.context["rows"]}
    assert people["s2_call_centre_agent"] == 3  # Ana, Ben and Bo
