"""What a line rests on beside its own rows, measured again from what its run pinned."""

import pytest

from agents import periods
from appraisal.scoring.scheme import parse_scheme
from appraisal.services import behind, cycles, schemes
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_facts

OCTOBER = periods.month(2026, 10)
PEERS = {"type": "peers", "better": "lower", "bands": [{"at": 0, "points": 100}]}


def scheme_of(*kpis, **item):
    """A scheme of one item held against its peers; gives its item."""
    for code, formula in kpis:
        measure_by(formula, weight=1, rule={}, code=code).store()
    made = measure_by("", weight=100, rule=PEERS, code=kpis[0][0]).items[0] | item
    document = made_of(made, positions=["agent"])
    schemes.add_version(document, now=NOW.replace(year=2040))
    return parse_scheme(document).items[0]


@pytest.fixture
def month(cast):
    for user, lengths in ((cast.ana, (110, 110)), (cast.ben, (90, 110)), (cast.bo, (90,))):
        add_facts("contacts", [{"talk_s": one} for one in lengths], agent=user.agent)
    return cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)


def test_peers_are_those_of_the_run_whatever_came_later(cast, month, compute):
    item = scheme_of(("talk", "avg(contacts.talk_s)"))
    run = compute(month)
    add_facts("contacts", [{"talk_s": 900}] * 9, agent=cast.bo.agent)

    (held,) = behind.peers_behind(run, item, agent_id=cast.ana.agent_id)

    assert held.average == (510, 5)
    assert {one.person: one.cell for one in held.peers} == {
        cast.ana.agent_id: (220, 2),
        cast.ben.agent_id: (200, 2),
        cast.bo.agent_id: (90, 1),
    }
    target = run.scorecards.get(agent=cast.ana.agent).lines.get().target
    assert target == held.average[0] / held.average[1]


def test_queries_do_not_grow_with_the_peers(cast, month, compute, django_assert_max_num_queries):
    item = scheme_of(("talk", "avg(contacts.talk_s)"))
    run = compute(month)

    with django_assert_max_num_queries(8):
        behind.peers_behind(run, item, agent_id=cast.ana.agent_id)


def test_unknown_figure_of_a_condition_says_why(cast, month, compute):
    scheme_of(
        ("talk", "avg(contacts.talk_s)"),
        ("moved", "count(contacts, where=transferred)"),
        ("praise", "sum(events.quantity)"),
        ("waiting", "avg(contacts.wait_s, where=talk_s > 200)"),
        conditions=[
            {"kpi": code, "above": 1, "effect": ["zero"]} for code in ("moved", "praise", "waiting")
        ],
    )
    run = compute(month)
    pinned = run.kpi_versions.select_related("kpi_version__kpi")
    versions = {one.kpi_version.kpi.code: one.kpi_version for one in pinned}

    states = behind.states_behind(
        run, versions, ["moved", "praise", "waiting", "gone"], agent_id=cast.ana.agent_id
    )

    assert states == {"moved": "not_measurable", "praise": "awaited", "waiting": "no_data"}
    assert behind.states_behind(run, versions, [], agent_id=cast.ana.agent_id) == {}
