"""Conditions and stars as pages tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents import access
from agents.figures import plural_of
from agents.models import User
from appraisal.models import ScorecardLine
from appraisal.scoring.card_parts import split_key
from appraisal.scoring.explain import condition_rule, limit_text, tell_condition
from appraisal.scoring.scheme import Item
from appraisal.scoring.told import ToldCondition, read_conditions
from appraisal.scoring.wording import number_text, points_text
from appraisal.selectors.card import Card
from appraisal.selectors.conditions import extreme_day, kpis_named
from appraisal.services.behind import states_behind
from appraisal.web.pages.dates import date_text
from appraisal.web.pages.grades import joined, language
from appraisal.web.pages.lines import absent_text, line_url
from kpi.models import KPIVersion

_STATES = {"small": ScorecardLine.State.INSUFFICIENT, "measured": ScorecardLine.State.NO_DATA}


@dataclass(frozen=True)
class RowsBehind:
    """A table of rows on the page of a line: its place there, and what its rows are."""

    number: int
    label: str


@dataclass(frozen=True)
class ConditionRow:
    """What one condition of a line looked at.

    Attributes:
        value: the figure, else why it is unknown.
        verdict: whether it was met and what that does; empty where points are not shown.
        parts: the tables of the rows that the figure rests on.
    """

    name: str
    kpi_url: str
    value: str
    is_known: bool
    limit: str
    verdict: str
    parts: Sequence[RowsBehind]


def condition_versions(card: Card, line: ScorecardLine) -> dict[str, KPIVersion]:
    """The KPIs that the conditions of a line look at, by code. Queries: 1 where it has any."""
    return kpis_named(card.scorecard.run, {one["kpi"] for one in line.conditions or []})


def condition_rows(
    card: Card,
    line: ScorecardLine,
    *,
    versions: Mapping[str, KPIVersion],
    parts: Mapping[str, Sequence[RowsBehind]],
    user: User,
) -> list[ConditionRow]:
    """What the conditions of a line looked at, each with the way to its rows.

    Args:
        versions: as ``condition_versions`` gives them.
        parts: KPI code to the tables of its rows.
    Queries: those of :func:`appraisal.services.behind.states_behind` where one is unknown.
    """
    stored = line.conditions or []
    unknown = sorted({one["kpi"] for one in stored if one["value"] is None})
    states = states_behind(
        card.scorecard.run,
        versions,
        unknown,
        agent_id=card.scorecard.agent_id,
        position_id=split_key(line.item)[1],
    )
    may_read = access.allows(user, "kpi.read")
    told = read_conditions(stored, names_of(versions))
    return [
        ConditionRow(
            name=one.name,
            kpi_url=reverse("kpi:kpi", args=[code]) if may_read and code in versions else "",
            value=_figure(one, states.get(code, "no_data")),
            is_known=one.value is not None,
            limit=limit_text(one.side, one.threshold, one.unit, language()),
            verdict=_verdict(one) if card.shows_points else "",
            parts=parts.get(code, ()),
        )
        for code, one in zip((one["kpi"] for one in stored), told, strict=True)
    ]


def _figure(condition: ToldCondition, state: str) -> str:
    if condition.value is not None:
        return number_text(condition.value, condition.unit, language())
    return absent_text(_STATES.get(state, state))


def _verdict(condition: ToldCondition) -> str:
    if condition.met is None:
        return _("unknown, so it changes nothing")
    if not condition.met:
        return _("not met")
    effects = {"zero": _("the item gives no points"), "no_stars": _("no stars are given")}
    return _("met: %(effects)s") % {
        "effects": _(", ").join(effects[one] for one in condition.effects)
    }


def conditions_of(card: Card, line: ScorecardLine) -> list[ToldCondition]:
    """What a line stored of its conditions, with the day of those that were met.

    Queries: 1 where it has any, and 1 for each condition that is met.
    """
    stored = line.conditions or []
    versions = kpis_named(card.scorecard.run, {one["kpi"] for one in stored})
    days = {
        one["kpi"]: _day_of(card, versions[one["kpi"]], card.place_of(line).position_id)
        for one in stored
        if one["met"] and one["kpi"] in versions
    }
    return read_conditions(stored, names_of(versions), days)


def _day_of(card: Card, version: KPIVersion, position_id: int | None) -> str:
    agent_id = card.scorecard.agent_id
    day = extreme_day(version, window=card.window, agent_id=agent_id, position_id=position_id)
    return "" if day is None else date_text(day)


def names_of(versions: Mapping[str, KPIVersion]) -> dict[str, tuple[str, str]]:
    """KPI code to its name in the language of the page and its unit."""
    return {code: (version.name, version.unit) for code, version in versions.items()}


def condition_rules(item: Item, versions: Mapping[str, KPIVersion]) -> list[str]:
    """What the conditions of an item do, in sentences."""
    names = names_of(versions)
    return [
        condition_rule(one, *names.get(one.kpi, (one.kpi, "number")), language())
        for one in item.conditions
    ]


def stars_text(card: Card) -> str:
    """The stars of a scorecard in words; empty where there are none."""
    stars = card.scorecard.stars
    if not stars:
        return ""
    return ngettext("%(count)s star", "%(count)s stars", stars) % {"count": stars}


def took_stars_url(card: Card) -> str:
    """Where the condition that took the stars is shown with its rows; empty without one."""
    took = (
        line
        for line in card.lines
        for one in line.conditions or []
        if one["met"] and "no_stars" in one["effect"]
    )
    line = None if card.scorecard.stars else next(took, None)
    return "" if line is None else f"{line_url(card, line)}#conditions-{line.item}"


def why_no_stars(card: Card) -> str:
    """Why a scorecard has no stars, where its scheme gives some.

    Queries: 1 where a condition took them.
    """
    steps = card.scheme.stars
    if not steps or card.scorecard.stars:
        return ""
    if not card.scorecard.grade:
        return _("No stars: they need a grade.")
    stored = [one for line in card.lines for one in line.conditions or []]
    took = [one for one in stored if one["met"] and "no_stars" in one["effect"]]
    if took:
        names = names_of(kpis_named(card.scorecard.run, {one["kpi"] for one in took}))
        told = [tell_condition(one, language()) for one in read_conditions(took, names)]
        return joined([_("No stars this period."), *told])
    points = points_text(steps[-1].at)
    begin = ngettext(
        "No stars: they begin at %(points)s point.",
        "No stars: they begin at %(points)s points.",
        plural_of(points),
    )
    return begin % {"points": points}
