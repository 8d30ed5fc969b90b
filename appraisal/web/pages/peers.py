"""The peers that a line is held against: what their average is made of, as far as one may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import Shift, User
from appraisal.models import Scorecard, ScorecardLine
from appraisal.scoring.card_parts import split_key
from appraisal.scoring.wording import number_text
from appraisal.selectors.card import Card
from appraisal.selectors.scorecards import scorecards_visible_to
from appraisal.services import behind
from appraisal.web.pages.address import Asked
from appraisal.web.pages.grades import language
from appraisal.web.pages.lines import unit_of
from appraisal.web.pages.rows import GLANCE_SIZE, PAGE_SIZE, Pages
from kpi.engine import from_fixed
from kpi.formula.cells import Quotient, fixed_point, shown, whole_quotient
from kpi.formula.peers import FEWEST_PEERS, HeldAgainst, Peer
from kpi.models import Fact

State = ScorecardLine.State
_UNHELD = frozenset({State.AWAITED, State.NOT_MEASURABLE, State.NOT_AVAILABLE})
# The sums of all, less those that are shown, would be the figure of this one person.
_TELLING = 1


@dataclass(frozen=True)
class PeerRow:
    """One of the peers whose figures the reader may see.

    Attributes:
        part: how much of the own days was spent in this shift; empty for all of them.
        sums: numerator and denominator; empty where the figure is no ratio.
    """

    name: str
    team: str
    url: str
    part: str
    sums: str
    value: str
    is_own: bool


@dataclass(frozen=True)
class PeerTable:
    """The peers of one shift.

    Attributes:
        title: how many make the average, and in which shift where there are several.
        average: the average with its sums; empty where there is none.
        notes: what is not shown or not counted, and why.
        rows: those the reader may see, a page of them.
    """

    number: int
    title: str
    average: str
    sums: str
    notes: list[str]
    rows: list[PeerRow]
    has_parts: bool
    has_sums: bool
    page: Page[PeerRow] | None
    pages: Pages | None


def peer_tables(
    card: Card, line: ScorecardLine, *, user: User, on: date, asked: Asked, is_glance: bool
) -> list[PeerTable]:
    """The peers of a line whose rule asks for their average, a table for each shift.

    Nobody's name or figure is shown to who may not open that person's scorecard.

    Args:
        asked: its query has ``peers0`` for the page of the first table, and so on.
    Queries: those of :func:`appraisal.services.behind.peers_behind`, and 6 more.
    """
    item = card.item(line)
    if not item.rule.needs_target or line.state in _UNHELD:
        return []
    run, agent_id = card.scorecard.run, card.scorecard.agent_id
    _code, position_id = split_key(line.item)
    held = behind.peers_behind(run, item, agent_id=agent_id, position_id=position_id)
    seen = _seen(card, held, user=user, on=on)
    shifts = Shift.objects.in_bulk([one.group[1] for one in held]) if len(held) > 1 else {}
    size = GLANCE_SIZE if is_glance else PAGE_SIZE
    return [
        _table(
            card, line, one, seen, number=at, shift=shifts.get(one.group[1]), asked=asked, size=size
        )
        for at, one in enumerate(held)
    ]


def would_tell(card: Card, facts: QuerySet[Fact], *, user: User, on: date) -> bool:
    """Whether rows of peers, counted and added up, would tell what is one person's alone.

    So they do where all of them but those of one person are rows of people that the reader may see.

    Args:
        facts: the rows of everybody in the same position and shift.
    Queries: those of the rights, and 2 more.
    """
    people = set(facts.order_by().values_list("agent_id", flat=True).distinct())
    return len(people - _cards_seen(card, people, user=user, on=on).keys()) == _TELLING


def _seen(card: Card, held: Sequence[HeldAgainst], *, user: User, on: date) -> dict[int, Scorecard]:
    """The scorecards of the run, by agent, that the reader may open: of the peers, and this."""
    people = {peer.person for one in held for peer in one.peers}
    return _cards_seen(card, people, user=user, on=on)


def _cards_seen(card: Card, people: set[int], *, user: User, on: date) -> dict[int, Scorecard]:
    cards = scorecards_visible_to(user, on).filter(run=card.scorecard.run, agent_id__in=people)
    found = {one.agent_id: one for one in cards.select_related("agent", "team")}
    return found | {card.scorecard.agent_id: card.scorecard}


def _table(
    card: Card,
    line: ScorecardLine,
    held: HeldAgainst,
    seen: Mapping[int, Scorecard],
    *,
    number: int,
    shift: Shift | None,
    asked: Asked,
    size: int,
) -> PeerTable:
    counted = [peer for peer in held.peers if peer.makes_average]
    unseen = [peer for peer in counted if peer.person not in seen]
    rows = [_row(card, line, seen[peer.person], peer) for peer in counted if peer.person in seen]
    # The own figure alone stands above already.
    is_open = any(not row.is_own for row in rows)
    ordered = sorted(rows, key=lambda row: (row.name, row.url)) if is_open else []
    page = Paginator(ordered, size).get_page(asked.get(f"peers{number}") or "1")
    is_told = len(unseen) != _TELLING
    return PeerTable(
        number=number,
        title=_title(len(counted), shift, held),
        average="" if held.average is None else _value(held.average, line),
        sums=_sums(held.average) if held.average is not None and is_told else "",
        notes=[*_not_seen(len(unseen), is_told=is_told), *_not_counted(held, card, line)],
        rows=list(page),
        has_parts=any(row.part for row in ordered),
        has_sums=any(row.sums for row in ordered),
        page=page if ordered else None,
        pages=_pages(page, asked, number),
    )


def _row(card: Card, line: ScorecardLine, scorecard: Scorecard, peer: Peer) -> PeerRow:
    cell = peer.cell
    return PeerRow(
        name=scorecard.agent.display_name,
        team=scorecard.team.name,
        url=reverse("appraisal:line", args=[peer.person, card.cycle.code, split_key(line.item)[0]]),
        part="" if peer.share == 1 else _percent(peer),
        sums="" if cell is None or cell[1] is None else _sums(cell),
        value="" if cell is None else _value(cell, line),
        is_own=peer.person == card.scorecard.agent_id,
    )


def _percent(peer: Peer) -> str:
    share = Decimal(peer.share.numerator) / peer.share.denominator
    return number_text(share, "share", language())


def _fixed(cell: Quotient) -> int:
    return fixed_point(*whole_quotient(cell[0], 1 if cell[1] is None else cell[1]))


def _value(cell: Quotient, line: ScorecardLine) -> str:
    return number_text(from_fixed(_fixed(cell)), unit_of(line), language())


def _sums(cell: Quotient) -> str:
    above, below = shown(cell, _fixed(cell))
    told = (f"{Decimal(one).normalize():,f}" for one in (above, below) if one is not None)
    return " / ".join(told)


def _title(counted: int, shift: Shift | None, held: HeldAgainst) -> str:
    people = ngettext(
        "%(count)s person of the same position and shift makes the average",
        "%(count)s people of the same position and shift make the average",
        counted,
    ) % {"count": f"{counted:,}"}
    if shift is None:
        return people
    share = Decimal(held.share.numerator) / held.share.denominator
    words = {"shift": shift.name, "share": number_text(share, "share", language())}
    return _("%(shift)s, %(share)s of the days: ") % words + people


def _not_seen(unseen: int, *, is_told: bool) -> list[str]:
    if not unseen:
        return []
    told = ngettext(
        "%(count)s of them is not named here: names and figures are for those who may open that"
        " person's scorecard.",
        "%(count)s of them are not named here: names and figures are for those who may open these"
        " people's scorecards.",
        unseen,
    )
    hidden = _("The sums are not shown either: they would tell the figure of this one person.")
    return [told % {"count": f"{unseen:,}"}, *([] if is_told else [hidden])]


def _not_counted(held: HeldAgainst, card: Card, line: ScorecardLine) -> list[str]:
    """Who of the same position and shift makes no average, and why there is none of too few."""
    is_further = split_key(line.item)[1] is not None
    aside = card.scorecard.agent_id if is_further else None
    short = sum(not peer.is_counted and peer.person != aside for peer in held.peers)
    empty = sum(peer.is_counted and peer.cell is None for peer in held.peers)
    told = []
    if is_further:
        told.append(_("Only those who held the position on most of their days make the average."))
    if held.average is None:
        few = _("An average needs at least %(needed)s people with a figure.")
        told.append(few % {"needed": FEWEST_PEERS})
    if short:
        words = ngettext(
            "%(count)s more is left out, present for too short a time.",
            "%(count)s more are left out, present for too short a time.",
            short,
        )
        told.append(words % {"count": f"{short:,}"})
    if empty:
        words = ngettext(
            "%(count)s more has nothing to measure.",
            "%(count)s more have nothing to measure.",
            empty,
        )
        told.append(words % {"count": f"{empty:,}"})
    return told


def _pages(page: Page[PeerRow], asked: Asked, number: int) -> Pages | None:
    if not page.has_other_pages():
        return None

    def address(wanted: int) -> str:
        return asked.but(**{f"peers{number}": str(wanted)})

    return Pages(
        earlier=address(page.number - 1) if page.has_previous() else "",
        later=address(page.number + 1) if page.has_next() else "",
    )
