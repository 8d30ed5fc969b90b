import json
import re
from pathlib import Path

import pytest

from appraisal.models import ScorecardLine

COUNTS = json.loads((Path(__file__).parents[2] / "query_counts.json").read_text())


@pytest.fixture
def months(results):
    """Ana 70, 75, 80; Ben 66, 62, 55 and unqualified; a Bo without a grade in October."""
    cast = results.cast
    totals = {"2026-08": (70, 66), "2026-09": (75, 62), "2026-10": (80, 55)}
    for code, (ana, ben) in totals.items():
        results.run(code, published=code != "2026-10")
        card = results.card(code, cast.ana, ana, rank=1, ranked_among=2)
        results.line(card, "calls", ana * 7 / 10, ana / 2)
        results.line(card, "answer_rate", "0.96", 5)
        results.line(card, "exam", None, None, state="awaited", sample=0)
        card = results.card(code, cast.ben, ben, grade="unqualified", rank=2, ranked_among=2)
        results.line(card, "calls", ben / 2, ben / 5)
        results.line(card, "satisfaction", "0.5", None, state="insufficient", sample=4)
    results.card("2026-10", cast.bo, 40, team=cast.beta, state="no_grade", grade="", covered=55)
    return results


def read(months, reader="sam", team="alpha", **query):
    return months.cast.client(reader).get(f"/teams/{team}/board/", query)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def names(answer):
    return re.findall(r'class="disclose".*?</button><a [^>]*>(\w+)</a>', answer.content.decode())


def test_board_is_for_those_who_lead_the_team(months):
    asked = [
        ("sam", "alpha"),
        ("mona", "calls"),
        ("mona", "alpha"),
        ("hana", "alpha"),
        ("sam", "beta"),
        ("sam", "calls"),
        ("omar", "alpha"),
        ("ana", "alpha"),
        ("ada", "alpha"),
        ("quinn", "alpha"),
        ("sam", "nowhere"),
    ]

    opened = [one for one in asked if read(months, *one).status_code == 200]

    assert opened == asked[:4]
    assert read(months, "sam", "beta").status_code == 404


def test_board_shows_score_grades_and_a_draft(months):
    text = text_of(read(months))

    # (80 + 55) / 2 = 67.5 after (75 + 62) / 2 = 68.5.
    assert '<span class="figure">67.5</span>' in text
    assert "September 68.5, same people." in text
    assert ">draft</span>" in text


def test_who_needs_attention_is_told_with_reasons(months):
    text = text_of(read(months))

    assert "Unqualified; falling for 2 periods: 66.0, 62.0, now 55.0" in text
    # 31 of a target of 58 gives 0.534 of 50 points, and now 11 points are left of them.
    assert "Calls per shift 31 to 27.5, 15.7 points fewer" in text


def test_filter_by_attention_leaves_those_only(months):
    assert names(read(months)) == ["Ana", "Ben"]
    assert names(read(months, attention="1")) == ["Ben"]


def test_rows_are_sorted_and_who_has_no_figure_is_last(months):
    best, worst = ["Ana", "Ben"], ["Ben", "Ana"]

    orders = {
        sort: names(read(months, sort=sort))
        for sort in (
            "total",
            "-total",
            "name",
            "-name",
            "calls",
            "answer_rate",
            "-answer_rate",
            "x",
        )
    }

    assert orders == {
        "total": worst,
        "-total": best,
        "name": best,
        "-name": worst,
        "calls": worst,
        "answer_rate": best,
        "-answer_rate": best,
        "x": best,
    }


def test_sorted_column_says_so(months):
    text = text_of(read(months, sort="-calls"))

    assert text.count('aria-sort="descending"') == 1


def test_absent_small_and_shared_figures_look_different(months):
    text = text_of(read(months))

    assert 'data-state="wait"' in text
    assert "(50.0%)" in text
    assert "n 4, needs 10" in text
    assert re.search(r'data-state="same"><a class="v" [^>]*>96.0%</a><span class="d">centre', text)


def test_value_says_how_many_cases_it_rests_on(months):
    ScorecardLine.objects.filter(item="calls").update(sample=1073)

    assert 'title="n 1,073">' in text_of(read(months))


def test_no_grade_says_how_much_is_covered(months):
    text = text_of(read(months, "mona", "calls"))

    assert "55% covered" in text
    assert "too little to grade, 55% of the weight is measured, 70% needed" in text


def test_shift_is_chosen_by_the_address(months):
    assert names(read(months, shift="early")) == ["Ana", "Ben"]
    assert "Nobody to show" in text_of(read(months, shift="night"))


def test_another_team_chosen_leads_to_its_board(months):
    client = months.cast.client("mona")

    answer = client.get("/teams/calls/board/", {"team": "alpha", "cycle": "2026-09", "shift": "x"})

    assert answer.url == "/teams/alpha/board/?cycle=2026-09"


def test_earlier_cycle_is_shown_as_published(months):
    months.publish("2026-09")

    text = text_of(read(months, cycle="2026-09"))

    assert "Published 3 Nov 2026" in text
    assert "2026-10" in text


def test_reasons_are_loaded_for_one_person(months):
    client = months.cast.client("sam")
    address = f"/teams/alpha/board/{months.cast.ben.agent_id}/?cycle=2026-10"

    whole = text_of(client.get(address))
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "Unqualified: 66.0, 62.0, now 55.0" in whole
    assert "11.00 of 50" in whole
    assert part.strip().startswith('<div class="more-grid">')


def test_reasons_of_others_do_not_exist(months):
    address = f"/teams/alpha/board/{months.cast.bo.agent_id}/?cycle=2026-10"

    assert months.cast.client("sam").get(address).status_code == 404


def test_boards_list_the_teams_led(months):
    text = text_of(months.cast.client("mona").get("/boards/"))

    assert all(name in text for name in ("Calls", "Alpha", "Beta", "67.5"))


def test_queries_are_those_written_down(months, django_assert_num_queries):
    client = months.cast.client("sam")
    client.get("/boards/")

    with django_assert_num_queries(COUNTS["appraisal:board"]):
        client.get("/teams/alpha/board/")
    with django_assert_num_queries(COUNTS["appraisal:board"] - 2):
        client.get("/teams/alpha/board/")
    with django_assert_num_queries(COUNTS["appraisal:boards"]):
        client.get("/boards/")


def test_name_that_looks_like_markup_is_shown_as_text(months):
    agent = months.cast.ana.agent
    agent.name = "<b>Ana</b> & {sons}"
    agent.save(update_fields=["name"])

    text = text_of(read(months))

    assert "<b>Ana</b>" not in text
    assert "&lt;b&gt;Ana&lt;/b&gt; &amp; {sons}" in text


def test_stars_stand_under_the_grade(months):
    run = months.runs["2026-10"]
    run.scorecards.filter(agent=months.cast.ana.agent).update(stars=3)

    text = text_of(read(months))

    assert '<span class="d muted small">3 stars</span>' in text
    assert text.count(" stars</span>") == 1
