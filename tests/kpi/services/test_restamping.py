from datetime import date

from agents import periods, services
from agents.models import Position
from kpi.frames import window_of
from kpi.models import Contact, FactRevision, Figure
from kpi.services import measuring, restamping, revisions
from tests.factories import NOW, add_facts


def by_team(watermark):
    window = window_of(periods.month(2026, 10), watermark)
    one = measuring.Wanted("n", measuring.compile_formula("count(contacts)"))
    frame = measuring.measure([one], window=window, by="team")["n"]
    return dict(zip(frame.index, map(int, frame["numerator"]), strict=True))


def test_move_into_the_past_takes_the_facts_along(cast):
    add_facts(
        "contacts",
        [{"day": date(2026, 10, day), "talk_s": day} for day in (1, 14, 15, 31)],
        agent=cast.ana.agent,
    )
    before = revisions.latest_revision()

    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=None,
        from_day=date(2026, 10, 15),
    )

    assert by_team(revisions.latest_revision()) == {cast.alpha.pk: 2, cast.beta.pk: 2}
    assert by_team(before) == {cast.alpha.pk: 4}
    moved = Contact.objects.filter(valid_until=None, team=cast.beta)
    assert sorted(moved.values_list("day__day", "talk_s", "handle_s", "shift_id")) == [
        (15, 15, 15, None),
        (31, 31, 31, None),
    ]


def test_leaving_takes_the_place_from_later_facts(cast):
    add_facts("contacts", [{"day": date(2026, 10, 20)}], agent=cast.ana.agent)

    services.end_agent(agent=cast.ana.agent, from_day=date(2026, 10, 20))

    assert Contact.objects.get(valid_until=None).team is None


def test_facts_that_are_right_make_no_revision(cast):
    add_facts("contacts", [{}], agent=cast.ana.agent)
    count = FactRevision.objects.count()

    changed = restamping.restamp_facts(
        agent=cast.ana.agent, from_day=date(2026, 1, 1), made_by=None, now=NOW
    )

    assert changed is None
    assert FactRevision.objects.count() == count


def test_other_people_and_closed_facts_stay_as_they_are(cast):
    add_facts("contacts", [{"team": cast.beta}], agent=cast.ben.agent)
    (closed,) = add_facts("contacts", [{"team": cast.beta}], agent=cast.ana.agent)
    Contact.objects.filter(pk=closed.pk).update(valid_until=closed.valid_from + 1)

    restamping.restamp_facts(agent=cast.ana.agent, from_day=date(2026, 1, 1), made_by=None, now=NOW)

    assert Contact.objects.count() == 2


def figure_places(agent):
    found = Figure.objects.filter(agent=agent, valid_until=None)
    return sorted(found.values_list("figure", "team__code", "position__code", "shift__code"))


def test_figures_follow_the_place_of_most_days_of_their_month(cast):
    expert = Position.objects.create(code="expert", name_en="Expert")
    plans = [
        {"day": date(2026, month, 1), "figure": f"plan_{month}", "value": 1}
        for month in (9, 10, 11)
    ]
    add_facts("figures", plans, agent=cast.ana.agent)

    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=expert,
        shift=None,
        from_day=date(2026, 10, 10),
    )

    # 9 days of October in Alpha, 22 in Beta.
    moved = ("beta", "expert", None)
    assert figure_places(cast.ana.agent) == [
        ("plan_10", *moved),
        ("plan_11", *moved),
        ("plan_9", "alpha", "agent", "early"),
    ]


def test_figures_stay_where_most_days_of_the_month_were_held(cast):
    add_facts("figures", [{"figure": "plan", "value": 1}], agent=cast.ana.agent)

    services.end_agent(agent=cast.ana.agent, from_day=date(2026, 10, 5))

    assert figure_places(cast.ana.agent) == [("plan", "alpha", "agent", "early")]


def test_of_equal_days_the_later_place_has_the_figure(cast):
    add_facts(
        "figures", [{"day": date(2026, 11, 1), "figure": "plan", "value": 1}], agent=cast.ana.agent
    )

    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=None,
        from_day=date(2026, 11, 16),
    )

    assert figure_places(cast.ana.agent) == [("plan", "beta", "agent", None)]
