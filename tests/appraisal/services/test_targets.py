from dataclasses import replace
from decimal import Decimal

import pytest

from agents import periods
from appraisal.models import ScorecardLine, Target
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors.schemes import version_in_use
from appraisal.services import cycles, publication, roster, targets, verification
from appraisal.services.targets import Place
from kpi.models import FactRevision, KPIVersion
from kpi.services.revisions import latest_revision
from tests.factories import NOW, add_agent, add_user

OCTOBER = periods.month(2026, 10)


@pytest.fixture
def cycle(cast, library):
    return cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)


@pytest.fixture
def agents_scheme(cast, library):
    return version_in_use("s2_call_centre_agent")


@pytest.fixture
def put(cast, cycle, agents_scheme):
    """Sets targets as Hana; a place is given as level, holder, item."""

    def put(by=cast.hana, **wanted):
        places = {
            Place(*_place(name, cast)): None if value is None else Decimal(value)
            for name, value in wanted.items()
        }
        return targets.set_targets(
            cycle=cycle, version=agents_scheme, wanted=places, set_by=by, now=NOW
        )

    return put


def _place(name, cast):
    item, _, holder = name.partition("__")
    holders = {
        "": ("scheme", None),
        "agents": ("position", cast.position.pk),
        "alpha": ("team", cast.alpha.pk),
        "ana": ("agent", cast.ana.agent_id),
    }
    return item, *holders[holder]


def asked(cycle, version, seats=None, watermark=None):
    seats = roster.seats_in(cycle.period) if seats is None else seats
    versions = {seat.scheme_version_id: version for seat in seats}
    versions = {pk: one for pk, one in versions.items() if pk == version.pk}
    at = latest_revision() if watermark is None else watermark
    return targets.targets_for(cycle, at, seats, versions)


def test_nearest_target_holds(cast, cycle, agents_scheme, put):
    put(calls="60", calls__agents="59", calls__alpha="55", calls__ana="40")
    put(handle_time=None)

    found = asked(cycle, agents_scheme)

    assert found == {
        (cast.ana.agent_id, "calls"): 40,
        (cast.ben.agent_id, "calls"): 55,
        (cast.bo.agent_id, "calls"): 59,
    }


def test_target_for_everybody_reaches_the_scheme_s_people_only(cast, cycle, agents_scheme, put):
    put(calls="60")

    found = asked(cycle, agents_scheme)

    people = {cast.ana.agent_id, cast.ben.agent_id, cast.bo.agent_id}
    assert found == {(agent, "calls"): 60 for agent in people}


def test_run_reads_what_held_at_its_watermark(cast, cycle, agents_scheme, put):
    before = latest_revision()
    put(calls__ana="40")
    first = latest_revision()
    put(calls__ana="45")
    second = latest_revision()
    put(calls__ana=None)

    ana = (cast.ana.agent_id, "calls")
    found = [asked(cycle, agents_scheme, watermark=at).get(ana) for at in (before, first, second)]
    assert found == [None, 40, 45]
    assert asked(cycle, agents_scheme) == {}
    assert Target.objects.count() == 2


def test_same_value_is_no_change(put):
    assert put(calls__ana="40") == 1
    revisions = FactRevision.objects.count()

    assert put(calls__ana="40.0", calls__alpha=None) == 0
    assert FactRevision.objects.count() == revisions


def test_change_keeps_its_author(cast, put):
    put(calls__ana="40")

    target = Target.objects.get()
    revision = FactRevision.objects.get(pk=target.valid_from)
    assert (target.set_by, target.set_at) == (cast.hana, NOW)
    assert (revision.made_by, revision.reason) == (cast.hana, "entry")


def test_joiner_owes_a_volume_for_the_days_present(cast, cycle, agents_scheme, put):
    put(calls__alpha="310")
    Target.objects.update(pro_rata=True)
    seats = roster.seats_in(cycle.period)
    joined = [replace(seat, days_present=10) for seat in seats]

    whole, part = (asked(cycle, agents_scheme, each) for each in (seats, joined))

    # 310 in the 31 days of October are 100 in ten of them.
    assert whole[cast.ana.agent_id, "calls"] == 310
    assert part[cast.ana.agent_id, "calls"] == 100


def test_part_of_a_volume_is_rounded_to_nine_places(cast, cycle, agents_scheme, put):
    put(calls__ana="100")
    Target.objects.update(pro_rata=True)
    seats = [replace(seat, days_present=7) for seat in roster.seats_in(cycle.period)]

    # 100 x 7 / 31 = 22.580645161 290...
    found = asked(cycle, agents_scheme, seats)[cast.ana.agent_id, "calls"]
    assert found == Decimal("22.580645161")


