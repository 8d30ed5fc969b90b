"""Whose names and figures of peers a reader sees, and how the average is told to the others."""

from datetime import UTC, date, datetime

import pytest

from agents import periods, services
from agents.models import Shift
from appraisal.services import cycles, publication, schemes
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_agent, add_facts

LATER = datetime(2040, 1, 1, tzinfo=UTC)
PEERS = {
    "type": "peers",
    "better": "lower",
    "bands": [{"at": 0, "points": 100}, {"at": 5, "points": 60}, {"at": 10, "points": 20}],
}


def talked(*lengths):
    return [{"talk_s": length} for length in lengths]


@pytest.fixture
def crew(cast):
    """Ana, Ben and Bo talk 110, 100 and 90 s on average: 510 s in 5 calls are 102 s."""
    made = measure_by("avg(contacts.talk_s)", weight=100, rule=PEERS, code="talk_time")
    made.store(unit="s")
    schemes.add_version(made_of(*made.items, positions=["agent"]), now=LATER)
    for user, name in ((cast.ben, "Benedikt"), (cast.bo, "Borislava")):
        user.agent.name = name
        user.agent.save()
    add_facts("contacts", talked(110, 110), agent=cast.ana.agent)
    add_facts("contacts", talked(90, 110), agent=cast.ben.agent)
    add_facts("contacts", talked(90), agent=cast.bo.agent)
    return cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)


@pytest.fixture
def published(cast, crew, compute):
    publish(cast, compute(crew))
    return crew


def publish(cast, run):
    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def table_of(cast, reader, agent="ana"):
    agent_id = getattr(cast, agent).agent_id
    page = cast.client(reader).get(f"/scorecards/{agent_id}/2026-10/talk-time/")
    (table,) = page.context["peer_tables"]
    return table, " ".join(page.content.decode().split())


@pytest.mark.parametrize("reader", ["hana", "mona"])
def test_who_may_open_all_cards_sees_everybody_with_the_figures(cast, published, reader):
    table, text = table_of(cast, reader)

    names = [user.agent.display_name for user in (cast.ana, cast.ben, cast.bo)]
    assert [(row.name, row.sums, row.value) for row in table.rows] == sorted(
        zip(names, ["220 / 2", "200 / 2", "90 / 1"], ["110 s", "100 s", "90 s"], strict=True)
    )
    assert (table.sums, table.average, table.notes) == ("510 / 5", "102 s", [])
    assert f'href="/scorecards/{cast.bo.agent_id}/2026-10/talk-time/"' in text
    assert "3 people of the same position and shift make the average" in text


def test_agent_sees_how_many_and_the_sums_and_nobody_s_name_or_figure(cast, published):
    table, text = table_of(cast, "ana")

    assert (table.rows, table.sums, table.average) == ([], "510 / 5", "102 s")
    assert table.notes == [
        "2 of them are not named here: names and figures are for those who may open these people's"
        " scorecards."
    ]
    for user in (cast.ben, cast.bo):
        assert user.agent.display_name not in text
        assert f"/scorecards/{user.agent_id}/" not in text


def test_supervisor_sees_the_own_team_and_no_sums_that_would_tell_of_the_only_other(
    cast, published
):
    table, text = table_of(cast, "sam")

    assert {row.name for row in table.rows} == {
        cast.ana.agent.display_name,
        cast.ben.agent.display_name,
    }
    assert table.sums == ""
    assert table.notes[0].startswith("1 of them is not named here")
    assert table.notes[1].startswith("The sums are not shown either")
    assert "510" not in text
    assert cast.bo.agent.display_name not in text


def test_supervisor_of_one_of_three_sees_the_sums_alone(cast, published):
    table, text = table_of(cast, "omar", "bo")

    assert (table.rows, table.sums) == ([], "510 / 5")
    assert cast.ana.agent.display_name not in text


@pytest.mark.parametrize("reader", ["ben", "bo", "omar", "ada", "quinn"])
def test_page_is_for_nobody_else(cast, published, reader):
    address = f"/scorecards/{cast.ana.agent_id}/2026-10/talk-time/"

    assert cast.client(reader).get(address).status_code == 404


def test_who_was_there_too_shortly_or_had_no_call_is_told_as_not_counted(cast, crew, compute):
    new = add_agent(
        "new",
        team=cast.alpha,
        position=cast.position,
        shift=cast.early,
        hired_on=date(2026, 10, 28),
    )
    add_facts("contacts", [{"talk_s": 500, "day": date(2026, 10, 29)}], agent=new)
    add_agent("idle", team=cast.alpha, position=cast.position, shift=cast.early)
    compute(crew)

    table, _text = table_of(cast, "hana")

    assert (len(table.rows), table.sums) == (3, "510 / 5")
    assert table.notes == [
        "1 more is left out, present for too short a time.",
        "1 more has nothing to measure.",
    ]


