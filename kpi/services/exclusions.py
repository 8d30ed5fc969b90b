"""Facts that shall not count: asked for by one person, approved by another, lifted again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agents.access import allows
from agents.models import User
from kpi.intake.corrections import replace_facts
from kpi.models import FACT_MODELS, Exclusion, Fact, FactRevision
from kpi.services.revisions import next_revision

State = Exclusion.State
Reason = FactRevision.Reason
LONGEST_REASON = 300  # characters


class AlreadyExcluded(Exception):
    """The fact is excluded already, or somebody asked for it."""


class NotExcluded(Exception):
    """Nothing is left out, so nothing can be lifted."""


class NotValid(Exception):
    """The fact was closed by a later change and is history."""


class NothingFound(Exception):
    """No fact that counts is in the range; there is nothing to leave out."""


class NotWaiting(Exception):
    """The exclusion was decided already."""


class OwnFact(Exception):
    """A fact is about the person who asks or decides; nobody decides on their own record."""


class SamePerson(Exception):
    """Who asked for an exclusion does not approve it, and only some roles approve."""


class ReasonMissing(Exception):
    """A reason that others can understand, short enough to be shown, is needed."""


@dataclass(frozen=True, slots=True)
class Selection:
    """All facts of a kind from the first to the last day, as far as they meet what is named."""

    kind: str
    first_day: date
    last_day: date
    queue: str = ""
    team_id: int | None = None
    agent_id: int | None = None
    source: str = ""


def rows_of(selection: Selection) -> QuerySet[Any]:
    """The facts of a range of days that count now."""
    rows: QuerySet[Any] = FACT_MODELS[selection.kind]._default_manager.filter(
        valid_until=None,
        exclusion=None,
        day__gte=selection.first_day,
        day__lte=selection.last_day,
    )
    if selection.queue:
        rows = rows.filter(queue=selection.queue)
    if selection.team_id:
        rows = rows.filter(team_id=selection.team_id)
    if selection.agent_id:
        rows = rows.filter(agent_id=selection.agent_id)
    return rows.filter(source=selection.source) if selection.source else rows


def covered_by(exclusion: Exclusion) -> QuerySet[Any]:
    """The facts that an exclusion leaves out, or would leave out if it were approved now."""
    model = FACT_MODELS[exclusion.kind]
    if exclusion.state in {State.APPROVED, State.LIFTED}:
        return model._default_manager.filter(exclusion=exclusion, valid_until=None)
    if exclusion.first_day is None or exclusion.last_day is None:
        return model._default_manager.filter(
            source=exclusion.source,
            external_id=exclusion.external_id,
            valid_until=None,
            exclusion=None,
        )
    return rows_of(
        Selection(
            exclusion.kind,
            exclusion.first_day,
            exclusion.last_day,
            exclusion.queue,
            exclusion.team_id,
            exclusion.agent_id,
            exclusion.source,
        )
    )


@transaction.atomic
def ask_exclusion(*, selection: Selection, reason: str, asked_by: User, now: datetime) -> Exclusion:
    """Ask that a range of facts shall not count; it takes effect when somebody else approves.

    Raises:
        NothingFound, OwnFact, ReasonMissing: nothing is asked for.
    """
    reason = _checked(reason)
    rows = rows_of(selection)
    _check_none_own(rows, asked_by)
    count = rows.count()
    if not count:
        raise NothingFound(_("No row that counts is in this range; there is nothing to leave out."))
    return Exclusion.objects.create(
        kind=selection.kind,
        reason=reason,
        first_day=selection.first_day,
        last_day=selection.last_day,
        queue=selection.queue,
        team_id=selection.team_id,
        agent_id=selection.agent_id,
        source=selection.source,
        rows=count,
        excluded_by=asked_by,
        excluded_at=now,
    )


@transaction.atomic
def ask_for_fact(
    *, kind: str, fact_id: int, reason: str, asked_by: User, now: datetime
) -> Exclusion:
    """Ask that one fact shall not count; it takes effect when somebody else approves.

    Raises:
        AlreadyExcluded, NotValid, OwnFact, ReasonMissing: nothing is asked for.
    """
    reason = _checked(reason)
    fact = _valid_fact(kind, fact_id)
    _check_not_own(fact, asked_by)
    if fact.exclusion_id is not None:
        raise AlreadyExcluded(_("This is excluded already."))
    number = {"kind": kind, "source": fact.source, "external_id": fact.external_id}
    if Exclusion.objects.filter(state=State.ASKED, **number).exists():
        raise AlreadyExcluded(_("Somebody asked for this already; it waits for approval."))
    return Exclusion.objects.create(
        reason=reason, rows=1, excluded_by=asked_by, excluded_at=now, **number
    )


@transaction.atomic
def approve_exclusion(*, exclusion_id: int, decided_by: User, now: datetime) -> Exclusion:
    """Have the facts count nowhere from the next run on; each is closed and added as excluded.

    The revision is that of the person who asked: it is their change, seen by a second person.

    Raises:
        NothingFound, NotWaiting, OwnFact, SamePerson: nothing is changed.
    """
    exclusion = _waiting(exclusion_id)
    if exclusion.excluded_by_id == decided_by.pk or not allows(decided_by, "fact.approve"):
        raise SamePerson(_("Two people leave facts out: somebody else of HR or a manager decides."))
    revision = next_revision(reason=Reason.EXCLUDE, made_by=exclusion.excluded_by, now=now)
    rows = covered_by(exclusion)
    _check_none_own(rows, decided_by)
    count = replace_facts(rows, revision=revision.pk, exclusion_id=exclusion.pk)
    if not count:
        raise NothingFound(_("None of the rows counts any more; there is nothing to leave out."))
    return _decide(exclusion, State.APPROVED, by=decided_by, now=now, rows=count)


@transaction.atomic
def refuse_exclusion(
    *, exclusion_id: int, answer: str, decided_by: User, now: datetime
) -> Exclusion:
    """Say no, with a reason; nothing is left out.

    Raises:
        NotWaiting, ReasonMissing, SamePerson: nothing is changed.
    """
    exclusion = _waiting(exclusion_id)
    if exclusion.excluded_by_id == decided_by.pk or not allows(decided_by, "fact.approve"):
        raise SamePerson(_("Two people leave facts out: somebody else of HR or a manager decides."))
    exclusion.answer = _checked(answer)
    return _decide(exclusion, State.REFUSED, by=decided_by, now=now)


@transaction.atomic
def withdraw_exclusion(*, exclusion_id: int, withdrawn_by: User) -> Exclusion:
    """Take back what one asked for oneself.

    Raises:
        NotWaiting, SamePerson: nothing is changed.
    """
    exclusion = _waiting(exclusion_id)
    if exclusion.excluded_by_id != withdrawn_by.pk:
        raise SamePerson(_("Only the person who asked for it takes it back."))
    exclusion.state = State.WITHDRAWN
    exclusion.save(update_fields=["state"])
    return exclusion


@transaction.atomic
def lift_exclusion(*, exclusion_id: int, lifted_by: User, now: datetime) -> Exclusion:
    """Have the facts count again from the next run on.

    Raises:
        NotExcluded, OwnFact: nothing is changed.
    """
    exclusion = Exclusion.objects.select_for_update().get(pk=exclusion_id)
    if exclusion.state != State.APPROVED:
        raise NotExcluded(_("This is not excluded."))
    revision = next_revision(reason=Reason.INCLUDE, made_by=lifted_by, now=now)
    rows = covered_by(exclusion)
    _check_none_own(rows, lifted_by)
    if not replace_facts(rows, revision=revision.pk, exclusion_id=None):
        revision.delete()
    exclusion.state = State.LIFTED
    exclusion.lifted_by, exclusion.lifted_at = lifted_by, now
    exclusion.save(update_fields=["state", "lifted_by", "lifted_at"])
    return exclusion


@transaction.atomic
def exclude_fact(
    *, kind: str, fact_id: int, reason: str, excluded_by: User, approved_by: User, now: datetime
) -> Fact:
    """Have one fact count nowhere, where both people are at hand.

    Returns:
        The row that stands for it from now on; the old one is closed.

    Raises:
        AlreadyExcluded, NotValid, OwnFact, ReasonMissing, SamePerson: nothing is changed.
    """
    asked = ask_for_fact(kind=kind, fact_id=fact_id, reason=reason, asked_by=excluded_by, now=now)
    approve_exclusion(exclusion_id=asked.pk, decided_by=approved_by, now=now)
    return FACT_MODELS[kind]._default_manager.get(exclusion=asked, valid_until=None)


@transaction.atomic
def include_fact(*, kind: str, fact_id: int, lifted_by: User, now: datetime) -> Fact:
    """Have a fact that was excluded by itself count again.

    Raises:
        NotExcluded, NotValid, OwnFact: nothing is changed; also where the fact is one of a range
            that is left out as a whole.
    """
    fact = _valid_fact(kind, fact_id)
    _check_not_own(fact, lifted_by)
    if fact.exclusion_id is None:
        raise NotExcluded(_("This is not excluded."))
    exclusion = Exclusion.objects.get(pk=fact.exclusion_id)
    if not exclusion.is_single:
        raise NotExcluded(_("A whole range of rows is left out with it. Lift that as a whole."))
    lift_exclusion(exclusion_id=exclusion.pk, lifted_by=lifted_by, now=now)
    return FACT_MODELS[kind]._default_manager.get(
        source=fact.source, external_id=fact.external_id, valid_until=None
    )


def asked_for(kind: str, facts: list[Any]) -> dict[tuple[str, str], int]:
    """The facts whose exclusion waits for approval, by source and number. Queries: at most 1."""
    if not facts:
        return {}
    waiting = Exclusion.objects.filter(
        kind=kind,
        state=State.ASKED,
        external_id__in=[fact.external_id for fact in facts],
    )
    return {(one.source, one.external_id): one.pk for one in waiting}


def _waiting(exclusion_id: int) -> Exclusion:
    exclusion = Exclusion.objects.select_for_update().get(pk=exclusion_id)
    if exclusion.state != State.ASKED:
        raise NotWaiting(_("This was decided already."))
    return exclusion


def _decide(
    exclusion: Exclusion, state: str, *, by: User, now: datetime, rows: int | None = None
) -> Exclusion:
    exclusion.state, exclusion.decided_by, exclusion.decided_at = state, by, now
    exclusion.rows = exclusion.rows if rows is None else rows
    exclusion.save(update_fields=["state", "decided_by", "decided_at", "rows", "answer"])
    return exclusion


def _checked(reason: str) -> str:
    """The reason as it is kept; no database takes a null character."""
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise ReasonMissing(_("Give the reason, so that others understand it."))
    if len(reason) > LONGEST_REASON:
        raise ReasonMissing(
            _("Give the reason in %(most)s characters at most.") % {"most": LONGEST_REASON}
        )
    try:
        Exclusion._meta.get_field("reason").clean(reason, None)
    except ValidationError as error:
        raise ReasonMissing(" ".join(error.messages)) from error
    return reason


def _check_not_own(fact: Fact, user: User) -> None:
    if fact.agent_id is not None and fact.agent_id == user.agent_id:
        raise OwnFact(_("Nobody decides on their own record. Ask a colleague."))


def _check_none_own(rows: QuerySet[Any], user: User) -> None:
    if user.agent_id is not None and rows.filter(agent_id=user.agent_id).exists():
        raise OwnFact(_("Rows about yourself are among them. Nobody decides on their own record."))


def _valid_fact(kind: str, fact_id: int) -> Fact:
    fact = FACT_MODELS[kind]._default_manager.select_for_update().get(pk=fact_id)
    if fact.valid_until is not None:
        raise NotValid(_("This was replaced by a later change. Open its newest form."))
    return fact
