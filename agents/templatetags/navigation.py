"""The entries of the top bar: what a person's roles are for, as far as they are allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agents import access

register = template.Library()


@dataclass(frozen=True)
class Entry:
    """One entry: its page, the right it needs, and how the pages below it are called."""

    label: str | Promise
    page: str
    action: str
    below: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """An entry as the page shows it."""

    label: str | Promise
    url: str
    is_current: bool


def _entry(label: str | Promise, page: str, action: str, *below: str) -> Entry:
    return Entry(label, page, action, (page, *below))


_CARDS = ("appraisal:scorecard", "appraisal:line")
_PLACES = ("agents:person", "agents:alias", "agents:team", "agents:leader")

_ENTRIES = {
    "mine": _entry(_("My results"), "feedback:home", "self", "appraisal:own_results", *_CARDS),
    "own": _entry(_("My results"), "appraisal:own_results", "self"),
    "team": _entry(_("Team"), "appraisal:boards", "board.read", "appraisal:board"),
    "teams": _entry(_("Teams"), "appraisal:boards", "board.read", "appraisal:board"),
    "scorecards": _entry(_("Scorecards"), "appraisal:scorecards", "scorecard.read", *_CARDS),
    "results": _entry(
        _("Results"), "appraisal:scorecards", "scorecard.read", *_CARDS, "appraisal:board"
    ),
    "cycles": _entry(
        _("Cycles"),
        "appraisal:cycles",
        "cycle.read",
        "appraisal:cycle",
        "appraisal:run",
        "appraisal:targets",
    ),
    "data": _entry(
        _("Data"),
        "kpi:imports",
        "import.read",
        "kpi:batch",
        "kpi:template",
        "kpi:entr",
        "kpi:exclu",
    ),
    "left_out": _entry(_("Rows left out"), "kpi:exclusions", "fact.approve", "kpi:exclusion"),
    "schemes": _entry(_("Schemes"), "appraisal:schemes", "scheme.read", "appraisal:scheme"),
    "pay": _entry(_("Pay"), "appraisal:pay_plans", "pay.read", "appraisal:pay"),
    "own_pay": _entry(
        _("My pay"), "appraisal:own_pay", "self", "appraisal:pay_statement", "appraisal:pay_line"
    ),
    "kpis": _entry(_("KPIs"), "kpi:kpis", "kpi.read", "kpi:kpi"),
    "people": _entry(
        _("People"), "agents:people", "people.read", *_PLACES, "agents:position", "agents:shift"
    ),
    "users": _entry(_("Users"), "agents:users", "users.read", "agents:user"),
    "jobs": _entry(_("Jobs"), "kpi:jobs", "job.read", "kpi:job"),
}

# In the order in which the roles come to the front: what a person does for others first.
_BY_ROLE = {
    "hr": ("cycles", "data", "results", "schemes", "kpis", "pay", "people", "users"),
    "manager": ("cycles", "teams", "results", "schemes", "kpis", "pay", "left_out"),
    "supervisor": ("team", "scorecards", "people"),
    "team_leader": ("team", "scorecards", "people"),
    "administrator": ("users", "jobs"),
    "reviewer": ("kpis",),
    "agent": ("mine", "own_pay"),
}


@register.simple_tag(takes_context=True)
def navigation(context: RequestContext) -> list[Link]:
    """Give the links of the top bar for the person who asks; at most one is the current one.

    A page may stand below several, as a statement does below the pay of all and one's own: the
    first counts, which is what a person does for others.
    """
    request: HttpRequest = context["request"]
    current = request.resolver_match.view_name if request.resolver_match else ""
    entries = list(_entries_for(request))
    chosen = next((entry for entry in entries if current.startswith(entry.below)), None)
    return [
        Link(entry.label, url, entry is chosen)
        for entry in entries
        if (url := _address(entry.page)) is not None
    ]


def _entries_for(request: HttpRequest) -> Iterator[Entry]:
    roles = access.roles_of(request.user)  # type: ignore[arg-type]  # anonymous has none
    names = [name for role, held in _BY_ROLE.items() if role in roles for name in held]
    if len(roles) > 1:
        names = ["own" if name == "mine" else name for name in names]
    shown: set[str] = set()
    for name in names:
        entry = _ENTRIES[name]
        if entry.page not in shown and access.allows(request.user, entry.action):  # type: ignore[arg-type]
            shown.add(entry.page)
            yield entry


def _address(page: str) -> str | None:
    try:
        return reverse(page)
    except NoReverseMatch:
        return None
