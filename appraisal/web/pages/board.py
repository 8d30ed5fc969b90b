"""A board as the page shows it: columns, rows in the wanted order, the strip of facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.templatetags.figures import delta
from agents.templatetags.marks import grade_glyph, sparkline
from appraisal.cycle_names import short_name
from appraisal.scoring.scheme import Item, Scheme
from appraisal.scoring.wording import aim_text
from appraisal.selectors.board import Board, BoardCard, Named, TeamScore, score_of
from appraisal.selectors.board_lines import SchemeUsed
from appraisal.selectors.boards import Boards
from appraisal.web.pages.address import Asked
from appraisal.web.pages.attention import few, who_needs_attention, without_grade
from appraisal.web.pages.cells import RowWriter
from appraisal.web.pages.grades import grade_name, grade_step, language
from appraisal.web.pages.periods import period_links

_WORDS = {"name", "rank", "total", "grade"}
# What a change of filter leaves as it is.
_KEPT = ("cycle", "sort", "attention")
# What is best stands first at the first click.
_FALLING = {"total", "grade"}


@dataclass(frozen=True)
class Column:
    """A column head: its name, what stands under it, and the link that sorts by it."""

    key: str
    name: str
    meta: str
    url: str
    sorted: str

    @property
    def arrow(self) -> str:
        """Which way it is sorted."""
        return {"ascending": "↑", "descending": "↓"}.get(self.sorted, "")


@dataclass(frozen=True)
class Group:
    """Neighbouring columns under one name."""

    name: str
    size: int


@dataclass(frozen=True)
class Table:
    """The people of one scheme."""

    scheme: SchemeUsed
    scheme_name: str
    fixed: dict[str, Column]
    groups: list[Group]
    columns: list[Column]
    people: int
    rows: SafeString


def board_page(board: Board, asked: Asked) -> dict[str, Any]:
    """Everything the board's template needs."""
    schemes = {used.version_id: used.scheme for used in board.schemes}
    names = {card.pk: _name(card) for card in board.cards}
    cards = _filtered(board.cards, asked)
    attention = who_needs_attention(cards, schemes, names)
    shown = cards
    if asked.get("attention"):
        wanted = {one.card.pk for one in attention}
        shown = [card for card in cards if card.pk in wanted]
    score = score_of(cards)
    return {
        **period_links(board.timeline, asked),
        "filters": _filters(board, asked),
        "kept": [(key, asked.get(key)) for key in _KEPT if asked.get(key)],
        "score": score,
        "score_change": _score_change(score),
        "score_spark": _score_spark(score),
        "score_note": _score_note(board, score),
        "grades": _grades(cards, schemes),
        "grade_parts": _parts(_how_many(cards), schemes),
        "attention": few(attention),
        "attention_all": len(attention),
        "attention_url": asked.but(attention="" if asked.get("attention") else "1"),
        "only_attention": bool(asked.get("attention")),
        "missing": without_grade(cards, schemes, names),
        "tables": [_table(board, used, shown, asked) for used in board.schemes],
        "people": len(cards),
        "shown": len(shown),
    }


def _name(card: BoardCard) -> str:
    return card.name_zh if language().startswith("zh") and card.name_zh else card.name


def _filtered(cards: Sequence[BoardCard], asked: Asked) -> list[BoardCard]:
    shift, position = asked.get("shift"), asked.get("position")
    return [
        card
        for card in cards
        if (not shift or (card.shift is not None and card.shift.code == shift))
        and (not position or card.position.code == position)
    ]


@dataclass(frozen=True)
class Filter:
    """A choice above the table: its field, and values with their names."""

    name: str
    label: str
    everything: str
    choices: list[tuple[str, str, bool]]


def _filters(board: Board, asked: Asked) -> list[Filter]:
    shifts = {card.shift.code: card.shift for card in board.cards if card.shift is not None}
    positions = {card.position.code: card.position for card in board.cards}
    found = [
        Filter("shift", _("Shift"), _("All shifts"), _choices(shifts, asked.get("shift"))),
        Filter(
            "position",
            _("Position"),
            _("All positions"),
            _choices(positions, asked.get("position")),
        ),
    ]
    return [one for one in found if len(one.choices) > 1 or asked.get(one.name)]


