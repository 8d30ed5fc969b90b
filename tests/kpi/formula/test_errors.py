import pytest

from kpi.formula.compiler import compile_formula
from kpi.formula.errors import FormulaError

WHOLE = "the whole formula"

# Formula, code, the faulty part, something that the message must say.
CASES = [
    ("count(contact)", "unknown_fact", "contact", "Did you mean contacts?"),
    ("count(contacts, where=wait > 3)", "unknown_field", "wait", "Did you mean wait_s?"),
    ("cnt(contacts)", "unknown_function", "cnt", "Did you mean count?"),
    ("avg(talk_s)", "field_outside", "talk_s", "contacts.talk_s"),
    ("avg(talking)", "unknown_fact", "talking", "Allowed: contacts"),
    ("avg(contacts)", "fact_alone", "contacts", "such as"),
    ("sum(3)", "fact_alone", "3", "sum(contacts.talk_s"),
    ("distinct(contacts)", "fact_alone", "contacts", "distinct(contacts.day)"),
    ("count(contacts.talk_s)", "count_needs_fact", "contacts.talk_s", "count(contacts"),
    ("count(contacts, where=contacts.answered)", "fact_in_where", "contacts.answered", "answered"),
    ("avg(contacts.talk_s + tickets.replies)", "two_facts", "tickets.replies", "contacts"),
    ("contacts.talk_s / 2", "not_an_aggregate", "contacts.talk_s", "sum("),
    ("contacts", "not_an_aggregate", "contacts", "count(contacts"),
    ("3 + 4", "nothing_measured", "3 + 4", "count(contacts)"),
    ("count()", "arguments", "count()", "count(contacts, where=answered)"),
    ("count(contacts, answered)", "arguments", "count(contacts, answered)", "where="),
    ("count(contacts, were=answered)", "unknown_argument", "were=answered", "were"),
    ("least(count(contacts))", "arguments", "least(count(contacts))", "least(a, b)"),
    ("avg(contacts.answered)", "needs_number", "contacts.answered", "count(..., where=...)"),
    ("avg(contacts.queue)", "needs_number", "contacts.queue", "a text"),
    ("count(contacts, where=talk_s)", "needs_condition", "talk_s", "talk_s is not None"),
    ("count(contacts, where=answered and 1)", "needs_condition", "1", "a number"),
    ("count(contacts, where=topic > 3)", "cannot_compare", "3", "a text and a number"),
    ("count(contacts, where=answered == 1)", "cannot_compare", "1", "yes/no"),
    ('count(contacts, where=agent == "Ana")', "cannot_compare", '"Ana"', "everybody"),
    ("count(contacts, where=started_at > period_start)", "cannot_compare", "period_start", "day"),
    ('count(contacts, where=queue > "a")', "cannot_order", "queue", "no order"),
    ('count(contacts, where=channel == "phon")', "unknown_code", '"phon"', "Did you mean phone?"),
    ('count(events, where=kind in ("praise", "prize"))', "unknown_code", '"prize"', "breach"),
    ('count(contacts, where=day >= "1 October")', "bad_date", '"1 October"', "2026-10-01"),
    ("count(contacts, where=wait_s == None)", "compare_none", "None", "wait_s is None"),
    ("count(contacts, where=wait_s + 1 is None)", "is_needs_field", "wait_s + 1", "field"),
    ("count(contacts, where=wait_s is 3)", "is_needs_field", "3", "field"),
    ("count(contacts, where=wait_s in (1, talk_s))", "in_needs_list", "(1, talk_s)", "brackets"),
    ("count(contacts, where=wait_s in ())", "in_needs_list", "()", "brackets"),
    ("count(contacts, where=queue + 1 > 2)", "cannot_calculate", "queue", "a text"),
    ("avg(contacts.talk_s) + count(contacts)", "unit_mismatch", WHOLE, "Seconds and a count"),
    ("count(shifts, where=late_min > logged_in_s)", "unit_mismatch", "logged_in_s", "Minutes and"),
    ("least(avg(contacts.talk_s), count(contacts))", "unit_mismatch", "count(contacts)", "Seconds"),
    ("sum(contacts.talk_s) * sum(contacts.talk_s)", "unit_product", WHOLE, "no meaning"),
    ("sqrt(sum(contacts.talk_s))", "unit_root", "sqrt(sum(contacts.talk_s))", "seconds"),
    ("count(contacts) / 0", "zero_division", "count(contacts) / 0", "zero"),
    ("count(contacts) / (1 - 1)", "zero_division", "count(contacts) / (1 - 1)", "zero"),
    ("sum(contacts.talk_s / 0)", "zero_division", "contacts.talk_s / 0", "zero"),
    ("percentile(contacts.wait_s, 100)", "percentile_range", "100", "below 100"),
    ("percentile(contacts.wait_s)", "arguments", "percentile(contacts.wait_s)", "90"),
    ("team(centre(count(contacts)))", "scope_nested", "centre(count(contacts))", "team()"),
    ('peers(rating("x"))', "scope_nested", 'rating("x")', "peers()"),
    ("over(week, count(contacts))", "over_alone", "over(week, count(contacts))", "stdev"),
    ("stdev(over(weeks, count(contacts)))", "unknown_grain", "weeks", "week"),
    ("avg(over(week, count(contacts)), where=answered)", "over_where", "where=answered", "avg()"),
    ("imported(shift, count(shifts), 1)", "imported_needs_fact", "shift", "shifts"),
    ("rating(teamwork)", "needs_text", "teamwork", 'rating("teamwork")'),
    ('rating("Team work")', "bad_code", '"Team work"', "lower-case"),
    ("count(contacts) ** 2", "not_allowed", "count(contacts) ** 2", "**"),
    ("count(contacts) if 1 else 2", "not_allowed", "count(contacts) if 1 else 2", "if"),
    ("count(contacts, where=[a for a in b])", "not_allowed", "[a for a in b]", "comprehension"),
    ("().__class__", "not_an_aggregate", "().__class__", "count("),
    ("contacts.objects.all()", "not_allowed", "contacts.objects.all()", "call"),
    ("count(contacts, where=f(answered))", "not_allowed", "f(answered)", "call"),
    ("count(*contacts)", "arguments", "count(*contacts)", "count("),
    ("count(contacts) > 3", "not_allowed", "count(contacts) > 3", "comparison"),
    ("+count(contacts)", "not_allowed", "+count(contacts)", "+ before a value"),
    ("count(contacts, where=wait_s > +3)", "not_allowed", "+3", "+ before a value"),
    ("count(contacts, where=wait_s ** 2 > 3)", "not_allowed", "wait_s ** 2", "**"),
    ("count(contacts, where=queue == b'x')", "not_allowed", "b'x'", "this kind"),
    ("count(contacts, where=queue.name.x == 'x')", "not_allowed", "queue.name.x", "dotted"),
    ("count(contacts, where=queue.name == 'x')", "unknown_fact", "queue", "Allowed"),
    ("count(contacts, where=None == wait_s)", "compare_none", "None", "wait_s is None"),
    ("count(contacts, where=None)", "compare_none", "None", "is None"),
    ("count(contacts, where=wait_s in (1, None))", "compare_none", "None", "wait_s"),
    ("sum(contacts.talk_s + talk_s)", "field_outside", "talk_s", "contacts.talk_s"),
    ("sum(contacts.talk_s + contacts)", "fact_alone", "contacts", "sum(contacts"),
    ("sum(contacts.talk_s + foo)", "unknown_fact", "foo", "Allowed"),
    ("count(contacts) * sum(contacts.talk_s) * sum(contacts.sale_amount)", "unit_product", WHOLE,
     "Seconds times money"),
    ("count(contacts) + True", "bad_number", "True", "digits"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "code", "part", "says"), CASES, ids=[c[0] for c in CASES])
def test_error_names_the_place_and_what_is_allowed(formula, code, part, says):
    with pytest.raises(FormulaError) as caught:
        compile_formula(formula)

    error = caught.value
    place = formula[error.offset : error.offset + error.length]
    assert (error.code, place) == (code, formula if part == WHOLE else part)
    assert says in error.message


def test_message_can_be_put_together_in_another_language():
    with pytest.raises(FormulaError) as caught:
        compile_formula("count(contact)")

    assert "{name}" in caught.value.template
    assert caught.value.params["name"] == "contact"
    assert caught.value.template.format(**caught.value.params) == str(caught.value)
