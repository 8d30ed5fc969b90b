from datetime import date

import pytest
from django.db import IntegrityError, transaction

from kpi.models import Contact, Exclusion, FactRevision, ShiftWorked
from kpi.services import exclusions
from kpi.services.exclusions import Selection
from tests.factories import NOW, add_agent, add_facts, add_user

DAY, NEXT_DAY = date(2026, 10, 5), date(2026, 10, 6)


@pytest.fixture
def fact(cast):
    [fact] = add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)
    return fact


@pytest.fixture
def exclude(cast, fact):
    def exclude_for(reason):
        return exclusions.exclude_fact(
            kind="contacts",
            fact_id=fact.pk,
            reason=reason,
            excluded_by=cast.hana,
            approved_by=cast.mona,
            now=NOW,
        )

    return exclude_for


@pytest.fixture
def outage(cast):
    """Ten calls of Ana and Bo on the day of an outage in two queues, and two on the day after."""
    for user, queue in ((cast.ana, "loans"), (cast.bo, "cards")):
        add_facts("contacts", [{"day": DAY, "queue": queue}] * 5, agent=user.agent)
        add_facts("contacts", [{"day": NEXT_DAY, "queue": queue}], agent=user.agent)


def ask(cast, selection=None, *, by=None, reason="Exchange failed"):
    return exclusions.ask_exclusion(
        selection=selection or Selection("contacts", DAY, DAY),
        reason=reason,
        asked_by=by or cast.hana,
        now=NOW,
    )


def counting():
    return Contact.objects.filter(valid_until=None, exclusion=None).count()


@pytest.mark.parametrize("reason", ["", " \n", "\x00", "x" * 301])
def test_reason_that_cannot_be_shown_changes_nothing(exclude, reason):
    with pytest.raises(exclusions.ReasonMissing):
        exclude(reason)

    assert not Exclusion.objects.exists()
    assert FactRevision.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (" Line fault\n", "Line fault"),
        ("线路故障", "线路故障"),
        ("a\x00b", "ab"),
        ("x" * 300, "x" * 300),
    ],
)
def test_reason_is_kept_as_it_was_said(exclude, reason, kept):
    assert exclude(reason).exclusion.reason == kept


def test_nothing_is_left_out_before_somebody_else_approves(cast, outage):
    asked = ask(cast)
    before = counting()
    approved = exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)

    assert (asked.state, asked.rows, before, counting()) == ("asked", 10, 12, 2)
    assert (approved.state, approved.rows, approved.decided_by) == ("approved", 10, cast.mona)
    left_out = Contact.objects.filter(exclusion=asked)
    revision = FactRevision.objects.latest("pk")
    assert {row.valid_from for row in left_out} == {revision.pk}
    assert (revision.reason, revision.made_by) == ("exclude", cast.hana)
    assert Contact.objects.filter(valid_until=revision.pk).count() == 10


@pytest.mark.parametrize(
    ("narrowed", "rows"),
    [
        ({"queue": "loans"}, 5),
        ({"queue": "nothing"}, 0),
        ({"source": "test"}, 10),
        ({"source": "elsewhere"}, 0),
        ({"last_day": NEXT_DAY}, 12),
    ],
)
def test_range_is_narrowed(outage, narrowed, rows):
    chosen = {"kind": "contacts", "first_day": DAY, "last_day": DAY} | narrowed

    assert exclusions.rows_of(Selection(**chosen)).count() == rows


def test_range_is_narrowed_to_a_team_or_a_person(cast, outage):
    of_team = Selection("contacts", DAY, DAY, team_id=cast.alpha.pk)
    of_person = Selection("contacts", DAY, DAY, agent_id=cast.bo.agent_id)

    found = [set(exclusions.rows_of(one).values_list("agent")) for one in (of_team, of_person)]
    assert found == [{(cast.ana.agent_id,)}, {(cast.bo.agent_id,)}]


def test_asker_and_other_roles_do_not_approve_or_refuse(cast, outage):
    asked = ask(cast)

    for user in (cast.hana, cast.sam, cast.ana, cast.ada):
        with pytest.raises(exclusions.SamePerson):
            exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=user, now=NOW)
        with pytest.raises(exclusions.SamePerson):
            exclusions.refuse_exclusion(
                exclusion_id=asked.pk, answer="No", decided_by=user, now=NOW
            )

    assert counting() == 12


def test_database_knows_two_people_too(cast, outage):
    asked = ask(cast)

    with pytest.raises(IntegrityError, match="exclusion_two_people"), transaction.atomic():
        Exclusion.objects.filter(pk=asked.pk).update(decided_by=cast.hana)


