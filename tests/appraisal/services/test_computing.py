from dataclasses import replace

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.digest import digest_of
from appraisal.models import SchemeVersion
from appraisal.scoring.scheme import parse_scheme
from appraisal.services import computing, roster, runs


@pytest.fixture
def inputs(october, compute):
    run = compute(october)
    return runs.inputs_of(run, seats=roster.seats_of(run))


def quiet(_stage):
    """Nobody listens."""


def test_order_of_people_is_irrelevant(inputs):
    expected = computing.compute(inputs, progress=quiet)

    @settings(max_examples=5)
    @given(st.permutations(inputs.seats))
    def check(seats):
        again = computing.compute(replace(inputs, seats=seats), progress=quiet)
        assert digest_of(again.cards, again.lines) == digest_of(expected.cards, expected.lines)

    check()


def test_person_alone_measures_as_among_all(inputs):
    alone = replace(inputs, seats=inputs.seats[:1])
    agent_id = inputs.seats[0].agent_id

    lines = computing.compute(alone, progress=quiet).lines
    among = computing.compute(inputs, progress=quiet).lines.filter(pl.col("agent_id") == agent_id)

    assert lines.sort("order").rows() == among.sort("order").rows()


def test_every_person_has_a_line_for_every_item(inputs):
    results = computing.compute(inputs, progress=quiet)

    assert results.cards.height == 3
    assert results.lines.group_by("agent_id").len()["len"].to_list() == [10, 10, 10]


def test_progress_tells_the_two_steps(inputs):
    heard = []

    computing.compute(inputs, progress=heard.append)

    assert heard == ["measures", "points"]


def test_measuring_asks_no_more_for_more_people(inputs):
    def asked(seats):
        with CaptureQueriesContext(connection) as queries:
            computing.compute(replace(inputs, seats=seats), progress=quiet)
        return len(queries)

    assert asked(inputs.seats[:1]) == asked(inputs.seats)


def test_schemes_name_their_kpis(library):
    versions = {one.pk: one for one in SchemeVersion.objects.all()}

    codes = computing.kpi_codes(versions)

    assert {"calls_per_shift", "resolution_rate", "training_given"} <= codes
    assert not any(code.startswith("rating") for code in codes)


def test_rating_and_kpi_have_keys_of_their_own(library):
    version = SchemeVersion.objects.get(scheme__code="s9_after_sales_specialist")

    keys = {computing.source_key(item) for item in parse_scheme(version.document).items}

    assert {"rating:teamwork", "resolution_rate"} <= keys
