"""Schemes that read the scores of one's staff: whether they would go round in a circle."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from agents.models import Agent
from agents.periods import Period
from agents.selectors import led_in, stays_in
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors.schemes import schemes_for
from appraisal.services.roster import position_codes
from appraisal.staff import find_circle, staff_of
from kpi.formula import compile_formula
from kpi.formula.compiler import scores_of
from kpi.models import KPIVersion
from kpi.places import Led
from kpi.selectors import list_current_versions


class CircularScheme(Exception):
    """With this scheme, cards would rest on each other; the message names the people."""


def refuse_circle(
    document: Mapping[str, Any], *, period: Period, versions: Iterable[KPIVersion] | None = None
) -> None:
    """Refuse a scheme under which, with the people on record, cards would rest on each other.

    Args:
        document: as :func:`appraisal.scoring.scheme.parse_scheme` reads it.
        period: whose teams and leaders are looked at: the one under way.
        versions: the KPIs in use, where the caller has read them.

    Raises:
        CircularScheme: nothing may be saved.
    Queries: 7 at most; none for a scheme that reads no scores, where the KPIs are given.
    """
    reading = _codes_that_read_scores(list_current_versions() if versions is None else versions)
    if not _reads(document, reading):
        return
    in_use = schemes_for(period.kind)
    readers = {code for code, version in in_use.items() if _reads(version.document, reading)}
    readers |= set(parse_scheme(document).positions)
    if circle := people_in_circle(readers, period=period):
        raise CircularScheme(circle_message(circle))


def people_in_circle(positions: Collection[str], *, period: Period) -> tuple[int, ...]:
    """The people whose cards would rest on each other, if those in these positions read scores.

    Queries: 4.
    """
    codes = position_codes()
    stays = stays_in(period)
    teams = {agent: stay.team_id for agent, stay in stays.items()}
    staff = staff_of((Led(*span) for span in led_in(period)), teams)
    readers = {agent for agent, stay in stays.items() if codes[stay.position_id] in positions}
    return find_circle(readers, staff)


def circle_message(circle: tuple[int, ...]) -> str:
    """Say in words whose cards rest on each other. Queries: 1."""
    names = {one.pk: one.display_name for one in Agent.objects.filter(pk__in=circle)}
    people = " → ".join(names.get(one, str(one)) for one in circle)
    message = _(
        "The score of each of these people would rest on the next one's, round and round: {people}."
        " Let one of them not lead the other, or take the scores of the staff out of a scheme."
    )
    return message.format(people=people)


def _codes_that_read_scores(versions: Iterable[KPIVersion]) -> set[str]:
    return {one.kpi.code for one in versions if scores_of(compile_formula(one.formula).root)}


def _reads(document: Mapping[str, Any], codes: Collection[str]) -> bool:
    return any(source.kpi in codes for source in parse_scheme(document).sources())
