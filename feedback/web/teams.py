"""The home of those who lead: their teams, and who needs attention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from agents.models import User
from agents.templatetags.figures import delta
from agents.templatetags.marks import grade_glyph
from appraisal.models import Cycle
from appraisal.selectors import board as boards
from appraisal.selectors.boards import Boards, TeamRow, list_boards
from appraisal.selectors.cycles import get_cycle_row
from appraisal.web.pages.attention import Attention, few, who_needs_attention
from appraisal.web.pages.cycle_head import name_of, state_sentence
from appraisal.web.pages.grades import NO_GRADE, grade_name, grade_step, language


@dataclass(frozen=True)
class TeamLine:
    """A team: its score, the change, and how many have each grade."""

    name: str
    depth: int
    url: str
    people: int
    score: Decimal | None
    change: SafeString | str
    parts: list[tuple[int, int]]
    grades: list[tuple[SafeString, int]]


def led_page(user: User, today: date) -> dict[str, Any]:
    """Teams and people of the newest cycle with a run. Queries: about 20."""
    found = list_boards(user=user, cycle_code="", on=today)
    page: dict[str, Any] = {
        "has_teams": bool(found.rows),
        "teams": [_line(found, row) for row in found.rows],
    }
    cycle = cycle_of(found)
    if cycle is None or not found.rows:
        return page
    attention = _attention(user, found, cycle, today)
    row = get_cycle_row(cycle=cycle, user=user, on=today)
    return page | {
        "cycle": cycle,
        "name": name_of(cycle),
        "sentence": state_sentence(row),
        "tally": row.tally,
        "attention": [
            (one, reverse("appraisal:scorecard", args=[one.card.agent_id, cycle.code]))
            for one in few(attention)
        ],
        "attention_more": max(len(attention) - len(few(attention)), 0),
        "board_url": _board_url(found, found.rows[0]),
    }


def cycle_of(found: Boards) -> Cycle | None:
    """The cycle that the boards are of."""
    return found.timeline.cycle if found.timeline else None


def _attention(user: User, found: Boards, cycle: Cycle, today: date) -> list[Attention]:
    """Who needs attention in the teams at the top of those led; a board holds those below it."""
    people: list[Attention] = []
    for row in (row for row in found.rows if row.depth == 0):
        board = boards.get_board(
            user=user, team_code=row.team.code, cycle_code=cycle.code, on=today
        )
        schemes = {used.version_id: used.scheme for used in board.schemes}
        is_chinese = language().startswith("zh")
        names = {
            card.pk: card.name_zh if is_chinese and card.name_zh else card.name
            for card in board.cards
        }
        people += who_needs_attention(board.cards, schemes, names)
    return sorted(people, key=lambda one: -one.weight)


def _line(found: Boards, row: TeamRow) -> TeamLine:
    schemes = {used.version_id: used.scheme for used in found.schemes}
    words: dict[int, tuple[str, int]] = {}
    for (version_id, code), count in row.grades.items():
        step = grade_step(schemes[version_id], code)
        name, held = words.get(step, (grade_name(schemes[version_id], code), 0))
        words[step] = (name, held + count)
    steps = sorted(words, key=lambda step: -step)
    return TeamLine(
        name=row.team.name,
        depth=row.depth,
        url=_board_url(found, row),
        people=row.people,
        score=row.score,
        change=delta(row.change, "points", "higher", "cell") if row.people else "",
        parts=[(step or NO_GRADE, words[step][1]) for step in steps],
        grades=[(grade_glyph(step, words[step][0]), words[step][1]) for step in steps],
    )


def _board_url(found: Boards, row: TeamRow) -> str:
    address = reverse("appraisal:board", args=[row.team.code])
    cycle = cycle_of(found)
    return f"{address}?cycle={cycle.code}" if cycle else address
