import pytest

from kpi.formula.canonical import value_text
from kpi.formula.compiler import compile_formula


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("count( contacts )", "count(contacts)"),
        ("count(contacts,where=(answered))", "count(contacts, where=answered)"),
        (
            "count(contacts, where=0 <= wait_s <= 30)",
            "count(contacts, where=0 <= wait_s and wait_s <= 30)",
        ),
        (
            "count(contacts, where=(answered and resolved) and transferred)",
            "count(contacts, where=answered and resolved and transferred)",
        ),
        (
            "count(contacts, where=(answered or resolved) and not (transferred and resolved))",
            "count(contacts, where=(answered or resolved) and not (transferred and resolved))",
        ),
        (
            "count(contacts, where=queue in ['a', 'b'] or queue not in ('c'))",
            'count(contacts, where=queue in ("a", "b") or queue not in ("c",))',
        ),
        ("count(events, where=date < '2026-10-01')", 'count(events, where=day < "2026-10-01")'),
        ("avg(contacts.talk_s - (contacts.hold_s - 1))", None),
        ("sum((contacts.talk_s + contacts.hold_s) * 2)", None),
        ("team(avg(contacts.talk_s, where=answered))", None),
        ("team(count(contacts) / count(shifts))", "team(count(contacts)) / team(count(shifts))"),
        ("count(contacts) - (count(shifts) - count(tickets))", None),
        ("count(contacts) / (count(shifts) / 58)", None),
        ("-(count(contacts) + count(tickets))", None),
        ("least(1, count(contacts) / count(shifts) / 58)", None),
        ("imported(shifts, count(shifts), distinct(contacts.day))", None),
        ("percentile(contacts.wait_s, 99.5, where=answered)", None),
        ("percentile(over(week, avg(surveys.score)), 90)", None),
        ("stdev(over(week, avg(surveys.score)))", None),
        ('rating("teamwork") + score_of("reports")', None),
        ("peers(avg(contacts.talk_s))", None),
        ("count(tickets, where=solved_day < period_end and due_at is not None)", None),
        ('count(contacts, where=queue == "贷款")', None),
        ("count(contacts, where=(wait_s <= 30) == answered)", None),
    ],
)
def test_meaning_has_one_spelling_that_reads_back_as_itself(written, canonical):
    formula = compile_formula(written)

    text = value_text(formula.root)

    assert text == (canonical or written)
    assert compile_formula(text).root == formula.root
