"""The groups of tallies, held against those of the rows they were made of."""

from datetime import date
from itertools import product

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.models import Position, Shift
from agents.periods import month
from kpi import frames, tallies
from kpi.formula import compile_formula
from kpi.models import Contact
from kpi.places import Led, Places
from kpi.services.revisions import latest_revision
from kpi.tables import Table
from tests.factories import add_facts

OCTOBER = month(2026, 10)
MEASURES = {
    measure.key: measure
    for text in (
        "count(contacts, where=answered)",
        "max(contacts.talk_s) - min(contacts.talk_s)",
        "sum(contacts.talk_s * 2 / 3)",
    )
    for measure in compile_formula(text).measures
}
TABLES = [
    Table("contacts", "day", scope, grain, by_shift)
    for scope, grain, by_shift in product(
        ("own", "team", "led", "centre"), (None, "day", "week", "month"), (False, True)
    )
]


@pytest.fixture
def stamps(cast):
    """What a fact may be stamped with, by name; one is nothing."""
    late = Shift.objects.create(code="late", name_en="Late", name_zh="晚班")
    lead = Position.objects.get(code="lead")
    return {
        "agent": [cast.ana.agent, cast.ben.agent, cast.bo.agent, None],
        "team": [cast.alpha, cast.beta, None],
        "position": [cast.position, lead, None],
        "shift": [cast.early, late, None],
    }


@pytest.fixture
def places(cast, stamps):
    """Ana changed shift, Ben is a team leader, two of them led Alpha one after the other."""
    ana, ben, bo = cast.ana.agent_id, cast.ben.agent_id, cast.bo.agent_id
    early, late, _ = stamps["shift"]
    agent, lead, _ = stamps["position"]
    middle = date(2026, 10, 15)
    return Places(
        teams={ana: cast.alpha.pk, ben: cast.alpha.pk, bo: cast.beta.pk},
        positions={ana: agent.pk, ben: lead.pk, bo: agent.pk},
        is_one_position=True,
        stamped_only=frozenset({bo}),
        shifts={ana: {early.pk: 12, late.pk: 19}, ben: {early.pk: 31}, bo: {0: 31}},
        counted=frozenset({ana, ben, bo}),
        led=(
            Led(ana, cast.alpha.pk, OCTOBER.starts_on, middle),
            Led(ben, cast.alpha.pk, middle, OCTOBER.ends_on),
            Led(ben, cast.beta.pk, OCTOBER.starts_on, OCTOBER.ends_on),
        ),
    )


def figures(read, table, **options):
    """Every figure of every group; a whole number is one whatever its type."""
    window = frames.Window(OCTOBER, latest_revision(), frozenset({"contacts"}))
    frame = read(table, MEASURES, window=window, **options)
    found = frame.reset_index(names="group").to_dict("records")
    return {
        (row["group"], key): None if pd.isna(value) else value
        for row in found
        for key, value in row.items()
        if key != "group"
    }


def keep():
    window = frames.Window(OCTOBER, latest_revision(), frozenset({"contacts"}))
    tallies.keep(dict.fromkeys(TABLES, MEASURES), window=window)


facts = st.lists(
    st.tuples(
        *(st.integers(0, size - 1) for size in (4, 3, 3, 3)),
        st.sampled_from([1, 4, 5, 14, 15, 31]),
        st.none() | st.integers(0, 900),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=facts)
def test_tallies_form_the_groups_that_the_facts_form(stamps, places, rows):
    Contact.objects.all().delete()
    chosen = [
        {name: stamps[name][at] for name, at in zip(stamps, row, strict=False)}
        | {"day": date(2026, 10, row[4]), "talk_s": row[5], "answered": True}
        for row in rows
    ]
    add_facts("contacts", chosen)
    keep()

    for table in TABLES:
        for by in ("agent", "team", "centre"):
            kept = figures(tallies.read_table, table, by=by, places=places)
            assert kept == figures(frames.read_table, table, by=by, places=places), (table, by)


def test_nobody_who_changed_shift_and_nobody_who_led_are_groups_too(cast):
    add_facts("contacts", [{"day": date(2026, 10, 5), "answered": True}], agent=cast.ana.agent)
    keep()

    for table in TABLES:
        kept = figures(tallies.read_table, table, by="agent", places=Places())
        assert kept == figures(frames.read_table, table, by="agent", places=Places()), table
