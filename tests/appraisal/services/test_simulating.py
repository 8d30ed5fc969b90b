"""A draft over a computed month: what the run measured is scored anew, the rest measured once."""

from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest

from agents import periods
from appraisal.models import SchemeVersion
from appraisal.scoring.scheme import parse_scheme
from appraisal.services import cycles, drafts, schemes, simulating
from kpi.models import FACT_MODELS
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_facts

S2 = "s2_call_centre_agent"


@pytest.fixture
def run(october, compute):
    return compute(october)


@pytest.fixture
def draft(cast, library):
    scheme = SchemeVersion.objects.get(scheme__code=S2).scheme
    return drafts.start_draft(scheme=scheme, edited_by=cast.hana, now=NOW)


def tried(run, draft, document):
    _basis, outcome = simulating.run_draft(run, draft, parse_scheme(document))
    return outcome.people.set_index("agent_id")


def test_unchanged_draft_gives_what_the_run_gave(cast, run, draft):
    found = tried(run, draft, draft.document)

    stored = run.scorecards.get(agent=cast.ana.agent)
    row = found.loc[cast.ana.agent_id]
    assert Decimal(int(row["after"])) / 100 == stored.total
    assert found["change"].tolist() == [0, 0, 0]
    assert (found["grade_before"] == found["grade_after"]).all()


def test_changed_target_changes_the_points_of_everybody_below_it(cast, run, draft):
    document = deepcopy(draft.document)
    document["items"][0]["rule"]["target"] = 116

    found = tried(run, draft, document)

    # Of 100: calls 76.92, handle time 15.38, answer rate 7.69. Ana took 58 of 116 calls a shift.
    # 38.46 + 15.38 + 7.69 = 61.53; before it was 99.99.
    row = found.loc[cast.ana.agent_id]
    assert (row["before"], row["after"], row["change"]) == (9999, 6153, -3846)


def test_kpi_the_run_did_not_measure_is_measured_once(cast, run, draft, django_assert_num_queries):
    document = deepcopy(draft.document)
    item = document["items"][1] | {"kpi": "average_talk_time"}
    item["rule"] = {"type": "linear", "worst": 390, "best": 270}
    document["items"] = [item]
    document["groups"] = [one for one in document["groups"] if one["code"] == item["group"]]

    found = tried(run, draft, document)
    # The run's own rows are kept, and so is what was measured: only its KPI is asked for.
    with django_assert_num_queries(1):
        again = tried(run, draft, document)

    assert found.loc[cast.ana.agent_id, "after"] == 10_000  # 270 s
    assert found.loc[cast.ben.agent_id, "after"] == 0  # 390 s
    assert found["after"].tolist() == again["after"].tolist()


def test_average_of_peers_is_measured_where_the_run_had_none(cast, run, draft):
    document = deepcopy(draft.document)
    item = document["items"][1]
    bands = [{"at": 0, "points": 10}, {"at": 60, "points": 5}]
    item["rule"] = {"type": "peers", "better": "lower", "bands": bands}
    document["items"], document["groups"] = [item], document["groups"][1:2]

    found = tried(run, draft, document)

    # 116 calls of 270 s, 58 of 390 s and 10 of 270 s: on average 307.8 s, and Ben is 82 s worse.
    assert found.loc[cast.ana.agent_id, "after"] == 10_000
    assert found.loc[cast.ben.agent_id, "after"] == 0


def test_facts_that_came_since_change_nothing(cast, run, draft):
    before = tried(run, draft, draft.document)["after"].tolist()
    model = FACT_MODELS["contacts"]
    model.objects.filter(agent=cast.ana.agent).update(valid_from=10_000)

    assert tried(run, draft, draft.document)["after"].tolist() == before


def test_draft_for_another_position_tries_nobody(run, draft):
    document = draft.document | {"positions": ["nobody"], "code": "other"}
    version = drafts.create_scheme(
        code="other", name_en="Other", name_zh="其他", edited_by=None, now=NOW, source=draft
    )

    assert len(tried(run, version, document)) == 0


def test_cycles_with_a_run_are_offered(run, october):
    assert [one.code for one in simulating.list_cycles()] == ["2026-10"]
    assert simulating.run_of(simulating.list_cycles()[0]) == run


def test_kpi_that_is_not_in_use_is_named(run, draft):
    document = deepcopy(draft.document)
    document["items"][0]["kpi"] = "no_such_kpi"

    with pytest.raises(simulating.UnknownKPI, match="no_such_kpi"):
        tried(run, draft, document)


def in_use(document):
    schemes.add_version(document, now=NOW.replace(year=2040))
    return SchemeVersion.objects.get(scheme__code=document["code"])


def test_draft_tries_the_scores_of_ones_staff(cast, october, compute):
    made = measure_by("count(contacts)", weight=100, rule={"type": "share", "of": 100}, code="c")
    scores = measure_by(
        'score_of("reports")', weight=100, rule={"type": "share", "of": 100}, code="staff"
    )
    made.store()
    scores.store(unit="points")
    version = in_use(made_of(*made.items, positions=["lead"], code="lead"))
    run = compute(october)

    found = tried(run, version, made_of(*scores.items, positions=["lead"], code="lead"))

    # Ana has 99.99 and Ben 53.84: 76.915. Omar leads Bo alone.
    totals = {one.agent_id: one.total for one in run.scorecards.all()}
    assert [str(totals[one.agent_id]) for one in (cast.ana, cast.ben)] == ["99.99", "53.84"]
    assert found.loc[cast.sam.agent_id, "after"] == 7692
    assert found.loc[cast.omar.agent_id, "after"] == int(totals[cast.bo.agent_id] * 100)


@pytest.fixture
def quarter(cast, compute):
    """The fourth quarter of months: Ana has 80 and 91 in October and November, each half."""
    made = measure_by("count(contacts)", weight=100, rule={"type": "share", "of": 100})
    made.store()
    more = {"cycles": ["month", "quarter"], "roll_up": "months"}
    version = in_use(made_of(*made.items, positions=["agent"], **more))
    for month, calls in ((10, 80), (11, 91)):
        rows = [{"day": date(2026, month, 5)}] * calls
        add_facts("contacts", rows, agent=cast.ana.agent)
        compute(cycles.open_cycle(period=periods.month(2026, month), opened_by=None, now=NOW))
    fourth = cycles.open_cycle(period=periods.parse("2026-Q4"), opened_by=None, now=NOW)
    return compute(fourth), version


def test_cycle_made_of_months_is_tried_on_their_totals(cast, quarter):
    run, version = quarter

    same = tried(run, version, version.document)
    weighted = tried(run, version, version.document | {"month_weights": [1, 3, 1]})
    item = version.document["items"][0] | {"weight": 50}
    lighter = tried(run, version, version.document | {"items": [item]})

    # 40.00 and 45.50, December is awaited; by 1 and 3 it is 20.00 and 68.25.
    ana = cast.ana.agent_id
    assert (same.loc[ana, "before"], same.loc[ana, "after"]) == (8550, 8550)
    assert weighted.loc[ana, "after"] == 8825
    assert lighter.loc[ana, "after"] == 8550


def test_months_are_named_among_the_reasons(cast, quarter):
    run, version = quarter

    made = simulating.scheme_in(run, parse_scheme(version.document))

    assert [item.name.en for item in made.items] == [
        "October 2026",
        "November 2026",
        "December 2026",
    ]