def _choices(named: Mapping[str, Named], chosen: str) -> list[tuple[str, str, bool]]:
    return [(code, one.name(language()), code == chosen) for code, one in sorted(named.items())]


def _score_change(score: TeamScore) -> str:
    return "" if score.change is None else delta(score.change, "points", "higher", "large")


def _score_spark(score: TeamScore) -> str:
    known = _(", ").join(f"{one:.1f}" for one in score.history if one is not None)
    return sparkline(score.history, _("Team score: %(totals)s") % {"totals": known}, "large")


def _score_note(board: Board, score: TeamScore) -> str:
    if score.before is None or board.before is None:
        return ""
    words = {
        "period": short_name(board.before),
        "score": f"{score.before:.1f}",
        "people": score.same,
    }
    if score.same == score.people:
        return _("%(period)s %(score)s, same people.") % words
    both = ngettext(
        "%(period)s %(score)s, the %(people)s person who has both.",
        "%(period)s %(score)s, the %(people)s people who have both.",
        score.same,
    )
    return both % words


def boards_page(boards: Boards, asked: Asked) -> dict[str, Any]:
    """Everything the list of boards needs."""
    schemes = {used.version_id: used.scheme for used in boards.schemes}
    timeline = boards.timeline
    suffix = f"?cycle={timeline.cycle.code}" if timeline is not None and asked.get("cycle") else ""
    return {
        **period_links(timeline, asked),
        "rows": [
            {
                "team": row.team,
                "depth": row.depth,
                "people": row.people,
                "score": "" if row.score is None else f"{row.score:.1f}",
                "change": "" if row.change is None else delta(row.change, "points", size="cell"),
                "parts": _parts(row.grades, schemes),
                "grades": _grade_words(row.grades, schemes),
                "url": reverse("appraisal:board", args=[row.team.code]) + suffix,
            }
            for row in boards.rows
        ],
    }


def _parts(
    grades: Mapping[tuple[int, str], int], schemes: Mapping[int, Scheme]
) -> list[tuple[int, int]]:
    counts: dict[int, int] = {}
    for (version_id, code), count in grades.items():
        step = grade_step(schemes[version_id], code)
        counts[step] = counts.get(step, 0) + count
    return [(step, counts.get(step, 0)) for step in (4, 3, 2, 1, 0)]


def _grade_words(
    grades: Mapping[tuple[int, str], int], schemes: Mapping[int, Scheme]
) -> list[tuple[SafeString | str, int]]:
    """Each grade that somebody has, the best first."""
    marks: dict[tuple[int, str], int] = {}
    for (version_id, code), count in grades.items():
        scheme = schemes[version_id]
        key = (grade_step(scheme, code), grade_name(scheme, code))
        marks[key] = marks.get(key, 0) + count
    return [(grade_glyph(*key), count) for key, count in sorted(marks.items(), reverse=True)]


def _grades(cards: Sequence[BoardCard], schemes: Mapping[int, Scheme]) -> list[tuple[str, int]]:
    """Every grade with its mark and how many have it, the best first, no grade last."""
    counts: Counter[tuple[int, str]] = Counter()
    for scheme in schemes.values():
        for grade in scheme.grades:
            counts[grade_step(scheme, grade.code), grade_name(scheme, grade.code)] = 0
    for (version_id, code), count in _how_many(cards).items():
        scheme = schemes[version_id]
        counts[grade_step(scheme, code), grade_name(scheme, code)] += count
    return [(grade_glyph(*key), counts[key]) for key in sorted(counts, reverse=True)]


def _how_many(cards: Sequence[BoardCard]) -> Counter[tuple[int, str]]:
    """How many have a grade of a scheme version; an empty one is none."""
    return Counter((card.scheme_version_id, card.grade) for card in cards)


