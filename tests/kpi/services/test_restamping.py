from datetime import date

from agents import periods, services
from kpi.frames import window_of
from kpi.models import Contact, FactRevision
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
