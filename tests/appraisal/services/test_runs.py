from datetime import date
from decimal import Decimal

import pytest

from agents import periods, services
from appraisal.models import Run, Scorecard, ScorecardLine
from appraisal.services import cycles, runs, verification
from kpi.models import Contact, KPIVersion, TalliedDay
from kpi.services import jobs, revisions
from tests.factories import NOW, add_facts


def line(run, user, item):
    return ScorecardLine.objects.get(scorecard__run=run, scorecard__agent=user.agent, item=item)


def test_lines_come_out_as_worked_out_by_hand(cast, october, compute):
    run = compute(october)

    # Ana: 116 calls on 2 days = 58 a shift, target 58: all of the weight.
    calls = line(run, cast.ana, "calls")
    assert (calls.value, calls.numerator, calls.denominator) == (58, 116, 2)
    # Ben: 29 a shift = half; 390 s lies half way between 300 (full) and 480 (none).
    assert line(run, cast.ben, "calls").share == Decimal("0.5")
    assert line(run, cast.ben, "handle_time").share == Decimal("0.5")
    # Centre: 184 of 192 offered are answered = 95.8%, over the 95% that give all.
    rate = line(run, cast.ana, "answer_rate")
    assert (rate.numerator, rate.denominator) == (184, 192)
    assert rate.value == Decimal("0.958333333")
    assert rate.share == 1


def test_calls_alone_cover_65_percent_and_give_no_grade(cast, october, compute):
    run = compute(october)

    card = Scorecard.objects.get(run=run, agent=cast.ana.agent)
    assert (card.covered, card.state, card.grade, card.rank) == (65, "no_grade", "", None)
    assert card.provisional
    awaited = card.lines.filter(state="awaited").values_list("item", flat=True)
    assert set(awaited) == {
        "service_standard",
        "exam",
        "satisfaction",
        "rules_kept",
        "hygiene",
        "suggestions",
        "praise",
    }


def test_lines_add_up_to_the_total(cast, october, compute):
    run = compute(october)

    for card in run.scorecards.all():
        points = [one.points for one in card.lines.all() if one.points is not None]
        assert card.total == sum(points)


def test_small_sample_is_shown_and_not_scored(cast, october, compute):
    run = compute(october)

    handle_time = line(run, cast.bo, "handle_time")  # 10 calls, needs 20
    assert (handle_time.state, handle_time.value) == ("insufficient", 270)
    assert handle_time.points is None


def test_computing_again_gives_the_same_digest(cast, october, compute):
    first = compute(october)
    second = compute(october)

    assert (first.number, second.number) == (1, 2)
    assert first.digest == second.digest
    assert october.current_run == second


def test_message_delivered_twice_changes_nothing(cast, october, compute):
    run = compute(october)
    cards = set(run.scorecards.values_list("pk", flat=True))

    again = runs.compute_run(run_id=run.pk, progress=lambda stage: None, now=lambda: NOW)

    assert again.digest == run.digest
    assert set(run.scorecards.values_list("pk", flat=True)) == cards


def test_run_killed_before_it_was_stored_starts_again_from_its_watermark(cast, october):
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)

    def killed(stage):
        if stage == "storing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.compute_run(run_id=run.pk, progress=killed, now=lambda: NOW)
    run.refresh_from_db()
    watermark = run.watermark
    add_facts("contacts", [{"answered": True}] * 50, agent=cast.ana.agent)
    runs.compute_run(run_id=run.pk, progress=lambda stage: None, now=lambda: NOW)

    run.refresh_from_db()
    assert (run.state, run.watermark) == ("done", watermark)
    assert line(run, cast.ana, "calls").numerator == 116


def test_run_given_up_while_it_was_computed_stores_nothing(cast, october):
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)

    def given_up(stage):
        if stage == "storing":
            runs.mark_failed(run_id=run.pk, now=NOW)

    runs.compute_run(run_id=run.pk, progress=given_up, now=lambda: NOW)

    run.refresh_from_db()
    october.refresh_from_db()
    assert (run.state, run.scorecards.count(), october.current_run) == ("failed", 0, None)


def test_second_run_is_refused_while_one_is_open(cast, october):
    runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)

    with pytest.raises(runs.AlreadyComputing, match="Run 1"):
        runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)


def test_cycle_without_anybody_to_appraise_says_what_to_do(library, db):
    cycle = cycles.open_cycle(period=periods.month(2026, 10), opened_by=None, now=NOW)
    run = runs.request_run(cycle=cycle, asked_by=None, now=NOW)

    with pytest.raises(jobs.Refused, match="put people on record"):
        runs.compute_run(run_id=run.pk, progress=lambda stage: None, now=lambda: NOW)

    run.refresh_from_db()
    assert run.state == Run.State.FAILED


def test_run_pins_the_versions_it_used(cast, october, compute):
    run = compute(october)
    version = KPIVersion.objects.get(kpi__code="calls_per_shift", number=1)
    version.pk, version.number, version.formula = None, 2, "count(contacts)"
    version.save()

    assert verification.verify_run(run).is_same
    assert run.kpi_versions.filter(kpi_version__kpi__code="calls_per_shift").get() is not None
    assert compute(october).digest != run.digest