def _table(board: Board, used: SchemeUsed, cards: Sequence[BoardCard], asked: Asked) -> Table:
    mine = [card for card in cards if card.scheme_version_id == used.version_id]
    items = used.scheme.items
    key, is_falling = _order(asked)
    ordered = _sorted(mine, key, used.scheme, is_falling=is_falling)
    return Table(
        scheme=used,
        scheme_name=used.name_zh if language().startswith("zh") else used.name_en,
        fixed={
            name: _column(name, label, "", asked)
            for name, label in (
                ("name", _("Agent")),
                ("rank", _("Rank")),
                ("total", _("Total")),
                ("grade", _("Grade")),
            )
        },
        groups=_groups(used.scheme),
        columns=[_item_column(item, mine, used.scheme, asked) for item in items],
        people=len(ordered),
        rows=_writer(board, used.scheme).rows(
            [(card, _name(card), _place(card)) for card in ordered]
        ),
    )


def _order(asked: Asked) -> tuple[str, bool]:
    text = asked.get("sort") or "-total"
    return text.removeprefix("-"), text.startswith("-")


def _sorted(
    cards: Sequence[BoardCard], key: str, scheme: Scheme, *, is_falling: bool
) -> list[BoardCard]:
    """In the wanted order; who has no such figure stands last, whichever way."""
    figure = _figures(scheme).get(key, lambda card: _line_value(card, key))
    known = [card for card in cards if figure(card) is not None]
    rest = [card for card in cards if figure(card) is None]
    known.sort(key=lambda card: (figure(card), card.pk), reverse=is_falling)
    return [*known, *rest]


def _figures(scheme: Scheme) -> dict[str, Callable[[BoardCard], Any]]:
    return {
        "name": lambda card: _name(card).casefold(),
        "rank": lambda card: card.rank,
        "total": lambda card: card.totals[-1],
        "grade": lambda card: grade_step(scheme, card.grade) or None,
    }


def _line_value(card: BoardCard, item: str) -> Decimal | None:
    line = card.lines.get(item)
    return line.value if line is not None and line.state == "scored" else None


def _column(key: str, name: str, meta: str, asked: Asked) -> Column:
    """A head whose link sorts by it, the second time the other way."""
    sorted_by, is_falling = _order(asked)
    best_first = key in _FALLING or key not in _WORDS
    falls_next = not is_falling if key == sorted_by else best_first
    way = "descending" if is_falling else "ascending"
    return Column(
        key=key,
        name=name,
        meta=meta,
        url=asked.but(sort=f"-{key}" if falls_next else key),
        sorted=way if key == sorted_by else "",
    )


def _item_column(item: Item, cards: Sequence[BoardCard], scheme: Scheme, asked: Asked) -> Column:
    unit = next(
        (card.lines[item.code].kpi.unit for card in cards if item.code in card.lines), "number"
    )
    percent = f"{float(scheme.weight_of(item)):.1f}".removesuffix(".0")
    aim = _("average") if item.rule.needs_target else aim_text(item.rule.aim(), unit, language())
    meta = f"{percent}% · {aim}" if aim else f"{percent}%"
    return _column(item.code, item.name.in_language(language()), meta, asked)


def _groups(scheme: Scheme) -> list[Group]:
    names = {group.code: group.name.in_language(language()) for group in scheme.groups}
    found: list[Group] = []
    for item in scheme.items:
        name = names.get(item.group, "")
        if found and found[-1].name == name:
            found[-1] = Group(name, found[-1].size + 1)
        else:
            found.append(Group(name, 1))
    return found


def _writer(board: Board, scheme: Scheme) -> RowWriter:
    """The addresses are made once, with a mark where the person's id goes."""
    card = reverse("appraisal:scorecard", args=[0, board.cycle.code])
    why = reverse("appraisal:reason", args=[board.team.code, 0])
    return RowWriter(
        scheme,
        url=card.replace("/0/", "/{agent}/", 1),
        why_url=f"{why.replace('/0/', '/{agent}/')}?cycle={board.cycle.code}",
    )


def _place(card: BoardCard) -> str:
    """What stands under a name: the name in the other script, the shift, the parts."""
    other = card.name_zh if _name(card) == card.name else card.name
    shift = card.shift.name(language()) if card.shift else ""
    parts = _("%(count)s positions by days") % {"count": card.positions} if card.positions else ""
    return " · ".join(part for part in (other, shift, parts) if part)
