"""What holds up a cycle, in words, with the deed that helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.access import allows
from agents.models import User
from appraisal.models import Cycle
from appraisal.selectors import holds
from appraisal.selectors.holds import Hold
from appraisal.web.pages.grades import language
from appraisal.web.pages.strips import day_list
from kpi.formula.fields import FACTS

_NAMES_SHOWN = 3


@dataclass(frozen=True)
class HoldRow:
    """One row of the list: how many, what, why it matters, whose turn it is, what helps.

    Attributes:
        url: where the deed is done; empty where the reader cannot do it.
        is_post: the deed changes something, so that it is a form.
    """

    count: int
    what: str
    detail: str
    who: str
    url: str = ""
    action: str = ""
    is_post: bool = False


def hold_rows(cycle: Cycle, found: list[Hold], user: User) -> list[HoldRow]:
    """The list of a cycle's page and of HR's home."""
    return [_WRITERS[hold.code](cycle, hold, user) for hold in found]


def may_read_notes(user: User) -> bool:
    """Whether what HR and the manager write to each other about a run is meant for this person."""
    return allows(user, "cycle.ask") or allows(user, "cycle.publish")


def _link(user: User, action: str, page: str, *args: object) -> str:
    """The address of a page that this person may open."""
    try:
        return reverse(page, args=args) if allows(user, action) else ""
    except NoReverseMatch:
        return ""


def _hr() -> str:
    return _("HR")


def _awaited(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    kind = FACTS[hold.kind].label(language())
    people = ngettext("%(people)s scorecard waits", "%(people)s scorecards wait", hold.people)
    return HoldRow(
        hold.people,
        _("%(kind)s are not imported") % {"kind": kind.capitalize()},
        people % {"people": f"{hold.people:,}"} + _(": ") + _shortened(hold.names),
        _hr(),
        _link(user, "import.write", "kpi:imports"),
        _("Import a file"),
    )


def _days(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    kind = FACTS[hold.kind].label(language())
    return HoldRow(
        hold.count,
        ngettext(
            "%(kind)s are short on one day",
            "%(kind)s are short on %(count)s days",
            hold.count,
        )
        % {"kind": kind.capitalize(), "count": hold.count},
        day_list(hold.days),
        _hr(),
        _link(user, "import.write", "kpi:imports"),
        _("Import a file"),
    )


def _unmeasurable(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    people = ngettext(
        "%(people)s scorecard lacks what no source gives",
        "%(people)s scorecards lack what no source gives",
        hold.people,
    )
    return HoldRow(
        hold.people,
        ngettext("A KPI cannot be measured", "%(count)s KPIs cannot be measured", hold.count)
        % {"count": hold.count},
        people % {"people": f"{hold.people:,}"} + _(": ") + _shortened(hold.names),
        _hr(),
        _link(user, "import.read", "kpi:imports"),
        _("Look at imports"),
    )


def _ratings(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    return HoldRow(
        hold.count,
        _("Ratings are awaited"),
        _("Scorecards stay provisional until they are entered."),
        _("Supervisors"),
    )


def _nobody(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    return HoldRow(
        hold.count,
        _("Answered contacts belong to no agent"),
        _("They count for the centre, and for nobody's scorecard."),
        _hr(),
        _link(user, "import.read", "kpi:imports"),
        _("Look at imports"),
    )


def _parked(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    people = ngettext(
        "%(people)s person is unknown: say who it is",
        "%(people)s people are unknown: say who they are",
        hold.people,
    )
    return HoldRow(
        hold.count,
        _("Rows wait for a person"),
        people % {"people": hold.people},
        _hr(),
        _link(user, "import.write", "kpi:batch", hold.subject_id),
        _("Match now"),
    )


def _no_grade(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    address = _link(user, "board.read", "appraisal:cycle_people", cycle.code)
    return HoldRow(
        hold.count,
        _("Scorecards without a grade"),
        _("Too little of their weight is measured. They are published without a grade."),
        _hr(),
        address and f"{address}?standing=no_grade",
        _("Look at them"),
    )


def _failed(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    return HoldRow(
        hold.count,
        _("The last computation stopped"),
        hold.names[0],
        _hr(),
        _link(user, "job.read", "kpi:job", hold.subject_id) if hold.subject_id else "",
        _("See why"),
    )


def _told_change(kind: str, count: int) -> str:
    """How much of a kind changed, in words; facts go by why they changed."""
    words = {
        "import": ngettext("%(count)s import", "%(count)s imports", count),
        "undo": ngettext("%(count)s import undone", "%(count)s imports undone", count),
        "entry": ngettext("%(count)s entry", "%(count)s entries", count),
        "exclude": ngettext("rows left out %(count)s time", "rows left out %(count)s times", count),
        "include": ngettext(
            "rows let in again %(count)s time", "rows let in again %(count)s times", count
        ),
        "restamp": ngettext("people moved %(count)s time", "people moved %(count)s times", count),
        "targets": ngettext("%(count)s target", "%(count)s targets", count),
        "ratings": ngettext("%(count)s rating", "%(count)s ratings", count),
        "schemes": ngettext(
            "the scheme of %(count)s position", "the schemes of %(count)s positions", count
        ),
        "kpis": ngettext("%(count)s KPI", "%(count)s KPIs", count),
        "months": ngettext("%(count)s month", "%(count)s months", count),
    }
    return words[kind] % {"count": count}


def _changed(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    return HoldRow(
        hold.count,
        _("Changed since run %(number)s") % {"number": hold.subject_id},
        _("The scorecards do not show it until the cycle is computed again: %(what)s.")
        % {"what": _(", ").join(_told_change(kind, count) for kind, count in hold.parts)},
        _hr(),
        _link(user, "cycle.compute", "appraisal:cycle_compute", cycle.code),
        _("Compute again"),
        is_post=True,
    )


def _uncomputed(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    return HoldRow(
        hold.count,
        _("The cycle is not computed yet"),
        _("Scorecards appear once it is. Only HR and those who lead see them until publication."),
        _hr(),
        _link(user, "cycle.compute", "appraisal:cycle_compute", cycle.code),
        _("Compute"),
        is_post=True,
    )


def _computing(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    number = {"number": hold.subject_id}
    return HoldRow(
        hold.count, _("Run %(number)s is computing") % number, _("Wait until it is done."), "–"
    )


def _approval(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    return HoldRow(
        hold.count,
        _("Run %(number)s waits for approval") % {"number": hold.subject_id},
        _("Sent by %(name)s. A manager publishes it or sends it back.") % {"name": hold.names[0]},
        _("Manager"),
        _link(user, "cycle.publish", "appraisal:cycle_publish", cycle.code),
        _("Decide"),
    )


def _returned(cycle: Cycle, hold: Hold, user: User) -> HoldRow:
    name, answer = hold.names
    return HoldRow(
        hold.count,
        _("Run %(number)s was sent back") % {"number": hold.subject_id},
        _("%(name)s: “%(answer)s”") % {"name": name, "answer": answer}
        if may_read_notes(user)
        else name,
        _hr(),
    )


def _shortened(names: tuple[str, ...]) -> str:
    shown = _(", ").join(names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return shown if more <= 0 else _("%(names)s and %(more)s more") % {"names": shown, "more": more}


_WRITERS: dict[str, Callable[[Cycle, Hold, User], HoldRow]] = {
    holds.AWAITED: _awaited,
    holds.DAYS: _days,
    holds.UNMEASURABLE: _unmeasurable,
    holds.RATINGS: _ratings,
    holds.NOBODY: _nobody,
    holds.PARKED: _parked,
    holds.NO_GRADE: _no_grade,
    holds.FAILED: _failed,
    holds.CHANGED: _changed,
    holds.UNCOMPUTED: _uncomputed,
    holds.COMPUTING: _computing,
    holds.APPROVAL: _approval,
    holds.RETURNED: _returned,
}