def test_too_few_peers_are_told_as_such(cast, crew, compute):
    services.end_agent(agent=cast.bo.agent, from_day=date(2026, 10, 5))
    compute(crew)

    table, _text = table_of(cast, "hana")

    assert (table.average, table.sums) == ("", "")
    assert table.notes[0] == "An average needs at least 3 people with a figure."


def test_who_changed_shift_has_a_table_for_each(cast, crew, compute):
    late = Shift.objects.create(code="late", name_en="Late")
    place = {"team": cast.alpha, "position": cast.position, "shift": late}
    services.move_agent(agent=cast.ana.agent, from_day=date(2026, 10, 11), **place)
    compute(crew)

    page = cast.client("hana").get(f"/scorecards/{cast.ana.agent_id}/2026-10/talk-time/")

    tables = page.context["peer_tables"]
    assert [one.title.split(":")[0] for one in tables] == [
        "Early, 32.3% of the days",
        "Late, 67.7% of the days",
    ]
    assert [row.part for row in tables[0].rows] == ["32.3%", "", ""]


def test_values_that_are_no_sums_of_facts_are_those_of_the_cards(cast, crew, compute):
    formula = "max(over(week, avg(contacts.talk_s)))"
    measure_by(formula, weight=100, rule=PEERS, code="talk_time").store(unit="s")
    compute(crew)

    table, _text = table_of(cast, "hana")

    # All calls are of one week: 110, 100 and 90 s.
    assert sorted((row.sums, row.value) for row in table.rows) == [
        ("", "100 s"),
        ("", "110 s"),
        ("", "90 s"),
    ]
    assert (table.sums, table.average) == ("300 / 3", "100 s")


def test_many_peers_come_in_pages(cast, crew, compute):
    for number in range(60):
        agent = add_agent(
            f"x{number:02}", team=cast.alpha, position=cast.position, shift=cast.early
        )
        add_facts("contacts", [{"talk_s": 100}], agent=agent)
    compute(crew)
    address = f"/scorecards/{cast.ana.agent_id}/2026-10/talk-time/"

    first = cast.client("hana").get(address).context["peer_tables"][0]
    second = cast.client("hana").get(first.pages.later).context["peer_tables"][0]
    glance = cast.client("hana").get(address, headers={"HX-Request": "true"})

    assert (len(first.rows), len(second.rows)) == (50, 13)
    assert (second.pages.later, first.pages.earlier) == ("", "")
    assert len(glance.context["peer_tables"][0].rows) == 10


def test_line_with_a_target_of_its_own_has_no_peers(cast, october, compute):
    compute(october)

    page = cast.client("hana").get(f"/scorecards/{cast.ana.agent_id}/2026-10/calls/")

    assert page.context["peer_tables"] == []


@pytest.fixture
def compared(cast, compute):
    """Ana's page of an item by her peers, once each of these talked for as long."""

    def line_of(**lengths):
        formula = "avg(contacts.talk_s) / peers(avg(contacts.talk_s))"
        made = measure_by(formula, weight=100, rule={"type": "share", "of": 2}, code="beside")
        made.store(unit="number")
        schemes.add_version(made_of(*made.items, positions=["agent"]), now=LATER)
        for name, length in lengths.items():
            add_facts("contacts", talked(length), agent=getattr(cast, name).agent)
        cycle = cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)
        publish(cast, compute(cycle))
        return f"/scorecards/{cast.ana.agent_id}/2026-10/beside/"

    return line_of


def scopes(page):
    return [table.scope for _name, table in page.context["tables"]]


def test_rows_of_several_peers_are_added_up_for_everybody(cast, compared):
    page = cast.client("ana").get(compared(ana=110, ben=100, bo=90))

    assert scopes(page) == ["own", "peers"]
    assert not page.context["is_withheld"]


def test_rows_of_peers_are_not_added_up_where_that_tells_one_person_s(cast, compared):
    address = compared(ana=110, ben=100)

    own, hr = (cast.client(reader).get(address) for reader in ("ana", "hana"))

    # 210 s in 2 rows, less the own 110 s in one, would be Ben's.
    assert scopes(own) == ["own"]
    assert "that would tell what is one person" in own.content.decode()
    assert scopes(hr) == ["own", "peers"]
