"""Lists of people against what is on record."""

from datetime import date

import pytest

from agents import services
from agents.models import Agent, Alias, Assignment, Position, Team
from agents.roster.entries import read_entries
from agents.roster.filing import Refused, file_people, plan_filing
from agents.roster.reading import read_lines

HEADING = "staff number,name,team,position,shift,from,until,aliases\n"


def read(*rows):
    return read_entries(read_lines("people.csv", (HEADING + "\n".join(rows)).encode()))


def stays(code):
    held = Assignment.objects.filter(agent__code=code).order_by("starts_on")
    return [(one.team.code, one.starts_on.isoformat(), str(one.ends_on or "")) for one in held]


def test_places_are_found_by_code_or_by_either_name(cast):
    plan = plan_filing(
        read(
            "1,Lin,ALPHA,坐席,早班,2026-03-01,,",
            "2,Bo,乙组,agent,,2026-03-01,,",
            "3,Cy,Gamma,Chat agent,Night,2026-03-01,,",
        )
    )

    assert (plan.new_teams, plan.new_positions, plan.new_shifts) == (
        ["Gamma"],
        ["Chat agent"],
        ["Night"],
    )


def test_new_places_are_added_with_the_people(cast):
    file_people(read("3,Cy,丙组,Chat agent,,2026-03-01,,"))

    assert Team.objects.get(name_zh="丙组").name_en == "丙组"
    assert Position.objects.get(code="chat-agent").name_en == "Chat agent"


def test_two_lines_of_one_person_are_a_move(cast):
    file_people(read("1,Lin,Beta,Agent,,2026-06-01,,", "1,Lin,Alpha,Agent,,2026-03-01,,"))

    assert stays("1") == [("alpha", "2026-03-01", "2026-06-01"), ("beta", "2026-06-01", "")]


def test_same_list_filed_twice_changes_nothing(cast):
    rows = ("1,Lin,Alpha,Agent,Early,2026-03-01,,4011", "1,Lin,Beta,Agent,,2026-06-01,,")
    file_people(read(*rows))
    before = (stays("1"), Agent.objects.count(), Alias.objects.count())

    plan = file_people(read(*rows))

    assert (stays("1"), Agent.objects.count(), Alias.objects.count()) == before
    assert (plan.new_people, plan.known_people) == ([], ["1"])


def test_line_cuts_what_holds_when_it_begins(cast):
    file_people(read("ana,Ana,Beta,Agent,,2026-06-01,,"))

    assert stays("ana") == [("alpha", "2026-01-01", "2026-06-01"), ("beta", "2026-06-01", "")]


def test_line_that_says_what_holds_anyway_cuts_nothing(cast):
    file_people(read("ana,Ana,Alpha,Agent,Early,2026-06-01,,"))

    assert stays("ana") == [("alpha", "2026-01-01", "")]


def test_line_that_swallows_what_begins_later_is_a_problem(cast):
    plan = plan_filing(read("ana,Ana,Beta,Agent,,2025-06-01,,"))

    assert [(one.line, one.column) for one in plan.problems] == [(2, "from")]
    assert "2026-01-01" in plan.problems[0].message


def test_line_that_ends_before_what_is_on_record_is_filed_before_it(cast):
    file_people(read("ana,Ana,Beta,Agent,,2025-06-01,2025-12-01,"))

    assert stays("ana") == [("beta", "2025-06-01", "2025-12-01"), ("alpha", "2026-01-01", "")]


@pytest.mark.parametrize(
    "rows",
    [
        ("1,Lin,Alpha,Agent,,2026-03-01,2026-07-01,", "1,Lin,Beta,Agent,,2026-06-01,,"),
        ("1,Lin,Alpha,Agent,,2026-03-01,,", "1,Lin,Beta,Agent,,2026-03-01,,"),
    ],
)
def test_lines_of_one_person_that_overlap_are_a_problem(cast, rows):
    plan = plan_filing(read(*rows))

    assert [(one.line, one.message) for one in plan.problems] == [
        (3, "overlaps line 2 of the same person")
    ]


def test_alias_of_somebody_else_is_a_problem(cast):
    services.add_alias(source="phone", value="4011", agent=cast.ben.agent)

    plan = plan_filing(read("ana,Ana,Alpha,Agent,,2026-06-01,,phone:4011"))

    assert [(one.column, one.message) for one in plan.problems] == [
        ("aliases", "already stands for ben")
    ]


def test_list_with_one_problem_is_not_filed_at_all(cast):
    with pytest.raises(Refused):
        file_people(read("1,Lin,Alpha,Agent,,2026-03-01,,", "2,Bo,Alpha,Agent,,soon,,"))

    assert not Agent.objects.filter(code="1").exists()


def test_person_keeps_what_the_list_is_silent_about(cast):
    Agent.objects.filter(code="ana").update(name_zh="安娜", email="ana@example.org")

    file_people(read("ana,Ana Lindt,Alpha,Agent,Early,2026-01-01,2026-12-01,"))

    ana = Agent.objects.get(code="ana")
    assert (ana.name, ana.name_zh, ana.email) == ("Ana Lindt", "安娜", "ana@example.org")
    assert ana.left_on == date(2026, 12, 1)


def test_earlier_line_moves_the_day_of_joining_back(cast):
    file_people(read("ana,Ana,Beta,Agent,,2025-06-01,2025-12-01,"))

    assert Agent.objects.get(code="ana").hired_on == date(2025, 6, 1)
