"""A formula tried on October: values by person, beside the version in use."""

from datetime import date
from decimal import Decimal

import pytest

from agents.periods import month
from kpi.formula import compile_formula
from kpi.selectors import newest_version
from kpi.services.previewing import preview
from tests.factories import add_facts

pytestmark = pytest.mark.usefixtures("library")


def calls(handle_s):
    return [
        {"day": date(2026, 10, 5), "answered": True, "talk_s": seconds, "hold_s": 0,
         "after_call_s": 0, "channel": "phone"}
        for seconds in handle_s
    ]  # fmt: skip


@pytest.fixture
def october(cast):
    """Ana 100 and 300 s, Ben 250 s, Bo nothing."""
    add_facts("contacts", calls([100, 300]), agent=cast.ana.agent)
    add_facts("contacts", calls([250]), agent=cast.ben.agent)
    return month(2026, 10)


def tried(october, text, **options):
    settings = {"anchor": "day", "minimum_sample": 0, "present": None} | options
    return preview(formula=compile_formula(text), period=october, **settings)


def by_name(found):
    return {row.agent.name: row for row in found.rows}


def test_everybody_has_a_row_with_or_without_data(cast, october):
    rows = by_name(tried(october, "max(contacts.talk_s)"))

    assert (rows["Ana"].new.state, rows["Ana"].new.value) == ("measured", 300)
    assert rows["Ben"].new.value == 250
    assert (rows["Bo"].new.state, rows["Bo"].new.value) == ("no_data", None)
    assert all(row.present is None and row.change is None for row in rows.values())


def test_the_version_in_use_stands_beside_it(cast, october):
    present = newest_version("average_handle_time")
    row = by_name(tried(october, "max(contacts.talk_s)", present=present))["Ana"]

    assert row.present.value == 200  # (100 + 300) / 2
    assert row.change == 100


def test_small_samples_keep_their_value_and_say_so(cast, october):
    rows = by_name(tried(october, "avg(contacts.talk_s)", minimum_sample=2))

    assert rows["Ana"].new.state == "measured"
    assert (rows["Ben"].new.state, rows["Ben"].new.value, rows["Ben"].new.sample) == (
        "small", Decimal(250), 1,
    )  # fmt: skip


def test_the_distribution_holds_everybody_once(cast, october):
    found = tried(october, "max(contacts.talk_s)")

    assert [one.new for one in found.bins] == [1] + [0] * 10 + [1]  # 250 first, 300 in the last
    assert (found.bins[0].low, found.bins[-1].high) == (250, 300)
    assert found.states["measured"] == 2


def test_one_value_has_no_distribution(cast, october):
    assert tried(october, "centre(count(contacts))").bins == []


def test_kinds_that_never_came_in_are_named(cast, october):
    found = tried(october, "avg(surveys.score)")

    assert found.missing == ["surveys"]
    assert {row.new.state for row in found.rows} == {"awaited"}


def test_queries_do_not_grow_with_people(cast, october, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        tried(october, "avg(contacts.talk_s)", present=newest_version("average_handle_time"))


def test_teams_led_and_peers_are_tried_too(cast, october):
    led = by_name(tried(october, "led(count(contacts))"))
    peers = by_name(tried(october, "peers(count(contacts))"))

    assert [led[name].new.value for name in ("Sam", "Omar", "Mona", "Ana")] == [3, 0, 3, 0]
    # Ana 2, Ben 1, Bo none: one each.
    assert peers["Bo"].new.value == 1


def test_leaders_and_peers_are_measured_as_a_run_does(cast, october):
    led = by_name(tried(october, "led(count(contacts))"))

    assert led[cast.sam.agent.name].new.value == 3  # Ana's two and Ben's one
    assert led["Bo"].new.value == 0
