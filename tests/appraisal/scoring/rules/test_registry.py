from decimal import Decimal

from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.registry import RULES, parse_rule


def test_rule_types_are_a_closed_set():
    assert sorted(RULES) == [
        *("bands", "bonus", "deduction", "levels", "linear"),
        *("proportional", "range", "share", "veto"),
    ]


def test_unknown_type_is_answered_with_those_that_exist():
    problems = []

    rule = parse_rule(Reader({"type": "curve"}, "rule", problems), weight=Decimal(1))

    assert rule is None
    assert str(problems[0]).startswith("rule.type: must be one of bands, levels, linear")


def test_misspelt_parameter_is_named():
    problems = []
    document = {"type": "linear", "worst": 1, "best": 2, "bets": 3}

    parse_rule(Reader(document, "rule", problems), weight=Decimal(1))

    assert [str(problem) for problem in problems] == [
        "rule.bets: is not known here; check the spelling"
    ]
