import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import add_facts

OCTOBER = ("--from", "2026-10-01", "--until", "2026-11-01")


def test_code_of_a_kpi_is_measured(cast, library, capsys):
    add_facts("contacts", [{"answered": True, "talk_s": 90, "after_call_s": 31}] * 25)

    call_command("measure", "average_handle_time", *OCTOBER)

    assert capsys.readouterr().out == "centre\t121\tn=25\n"


def test_json_is_a_list_with_one_entry_a_group(cast, library, capsys):
    rows = [{"answered": True}, {"answered": True}, {"answered": False}]
    add_facts("contacts", rows, agent=cast.ana.agent)
    add_facts("contacts", [{"answered": False}], agent=cast.bo.agent)
    share = "count(contacts, where=answered) / count(contacts)"

    call_command("measure", share, *OCTOBER, "--by", "agent", "--json")

    assert json.loads(capsys.readouterr().out) == [
        {
            "group": "ana",
            "state": "measured",
            "value": 0.666666667,
            "numerator": 2,
            "denominator": 3,
            "sample": 3,
        },
        {
            "group": "bo",
            "state": "measured",
            "value": 0,
            "numerator": 0,
            "denominator": 1,
            "sample": 1,
        },
    ]


def test_nothing_imported_is_awaited_and_no_zero(library, capsys):
    call_command("measure", "average_handle_time", *OCTOBER, "--json")
    call_command("measure", "average_handle_time", *OCTOBER)

    told, line = capsys.readouterr().out.split("]")
    [entry] = json.loads(told + "]")
    assert (entry["state"], entry["value"], entry["sample"]) == ("awaited", None, 0)
    assert line.strip() == "centre\tno data\tn=0"


@pytest.mark.parametrize("by", ["agent", "team", "day", "month"])
def test_without_facts_there_are_no_groups(library, capsys, by):
    call_command("measure", "count(contacts)", *OCTOBER, "--by", by, "--json")

    assert json.loads(capsys.readouterr().out) == []


def test_end_is_exclusive(cast, capsys):
    add_facts("contacts", [{"day": "2026-10-01"}, {"day": "2026-10-02"}])

    call_command("measure", "count(contacts)", "--from", "2026-10-01", "--until", "2026-10-02")

    assert capsys.readouterr().out == "centre\t1\tn=1\n"


def test_only_the_source_asked_for_counts(cast, capsys):
    add_facts("contacts", [{"source": "bank"}, {}])

    call_command("measure", "count(contacts)", *OCTOBER, "--source", "bank")

    assert capsys.readouterr().out == "centre\t1\tn=1\n"


@pytest.mark.parametrize("formula", ["count(calls)", "nothing_like_it", "count(", "", "1/0"])
def test_faulty_formula_is_said(library, formula):
    with pytest.raises(CommandError):
        call_command("measure", formula, *OCTOBER)


def test_days_in_the_wrong_order_are_said(library):
    with pytest.raises(CommandError, match="the end must be after the start"):
        call_command("measure", "count(contacts)", "--from", "2026-10-02", "--until", "2026-10-01")


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", ""])
def test_day_that_is_none_is_said(library, day):
    with pytest.raises(CommandError, match="--from"):
        call_command("measure", "count(contacts)", "--from", day, "--until", "2026-11-01")
