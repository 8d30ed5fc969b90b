"""Conditions and stars as pages tell them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.figures import plural_of
from appraisal.models import ScorecardLine
from appraisal.scoring.explain import condition_rule, tell_condition
from appraisal.scoring.scheme import Item
from appraisal.scoring.told import ToldCondition, read_conditions
from appraisal.scoring.wording import points_text
from appraisal.selectors.card import Card
from appraisal.selectors.conditions import extreme_day, kpis_named
from appraisal.web.pages.dates import date_text
from appraisal.web.pages.grades import joined, language
from kpi.models import KPIVersion


def conditions_of(card: Card, line: ScorecardLine) -> list[ToldCondition]:
    """What a line stored of its conditions, with the day of those that were met.

    Queries: 1 where it has any, and 1 for each condition that is met.
    """
    stored = line.conditions or []
    versions = kpis_named(card.scorecard.run, {one["kpi"] for one in stored})
    days = {
        one["kpi"]: _day_of(card, versions[one["kpi"]])
        for one in stored
        if one["met"] and one["kpi"] in versions
    }
    return read_conditions(stored, names_of(versions), days)


def _day_of(card: Card, version: KPIVersion) -> str:
    day = extreme_day(version, window=card.window, agent_id=card.scorecard.agent_id)
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
