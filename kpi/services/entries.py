"""Single facts that people enter on a page: added, corrected and taken back, never changed.

Each step is a revision of its own, which keeps who did it and when; the earlier forms of an
entry stay in the table, closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from agents import periods
from agents.access import holding
from agents.models import Agent, Assignment, Organisation, User
from agents.selectors import Stay, stays_in
from kpi.intake import reasons
from kpi.intake.checks import check_rows
from kpi.intake.fields import DAY_OF, specs
from kpi.intake.mapping.model import FieldMapping, KindMapping
from kpi.intake.parsing.fields import parse_rows
from kpi.intake.parsing.moments import Clock
from kpi.intake.reading.table import LINE
from kpi.intake.staging import facts_columns
from kpi.models import FACT_MODELS, Fact, FactRevision
from kpi.services.revisions import next_revision

ENTERED: Final = "entry"
_PLACES: Final = ("team_id", "position_id", "shift_id")
# Kinds of facts that may be the whole centre's, so that no person is named.
_OF_NOBODY: Final = frozenset({"figures"})


class BadEntry(Exception):
    """Values that cannot be taken; ``problems`` says what is wrong with which field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in problems.items()))
        self.problems = dict(problems)


class OwnEntry(Exception):
    """The fact is about the person who enters it; nobody writes their own record."""


class EnteredAlready(Exception):
    """This very form was sent before; the fact is there."""


class NotAnEntry(Exception):
    """The fact was replaced or taken back meanwhile, or did not come from a page."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a form says: the kind of fact, about whom, and field to text."""

    kind: str
    agent: Agent | None
    values: Mapping[str, str]


@transaction.atomic
def enter_fact(*, said: Said, key: str, entered_by: User, now: datetime) -> Fact:
    """Add one fact.

    Args:
        key: of the form that was sent, so that sending it twice enters it once.
        now: aware.

    Raises:
        BadEntry, EnteredAlready, OwnEntry: nothing is stored.
    """
    _check_not_own(said.agent, entered_by)
    row = _read(said, now)
    revision = next_revision(reason=FactRevision.Reason.ENTRY, made_by=entered_by, now=now)
    model = FACT_MODELS[said.kind]
    if model._default_manager.filter(source=ENTERED, external_id=key).exists():
        raise EnteredAlready(_("This is entered already."))
    return model._default_manager.create(
        source=ENTERED, external_id=key, valid_from=revision.pk, **row
    )


@transaction.atomic
def correct_entry(*, said: Said, fact_id: int, entered_by: User, now: datetime) -> Fact:
    """Close an entry and add it as the form says now; what the form does not ask for stays.

    Returns:
        The new row; the old one where nothing differs.

    Raises:
        BadEntry, NotAnEntry, OwnEntry: nothing is changed.
    """
    _check_not_own(said.agent, entered_by)
    row = _read(said, now)
    revision = next_revision(reason=FactRevision.Reason.ENTRY, made_by=entered_by, now=now)
    fact = _entry(said.kind, fact_id, entered_by)
    if all(getattr(fact, name) == value for name, value in row.items()):
        revision.delete()
        return fact
    _close(fact, revision)
    kept = {name: getattr(fact, name) for name in facts_columns(type(fact))}
    fresh = {**kept, **row, "valid_from": revision.pk, "valid_until": None}
    return type(fact)._default_manager.create(**fresh)


@transaction.atomic
def remove_entry(*, kind: str, fact_id: int, removed_by: User, now: datetime) -> Fact:
    """Close an entry, so that it counts nowhere from the next run on.

    Raises:
        NotAnEntry, OwnEntry: nothing is changed.
    """
    revision = next_revision(reason=FactRevision.Reason.ENTRY, made_by=removed_by, now=now)
    fact = _entry(kind, fact_id, removed_by)
    _close(fact, revision)
    return fact


def _entry(kind: str, fact_id: int, user: User) -> Fact:
    found = FACT_MODELS[kind]._default_manager.select_for_update(of=("self",))
    fact = (
        found.select_related("agent")
        .filter(pk=fact_id, source=ENTERED, batch=None, valid_until=None)
        .first()
    )
    if fact is None:
        raise NotAnEntry(_("Somebody changed this entry meanwhile. Look at its newest form."))
    _check_not_own(fact.agent, user)
    return fact


def _close(fact: Fact, revision: FactRevision) -> None:
    type(fact)._default_manager.filter(pk=fact.pk).update(valid_until=revision.pk)


