from datetime import date

from feedback.demo.cast import read_cast
from feedback.demo.logins import SHOWN, logins
from feedback.demo.timeline import Timeline


def test_log_ins_shown_are_those_of_people_who_are_there():
    timeline = Timeline(date(2026, 11, 21), 14)
    cast = read_cast(timeline, teams=None, agents=None)
    there = {person.login for person in cast.people if person.left_on is None}

    shown = {login for _role, login, _what in SHOWN}

    assert shown <= there | {other["login"] for other in cast.others}


def test_table_names_the_password_once():
    assert logins().count("harbour-demo-2026") == 1