def test_refused_one_leaves_nothing_out_and_says_why(cast, outage):
    asked = ask(cast)

    with pytest.raises(exclusions.ReasonMissing):
        exclusions.refuse_exclusion(
            exclusion_id=asked.pk, answer=" ", decided_by=cast.mona, now=NOW
        )
    refused = exclusions.refuse_exclusion(
        exclusion_id=asked.pk, answer="The line worked", decided_by=cast.mona, now=NOW
    )

    assert (refused.state, refused.answer, counting()) == ("refused", "The line worked", 12)
    with pytest.raises(exclusions.NotWaiting):
        exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)


def test_asker_takes_it_back(cast, outage):
    asked = ask(cast)

    with pytest.raises(exclusions.SamePerson):
        exclusions.withdraw_exclusion(exclusion_id=asked.pk, withdrawn_by=cast.mona)
    exclusions.withdraw_exclusion(exclusion_id=asked.pk, withdrawn_by=cast.hana)

    assert Exclusion.objects.get().state == "withdrawn"


def test_lifted_one_counts_again_and_may_be_asked_for_again(cast, outage):
    asked = ask(cast)
    exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)
    watermark = FactRevision.objects.latest("pk").pk

    lifted = exclusions.lift_exclusion(exclusion_id=asked.pk, lifted_by=cast.hana, now=NOW)

    assert (lifted.state, lifted.lifted_by, counting()) == ("lifted", cast.hana, 12)
    # What was left out at the watermark of an earlier run is so for ever.
    then = Contact.objects.filter(valid_from__lte=watermark, valid_until__gt=watermark)
    assert then.filter(exclusion=asked).count() == 10
    with pytest.raises(exclusions.NotExcluded):
        exclusions.lift_exclusion(exclusion_id=asked.pk, lifted_by=cast.hana, now=NOW)
    assert ask(cast).rows == 10


def test_rows_left_out_already_are_not_left_out_twice(cast, outage):
    first, second = ask(cast), ask(cast)
    exclusions.approve_exclusion(exclusion_id=first.pk, decided_by=cast.mona, now=NOW)

    with pytest.raises(exclusions.NothingFound):
        exclusions.approve_exclusion(exclusion_id=second.pk, decided_by=cast.mona, now=NOW)
    with pytest.raises(exclusions.NothingFound):
        ask(cast)

    assert Exclusion.objects.get(pk=second.pk).state == "asked"


def test_nobody_decides_where_own_rows_are_among_them(cast, outage):
    hera = add_agent("hera", team=cast.calls, position=cast.position)
    user = add_user("hera", "hr", agent=hera)
    add_facts("contacts", [{"day": DAY}], agent=hera)

    with pytest.raises(exclusions.OwnFact):
        ask(cast, by=user)
    asked = ask(cast)
    with pytest.raises(exclusions.OwnFact):
        exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=user, now=NOW)
    exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)
    with pytest.raises(exclusions.OwnFact):
        exclusions.lift_exclusion(exclusion_id=asked.pk, lifted_by=user, now=NOW)


def test_single_fact_is_asked_for_once(cast, fact):
    asked = {"kind": "contacts", "fact_id": fact.pk, "reason": "Test", "now": NOW}
    exclusions.ask_for_fact(**asked, asked_by=cast.hana)

    with pytest.raises(exclusions.AlreadyExcluded):
        exclusions.ask_for_fact(**asked, asked_by=cast.hana)

    assert exclusions.asked_for("contacts", [fact]) == {
        ("test", fact.external_id): Exclusion.objects.get().pk
    }


def test_row_of_a_range_is_lifted_with_the_range_only(cast, outage):
    asked = ask(cast)
    exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)
    row = Contact.objects.filter(exclusion=asked).first()

    with pytest.raises(exclusions.NotExcluded, match="whole range"):
        exclusions.include_fact(kind="contacts", fact_id=row.pk, lifted_by=cast.hana, now=NOW)


def test_exclusion_of_many_rows_takes_no_more_questions(
    cast, outage, django_assert_max_num_queries
):
    asked = ask(cast)

    with django_assert_max_num_queries(12):
        exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)


def test_other_kinds_have_no_queue_but_teams(cast):
    add_facts("shifts", [{"day": DAY, "logged_in_s": 3_600}], agent=cast.ana.agent)

    asked = ask(cast, Selection("shifts", DAY, DAY, team_id=cast.alpha.pk))
    exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)

    assert ShiftWorked.objects.filter(valid_until=None, exclusion=asked).count() == 1
