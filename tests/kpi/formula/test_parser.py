from decimal import Decimal

from kpi.formula import nodes
from kpi.formula.parser import parse


def test_scope_reaches_every_measure_inside_it():
    node = parse("team(count(contacts, where=answered) / count(contacts))").node

    assert isinstance(node, nodes.Binary)
    assert [side.measure.scope for side in (node.left, node.right)] == ["team", "team"]


def test_series_is_an_aggregate_over_the_weeks():
    node = parse("percentile(over(week, count(contacts)), 90)").node

    assert isinstance(node, nodes.Over)
    assert (node.grain, node.function, node.argument) == ("week", "percentile", Decimal(90))


def test_series_may_be_of_the_team():
    assert parse("stdev(over(week, count(contacts)))").unit.name == "count"


def test_minus_before_a_measure_is_kept():
    assert isinstance(parse("-count(contacts)").node, nodes.Negative)


def test_percentile_keeps_its_argument_as_written():
    node = parse("percentile(contacts.wait_s, 99.5)").node

    assert isinstance(node, nodes.Measured)
    assert node.measure.argument == Decimal("99.5")


def test_scores_of_ones_staff_are_points():
    figure = parse('score_of("reports")')

    assert figure.node == nodes.ScoreOf("reports")
    assert figure.unit.name == "points"
