import pytest

from kpi.formula import fields


def test_registry_holds_the_eight_kinds_of_facts():
    assert list(fields.FACTS) == [
        "contacts", "tickets", "surveys", "reviews", "shifts", "trainings", "events", "figures",
    ]  # fmt: skip


@pytest.mark.parametrize("fact", fields.FACTS.values(), ids=lambda fact: fact.name)
def test_every_fact_carries_what_the_assignment_stamps_on_it(fact):
    stamped = {"source", "external_id", "agent", "team", "position", "shift", "day"}

    assert stamped <= set(fact.fields)


@pytest.mark.parametrize("fact", fields.FACTS.values(), ids=lambda fact: fact.name)
def test_every_field_has_a_name_in_both_languages(fact):
    assert all(field.label_en and field.label_zh for field in fact.fields.values())


@pytest.mark.parametrize("fact", fields.FACTS.values(), ids=lambda fact: fact.name)
def test_every_choice_has_a_label(fact):
    choices = {choice for field in fact.fields.values() for choice in field.choices}

    assert choices <= set(fields.CODE_LABELS)


def test_seconds_are_whole_and_end_in_s():
    seconds = [
        field
        for fact in fields.FACTS.values()
        for field in fact.fields.values()
        if field.unit == "s"
    ]

    assert all(field.name.endswith("_s") and field.kind == "int" for field in seconds)


def test_only_tickets_may_be_dated_by_another_day():
    anchored = {name: fact.anchors for name, fact in fields.FACTS.items() if len(fact.anchors) > 1}

    assert anchored == {"tickets": ("day", "solved_day")}


def test_code_label_speaks_the_language():
    assert fields.code_label("phone", language="en") == "phone"
    assert fields.code_label("phone", language="zh-hans") == "电话"
    assert fields.code_label("loans", language="zh-hans") == "loans"


def test_facts_with_names_the_owners_of_a_field():
    assert fields.facts_with("resolved_first") == ("contacts", "surveys")
    assert fields.facts_with("talk") == ()
