import pytest

from kpi.library.nouns import singular
from kpi.library.reading import shipped_definitions


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("exams", "exam"),
        ("contacts offered", "contact offered"),
        ("tickets with an SLA", "ticket with an SLA"),
        ("contacts of known customers", "contact of known customers"),
        ("call-backs due", "call-back due"),
        ("breaches", "breach"),
        ("praises", "praise"),
        ("staff", "staff"),
        ("", ""),
    ],
)
def test_one_case_is_named_in_the_singular(many, one):
    assert singular(many) == one


def test_every_sample_of_the_library_counts_one_as_well():
    heads = {singular(one.sample.en).split(" ")[0] for one in shipped_definitions()}

    expected = (
        "answer attempt breach call call-back case chat complaint contact drill e-mail error exam"
        " failure fault figure idea lapse mark milestone need point praise proposal rating record"
        " review scorecard shift suggestion survey task test ticket training"
    )
    assert heads == set(expected.split())


def test_sample_of_contacts_is_called_calls_only_where_chats_cannot_be_among_them():
    named = {
        one.code: one.formula
        for one in shipped_definitions()
        if "contacts" in one.formula
        and (one.sample.en.split()[0] == "calls" or one.sample.zh.startswith("通"))
    }

    assert sorted(named) == ["first_response_phone", "replied_within_1_min_phone"]
    assert all('channel == "phone"' in formula for formula in named.values())
