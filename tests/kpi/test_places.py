from datetime import date

from kpi.places import Led, clip


def october(day):
    return date(2026, 10, day)


def test_spans_of_a_leader_are_cut_to_the_days_given():
    led = [Led(1, 5, october(1), october(20)), Led(2, 5, october(1), october(20))]
    days = {1: [(october(3), october(6)), (october(18), october(25))]}

    assert list(clip(led, days)) == [
        Led(1, 5, october(3), october(6)),
        Led(1, 5, october(18), october(20)),
        Led(2, 5, october(1), october(20)),
    ]


def test_who_led_on_none_of_the_days_led_nothing():
    assert list(clip([Led(1, 5, october(1), october(5))], {1: [(october(5), october(9))]})) == []
