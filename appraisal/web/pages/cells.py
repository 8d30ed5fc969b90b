"""The rows of a board, written as text.

A large board has hundreds of cells; a template tag for each would cost more than all the rest of
the page. Words, marks and the frames of changes are therefore made once for a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents import figures
from agents.templatetags.figures import delta
from agents.templatetags.marks import level_of, sparkline
from appraisal.scoring.scheme import Item, Scheme
from appraisal.scoring.wording import HOUR, HOURS_FROM, column_text
from appraisal.selectors.board import BoardCard
from appraisal.selectors.board_lines import BoardLine
from appraisal.web.pages.grades import glyph, grade_name, language
from appraisal.web.pages.lines import absent_text, better_way, few_text, mark_of

_PROBE = 8888  # found again in what the tag of a change writes
_ARROW = '<svg viewBox="0 0 12 12" aria-hidden="true"><path d="m4 2 4 4-4 4"/></svg>'
_BAR = (
    '<svg class="bar" data-level="{}" viewBox="0 0 100 4" preserveAspectRatio="none"'
    ' aria-hidden="true"><rect width="{}" height="4"/></svg>'
)
_SIGNIFICANT = frozenset("123456789")
_NEVER_TINTED = frozenset({"bonus", "veto"})
_MIDDLING = 2
_ROW = (
    '<tr data-open-class="has-more"><th class="stick" scope="row"><div class="who">'
    '<button class="disclose" type="button" aria-expanded="false" aria-controls="more-{agent}"'
    ' aria-label="{why}" hx-get="{why_url}" hx-trigger="click once"'
    ' hx-target="#more-{agent} > td">' + _ARROW + "</button>"
    '<a href="{url}">{name}</a><span class="only-wide">{place}</span>'
    '<span class="only-phone">{phone}</span></div></th>'
    '<td class="rank col-fold">{rank}</td>'
    '<td class="total col-fold"><a class="v" href="{url}">{total}</a>'
    '<span class="d">{change}</span></td>'
    '<td class="left col-fold grade-cell">{grade}</td><td class="col-fold">{spark}</td>{cells}</tr>'
    '<tr class="more" id="more-{agent}" hidden><td colspan="{width}" aria-live="polite"></td></tr>'
)


class RowWriter:
    """Writes the rows of one scheme's table.

    Args:
        url: address of a scorecard with ``{agent}`` in place of the agent's id.
        why_url: address of the reasons, likewise.
    """

    def __init__(self, scheme: Scheme, *, url: str, why_url: str) -> None:
        self.scheme = scheme
        self.url = escape(url)
        self.why_url = escape(why_url)
        self.language = language()
        self.no_change = delta(0, "count", "higher", "cell")
        self.words = {
            "centre": escape(_("centre")),
            "team": escape(_("team")),
            "provisional": f'<span class="tag" data-tone="prov">{escape(_("provisional"))}</span>',
            "prov": escape(_("prov.")),
            "why": escape(_("Why: {name}")),
            "covered": escape(_("{covered} covered")),
        }
        self.grade = cache(lambda code: glyph(scheme, code))
        self.grade_word = cache(lambda code: escape(grade_name(scheme, code)))
        self.stars = cache(_stars)
        self.frame = cache(self._frame)
        self.absent = cache(lambda state: (mark_of(state), escape(absent_text(state))))

    def rows(self, cards: Sequence[tuple[BoardCard, str, str]]) -> SafeString:
        """All rows.

        Args:
            cards: each with the name to show and what stands under it.
        """
        told = [self._row(card, escape(name), escape(place)) for card, name, place in cards]
        return mark_safe("".join(told))  # noqa: S308 - every part is escaped or written here

    def _row(self, card: BoardCard, name: str, place: str) -> str:
        agent = str(card.agent_id)
        url = self.url.replace("{agent}", agent)
        total = "–" if card.totals[-1] is None else figures.grouped(card.totals[-1], 1)
        return _ROW.format(
            agent=agent,
            url=url,
            why_url=self.why_url.replace("{agent}", agent),
            why=self.words["why"].replace("{name}", name),
            name=name,
            place=place,
            phone=self._phone(card, total),
            rank=card.rank or "–",
            total=total,
            change="" if card.change is None else self.change(card.change, "points", "higher"),
            grade=self._grade(card),
            spark=self._spark(card, name),
            cells=self._cells(card, url),
            width=len(self.scheme.items) + 5,
        )

    def _cells(self, card: BoardCard, url: str) -> str:
        """The cells of a row; written once, as the lines under a card that stands never change."""
        key = (self.language, url)
        if key not in card.texts:
            cells = [self.cell(card, item, url) for item in self.scheme.items]
            card.texts[key] = "".join(cells)
        return card.texts[key]

    def _phone(self, card: BoardCard, total: str) -> str:
        told: str = self.grade_word(card.grade)
        if card.grade:
            told = f"<strong>{total}</strong> {told}"
        return f"{told}, {self.words['prov']}" if card.provisional else told

    def _grade(self, card: BoardCard) -> str:
        told: str = self.grade(card.grade)
        if card.stars:
            told += self.stars(card.stars)
        if card.provisional:
            told += self.words["provisional"]
        if card.state == "no_grade":
            covered = self.words["covered"].replace("{covered}", f"{card.covered:.0f}%")
            told += f'<span class="d muted small">{covered}</span>'
        return told

    def _spark(self, card: BoardCard, name: str) -> str:
        known = _(", ").join(figures.grouped(one, 1) for one in card.totals if one is not None)
        return sparkline(card.totals, mark_safe(f"{name}: {known}"))  # noqa: S308 - escaped before

    def cell(self, card: BoardCard, item: Item, url: str) -> str:
        """One item of one person: value, change, and the share of the points as a bar."""
        line = card.lines.get(item.code)
        if line is None:
            return '<td class="kpi" data-state="na"></td>'
        mark, absent = self.absent(line.state)
        value = absent if line.value is None else self._value(line)
        if mark:
            return self._plain_cell(line, mark, f"{url}{item.code}/", value)
        level = tint(line, item)
        state = ' data-state="same"' if line.kpi.scope != "agent" else ""
        tinted = f' data-level="{level}"' if level else ""
        rests_on = "" if line.sample is None else f' title="n {line.sample:,}"'
        return (
            f'<td class="kpi"{state}{tinted}>'
            f'<a class="v" href="{url}{item.code}/"{rests_on}>{value}</a>'
            f'<span class="d">{self._under(line, item)}</span>{bar_text(line, item, level)}</td>'
        )

    def _plain_cell(self, line: BoardLine, mark: str, url: str, value: str) -> str:
        """A cell without points: what is there, or why nothing is."""
        under = ""
        if line.state == "insufficient":
            under = escape(few_text(line.sample or 0, line.kpi.minimum_sample))
        return (
            f'<td class="kpi" data-state="{mark}"><a class="v" href="{url}">{value}</a>'
            f'<span class="d">{under}</span></td>'
        )

    def _value(self, line: BoardLine) -> str:
        text = column_text(line.value or Decimal(0), line.kpi.unit, self.language)
        return f"({text})" if line.state == "insufficient" else text

    def _under(self, line: BoardLine, item: Item) -> str:
        if line.kpi.scope != "agent":
            return self.words[line.kpi.scope]
        if line.value is None or line.before is None:
            return ""
        direction = better_way(line.value, line.before, line.kpi.direction, item.rule)
        moved = line.value - line.before
        if line.kpi.unit == "s" and abs(line.value) >= HOURS_FROM:
            return self.change(moved / HOUR, "h", direction)
        return self.change(moved, line.kpi.unit, direction)

    def change(self, moved: Decimal, unit: str, direction: str) -> str:
        """What the tag ``delta`` writes in a cell, faster."""
        text = figures.change(moved, unit)
        if _SIGNIFICANT.isdisjoint(text):
            return self.no_change
        before, after = self.frame(moved > 0, direction)
        return f"{before}{text}{after}"

    def _frame(self, rose: bool, direction: str) -> tuple[str, str]:  # noqa: FBT001 - a key
        written = delta(_PROBE if rose else -_PROBE, "count", direction, "cell")
        before, _probe, after = written.partition(f"{_PROBE:,}")
        return before, after


def _stars(stars: int) -> str:
    words = ngettext("%(count)s star", "%(count)s stars", stars) % {"count": stars}
    return f'<span class="d muted small">{escape(words)}</span>'


def tint(line: BoardLine, item: Item) -> int:
    """The level that tints a cell, 0 for none.

    Never what is not personal, nor what only adds; an item that is full unless something happens
    is tinted only where something did.
    """
    if line.share is None or line.kpi.scope != "agent" or item.role in _NEVER_TINTED:
        return 0
    level = level_of(line.share)
    return 0 if item.role == "deduction" and level > _MIDDLING else level


def bar_text(line: BoardLine, item: Item, level: int) -> str:
    """The share of the item's points as a bar."""
    share = line.share
    if share is None or line.points is None or line.kpi.scope != "agent" or item.role == "veto":
        return ""
    width = 0 if share < 0 else 100 if share > 1 else float(share) * 100
    return _BAR.format(level or "", f"{width:.1f}")