def _check_not_own(agent: Agent | None, user: User) -> None:
    if agent is not None and agent.pk == user.agent_id:
        raise OwnEntry(_("Nobody enters facts about themselves. Ask a colleague."))


def _read(said: Said, now: datetime) -> dict[str, Any]:
    """The columns of the fact, by the rules that hold for imported rows.

    Raises:
        BadEntry: with every field that is wrong.
    """
    known = specs(said.kind)
    texts = {name: text.strip() for name, text in said.values.items() if name in known}
    values, problems = _parsed(said.kind, texts, now)
    if said.agent is None and said.kind not in _OF_NOBODY:
        problems["agent"] = _("Say whom it is about.")
    if problems:
        raise BadEntry(problems)
    places = _places(said.kind, said.agent, values["day"])
    return {**values, **places, "agent_id": said.agent.pk if said.agent else None}


def _parsed(
    kind: str, texts: Mapping[str, str], now: datetime
) -> tuple[dict[str, Any], dict[str, str]]:
    """The typed values of one row, and what is wrong by field."""
    frame = pl.DataFrame(
        {name: pl.Series([text or None], dtype=pl.String) for name, text in texts.items()}
    ).with_columns(pl.Series(LINE, [1], dtype=pl.UInt32))
    mapping = KindMapping(kind, {name: _field(kind, name, text) for name, text in texts.items()})
    parsed = parse_rows(frame, mapping, _clock(now))
    wrong = pl.concat([parsed.problems, check_rows(parsed.frame, mapping)])
    problems = {
        column: reasons.of_row(code)
        for column, code in zip(wrong["column"], wrong["code"], strict=True)
    }
    row = parsed.frame.drop(LINE, "date", strict=False).row(0, named=True)
    return _without_gaps(kind, row), problems


def _field(kind: str, name: str, text: str) -> FieldMapping:
    is_clock = specs(kind)[name].type == "seconds" and ":" in text
    return FieldMapping((name,), reading="hms" if is_clock else "")


def _without_gaps(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """Empty fields that may not be empty have their default, as in an import."""
    fields = FACT_MODELS[kind]._meta.get_field
    return {
        name: fields(name).get_default() if value is None and not fields(name).null else value  # type: ignore[union-attr]
        for name, value in row.items()
    }


def _clock(now: datetime) -> Clock:
    organisation = Organisation.objects.first()
    zone = organisation.zone if organisation else "UTC"
    return Clock(zone, zone, settings.APPRAISAL_EARLIEST_FACT, now)


def _places(kind: str, agent: Agent | None, day: date) -> dict[str, int | None]:
    """Team, position and shift of the person on the day; of a figure, on most days of its month.

    Raises:
        BadEntry: the person was nowhere on record then.
    """
    if agent is None:
        return dict.fromkeys(_PLACES)
    held: Assignment | Stay | None
    if kind == "figures":
        held = stays_in(periods.holding(day, "month")).get(agent.pk)
        text = _("%(name)s belonged to no team in this month. Check the day and the person.")
    else:
        held = Assignment.objects.filter(holding(day), agent=agent).first()
        text = _("%(name)s belonged to no team on this day. Check the day and the person.")
    if held is None:
        raise BadEntry({DAY_OF[kind][0]: text % {"name": agent.display_name}})
    return {name: getattr(held, name) for name in _PLACES}


def entered_by(facts: list[Fact]) -> dict[int, FactRevision]:
    """Who entered or last corrected facts, by the id of the revision. Queries: at most 1."""
    wanted = {one.valid_from for one in facts if one.source == ENTERED and one.batch_id is None}
    if not wanted:
        return {}
    return FactRevision.objects.select_related("made_by__agent").in_bulk(wanted)


def history_of(fact: Fact) -> list[tuple[Fact, FactRevision, FactRevision | None]]:
    """Every form an entry had, the newest first: the row, who wrote it, who closed it.

    Queries: 2.
    """
    rows = list(
        type(fact)
        ._default_manager.filter(source=ENTERED, external_id=fact.external_id)
        .select_related("agent")
        .order_by("-valid_from")
    )
    wanted = {number for row in rows for number in (row.valid_from, row.valid_until) if number}
    made = FactRevision.objects.select_related("made_by__agent").in_bulk(wanted)
    return [
        (row, made[row.valid_from], made[row.valid_until] if row.valid_until else None)
        for row in rows
    ]
