"""Links to the cycles around the one shown, and to the other kinds of cycle."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from appraisal.cycle_names import long_name
from appraisal.models import Cycle
from appraisal.selectors.timeline import Timeline
from appraisal.web.pages.address import Asked


def period_links(timeline: Timeline | None, asked: Asked) -> dict[str, Any]:
    """The name of the cycle, its neighbours, and the same days in other kinds of cycle."""
    if timeline is None:
        return {"name": "", "earlier": None, "later": None, "others": []}
    return {
        "name": long_name(timeline.cycle.period),
        "earlier": _link(timeline.neighbour(-1), asked),
        "later": _link(timeline.neighbour(1), asked),
        "others": [_link(one, asked) for one in timeline.others],
    }


def _link(cycle: Cycle | None, asked: Asked) -> dict[str, str] | None:
    if cycle is None:
        return None
    return {
        "name": long_name(cycle.period),
        "kind": kind_name(cycle.kind),
        "url": asked.but(cycle=cycle.code, page="", attention=""),
    }


def kind_name(kind: str) -> str:
    """What leads to another kind of cycle."""
    return {
        "month": _("By month"),
        "quarter": _("By quarter"),
        "year": _("By year"),
        "custom": _("Other days"),
    }[kind]
