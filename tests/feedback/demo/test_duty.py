from datetime import date

from feedback.demo.cast import Cast, Person, read_cast
from feedback.demo.duty import duties_in, form_of
from feedback.demo.timeline import Timeline

YEAR = Timeline(date(2026, 11, 21), 14)
CAST: Cast = read_cast(YEAR, teams=None, agents=None)


def person(login: str) -> Person:
    return next(one for one in CAST.people if one.login == login)


def test_same_month_is_drawn_alike_every_time():
    first = duties_in(CAST.people, YEAR.month(-1), YEAR)
    second = duties_in(CAST.people, YEAR.month(-1), YEAR)

    assert first == second


def test_everybody_has_two_days_off_a_week():
    chen = person("agent.chen")

    days = {duty.day for duty in duties_in((chen,), YEAR.month(-1), YEAR)}

    # October 2026 has 31 days: four whole weeks and three days.
    assert 20 <= len(days) <= 24


def test_duties_carry_the_place_held_on_the_day():
    novak = person("agent.novak")

    duties = duties_in((novak,), YEAR.month(-3), YEAR)

    assert {duty.team for duty in duties if duty.day < date(2026, 8, 16)} == {"phone-a"}
    assert {duty.team for duty in duties if duty.day >= date(2026, 8, 16)} == {"phone-b"}


def test_nobody_works_on_long_leave_or_before_joining():
    rao, ye = person("agent.rao"), person("agent.ye")

    leave = duties_in((rao,), YEAR.month(-5), YEAR)
    joining = duties_in((ye,), YEAR.month(-1), YEAR)

    assert {duty.state for duty in leave} == {"away"}
    assert min(duty.day for duty in joining) >= date(2026, 10, 22)


def test_current_month_ends_yesterday():
    duties = duties_in(CAST.people, YEAR.month(0), YEAR)

    assert max(duty.day for duty in duties) == date(2026, 11, 20)


def test_drift_makes_the_past_worse_for_who_gets_better():
    wu, murphy = person("agent.wu"), person("agent.murphy")

    before = YEAR.month(-12)
    now = YEAR.month(-1)

    assert form_of(wu, before, YEAR)["pace"] < form_of(wu, now, YEAR)["pace"]
    assert form_of(wu, before, YEAR)["handle"] > form_of(wu, now, YEAR)["handle"]
    assert form_of(murphy, before, YEAR)["pace"] > form_of(murphy, now, YEAR)["pace"]