def test_result_is_the_same_after_late_facts_moves_and_exclusions(cast, october, compute):
    run = compute(october)
    add_facts("contacts", [{"answered": True}] * 9, agent=cast.ana.agent)
    services.end_agent(agent=cast.ben.agent, from_day=NOW.date())
    services.move_agent(
        agent=cast.bo.agent,
        team=cast.alpha,
        position=cast.position,
        shift=None,
        from_day=periods.month(2026, 10).starts_on,
    )
    Contact.objects.filter(agent=cast.ana.agent)[:1].get()
    closed = Contact.objects.filter(agent=cast.ana.agent).order_by("pk").first()
    assert closed is not None
    closed.valid_until = revisions.latest_revision()
    closed.save(update_fields=["valid_until"])

    assert verification.verify_run(run).is_same


def test_changed_stored_row_is_found(cast, october, compute):
    run = compute(october)
    ScorecardLine.objects.filter(scorecard__run=run, item="calls").update(points=1)

    verdict = verification.verify_run(run)

    assert verdict.recomputed == run.digest
    assert verdict.stored != run.digest
    assert not verdict.is_same


def test_order_of_rows_is_irrelevant(cast, library, compute):
    rows = [
        {"answered": True, "talk_s": seconds, "external_id": f"{seconds}"}
        for seconds in range(200, 240)
    ]
    october = cycles.open_cycle(period=periods.month(2026, 10), opened_by=None, now=NOW)
    add_facts("contacts", rows, agent=cast.ana.agent)
    first = compute(october)
    Contact.objects.all().delete()
    add_facts("contacts", rows[::-1], agent=cast.ana.agent)

    assert compute(october).digest == first.digest


def test_joiner_of_the_last_days_is_not_ranked(cast, october, compute):
    newcomer = services.hire_agent(
        code="new",
        name="New",
        hired_on=periods.month(2026, 10).last_day,
        team=cast.alpha,
        position=cast.position,
        shift=None,
    )

    run = compute(october)

    card = Scorecard.objects.get(run=run, agent=newcomer)
    assert (card.days_present, card.rank) == (1, None)


def test_cycle_still_collects_while_its_days_go_on(cast, october, compute):
    assert compute(october).state == "done"
    assert october.phase == "evaluate"

    november = cycles.open_cycle(period=periods.month(2026, 11), opened_by=None, now=NOW)
    add_facts("contacts", [{"day": periods.month(2026, 11).starts_on}], agent=cast.ana.agent)
    compute(november)  # on 3 November

    assert november.phase == "collect"


def test_absurd_figure_refuses_the_run_and_names_it(cast, october):
    add_facts(
        "contacts",
        [{"answered": True, "talk_s": 2_000_000_000}] * 30,
        agent=cast.ana.agent,
    )
    version = KPIVersion.objects.get(kpi__code="average_handle_time")
    version.pk, version.number, version.formula = None, 2, "sum(contacts.handle_s)"
    version.save()
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)

    with pytest.raises(jobs.Refused, match=r"sum\(contacts.handle_s\)"):
        runs.compute_run(run_id=run.pk, progress=lambda stage: None, now=lambda: NOW)


def test_a_late_day_read_from_tallies_gives_what_all_facts_give(cast, october, compute):
    first = compute(october)
    runs.keep_tallies(run_id=first.pk)
    late = [{"day": date(2026, 10, 17), "answered": True, "abandoned": False, "talk_s": 900,
             "channel": "phone", "direction": "in", "outcome": "answered"}]  # fmt: skip
    add_facts("contacts", late * 30, agent=cast.ben.agent)

    second = compute(october)

    assert TalliedDay.objects.filter(day=date(2026, 10, 17)).exists()
    assert second.digest != first.digest
    assert verification.verify_run(second).is_same
    assert verification.verify_run(first).is_same


LATE_CALL = {"answered": True, "abandoned": False, "talk_s": 900,
             "channel": "phone", "direction": "in", "outcome": "answered"}  # fmt: skip


def tallied(day):
    return set(
        TalliedDay.objects.filter(day=date(2026, 10, day)).values_list("revision", flat=True)
    )


def test_a_late_day_is_tallied_before_anybody_asks_for_it(cast, october, compute):
    for day in range(19, 25):
        add_facts("contacts", [LATE_CALL | {"day": date(2026, 10, day)}], agent=cast.ana.agent)
    first = compute(october)
    runs.keep_tallies(run_id=first.pk)
    assert runs.tally_news() == []

    add_facts("contacts", [LATE_CALL | {"day": date(2026, 10, 17)}] * 30, agent=cast.ben.agent)
    late = revisions.latest_revision()

    assert runs.tally_news() == [first]
    assert late in tallied(17)
    assert runs.tally_news() == []
    second = compute(october)
    assert second.digest != first.digest
    assert verification.verify_run(second).is_same


def test_where_most_days_are_new_the_next_run_reads_the_facts(cast, october, compute):
    first = compute(october)
    runs.keep_tallies(run_id=first.pk)
    before = set(TalliedDay.objects.values_list("pk", flat=True))
    for day in range(1, 29):
        add_facts("contacts", [LATE_CALL | {"day": date(2026, 10, day)}], agent=cast.ben.agent)

    runs.tally_news()

    assert set(TalliedDay.objects.values_list("pk", flat=True)) == before


def test_a_published_cycle_is_not_tallied(cast, october, compute):
    first = compute(october)
    runs.keep_tallies(run_id=first.pk)
    add_facts("contacts", [LATE_CALL | {"day": date(2026, 10, 17)}], agent=cast.ben.agent)
    october.published_run = first
    october.save(update_fields=["published_run"])

    assert runs.tally_news() == []
    assert not tallied(17)


def test_a_cycle_never_tallied_waits_for_its_run(cast, october, compute):
    compute(october)
    add_facts("contacts", [LATE_CALL | {"day": date(2026, 10, 17)}], agent=cast.ben.agent)

    assert runs.tally_news() == []