@pytest.mark.parametrize(
    ("formula", "unit", "expected"),
    [
        ("sum(contacts.sales)", "count", True),
        ("count(contacts, where=answered)", "count", True),
        ("sum(contacts.sale_amount)", "money", True),
        ("count(contacts) / distinct(contacts.day)", "count", False),
        ("avg(contacts.talk_s)", "s", False),
        ("count(contacts, where=answered) / count(contacts)", "share", False),
    ],
)
def test_volume_is_what_is_counted_over_the_whole_period(agents_scheme, formula, unit, expected):
    item = parse_scheme(agents_scheme.document).items[0]

    assert targets.is_volume(item, KPIVersion(formula=formula, unit=unit)) is expected
    assert not targets.is_volume(item, None)


@pytest.mark.parametrize(
    "wanted",
    [
        {"nothing": "5"},
        {"rules": "5"},
        {"calls": "0"},
        {"calls": "-1"},
        {"calls": "1000000000"},
        {"calls": "1.0000000001"},
        {"satisfaction": "0.5"},
    ],
    ids=["no item", "no anchor", "zero", "below", "absurd", "too fine", "worse than the worst"],
)
def test_target_that_cannot_hold_is_refused_with_the_others(put, wanted):
    with pytest.raises(targets.BadTargets) as refused:
        put(**wanted, calls__ana="40")

    assert [place.item for place in refused.value.problems] == list(wanted)
    assert Target.objects.count() == 0


def test_nobody_sets_the_own_target(cast, cycle, agents_scheme):
    hera = add_agent("hera", team=cast.alpha, position=cast.position)
    user = add_user("hera", "hr", agent=hera)

    with pytest.raises(targets.OwnTarget):
        targets.set_targets(
            cycle=cycle,
            version=agents_scheme,
            wanted={Place("calls", "agent", hera.pk): Decimal(1)},
            set_by=user,
            now=NOW,
        )


def test_published_cycle_keeps_its_targets(october, compute, cast, agents_scheme):

    run = compute(october)
    sent = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=sent, decided_by=cast.mona, now=NOW)

    with pytest.raises(targets.TargetsClosed):
        targets.set_targets(
            cycle=october,
            version=agents_scheme,
            wanted={Place("calls", "scheme"): Decimal(1)},
            set_by=cast.hana,
            now=NOW,
        )


def test_targets_are_read_in_one_question(
    cast, cycle, agents_scheme, put, django_assert_num_queries
):
    put(calls="60", calls__ana="40")
    for number in range(5):
        add_agent(f"new{number}", team=cast.beta, position=cast.position)
    seats = roster.seats_in(cycle.period)

    with django_assert_num_queries(1):
        targets.targets_for(cycle, 10_000, seats, {agents_scheme.pk: agents_scheme})


def test_target_decides_the_points_and_stands_on_the_line(october, compute, cast, agents_scheme):
    def points(agent):
        line = ScorecardLine.objects.get(
            scorecard__run=october.current_run, scorecard__agent=agent, item="calls"
        )
        return line.points, line.target

    compute(october)
    before = [points(user.agent) for user in (cast.ana, cast.ben)]
    targets.set_targets(
        cycle=october,
        version=agents_scheme,
        wanted={Place("calls", "agent", cast.ana.agent_id): Decimal(116)},
        set_by=cast.hana,
        now=NOW,
    )
    run = compute(october)

    # Ana answers 58 calls a shift, Ben 29: the item's 50 points are reached at 58, hers at 116.
    after = [points(user.agent) for user in (cast.ana, cast.ben)]
    assert before[0][0] == 2 * after[0][0]
    assert before[1][0] == after[1][0]
    assert [target for _given, target in after] == [116, 58]
    targets.set_targets(
        cycle=october,
        version=agents_scheme,
        wanted={Place("calls", "agent", cast.ana.agent_id): None},
        set_by=cast.hana,
        now=NOW,
    )
    assert verification.verify_run(run).is_same


def test_who_set_targets_does_not_publish(october, compute, cast, agents_scheme):
    run = compute(october)
    sent = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    targets.set_targets(
        cycle=october,
        version=agents_scheme,
        wanted={Place("calls", "scheme"): Decimal(60)},
        set_by=cast.mona,
        now=NOW,
    )

    with pytest.raises(publication.NotAllowed):
        publication.publish(publication=sent, decided_by=cast.mona, now=NOW)


def test_who_touched_the_targets_is_known(cast, cycle, put):
    other = add_user("hugo", "hr")
    put(calls__ana="40")
    put(by=other, calls__ana=None)

    assert targets.has_set_targets(cast.hana, cycle)
    assert targets.has_set_targets(other, cycle)
    assert not targets.has_set_targets(cast.mona, cycle)
