"""The lines of a board and its schemes: what a run that is done never changes again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from appraisal.models import SchemeVersion, ScorecardLine
from appraisal.scoring.card_parts import split_key
from appraisal.scoring.months import is_month, scheme_of_lines
from appraisal.scoring.scheme import Scheme, parse_scheme

_SCORED = ScorecardLine.State.SCORED.value


class Kpi(NamedTuple):
    """What a board needs to know of a KPI version; of a rating, that it has none."""

    kpi_id: int = 0
    unit: str = "share"
    direction: str = "higher"
    minimum_sample: int = 0
    scope: str = "agent"


# What stands for the KPI in a line that is a month of a quarter or a year.
MONTH = Kpi(unit="points")


class BoardLine(NamedTuple):
    """One item of one person, with the value of the period before where it is the same KPI."""

    item: str
    state: str
    value: Decimal | None
    sample: int | None
    share: Decimal | None
    points: Decimal | None
    effective_weight: Decimal
    kpi: Kpi
    before: Decimal | None = None


@dataclass(frozen=True)
class SchemeUsed:
    """A scheme on the board: its version, and what it says."""

    version_id: int
    number: int
    name_en: str
    name_zh: str
    scheme: Scheme


class Contents(NamedTuple):
    """The schemes of a board, and the lines of each of its cards by item.

    Attributes:
        texts: of each card, what pages wrote of its lines alone; kept as long as the lines are.
        positions: of a card in parts by days, how many it has; its lines are those of the
            position that decides.
    """

    schemes: list[SchemeUsed]
    lines: Mapping[int, Mapping[str, BoardLine]]
    texts: Mapping[int, dict[tuple[str, str], str]]
    positions: Mapping[int, int]


@lru_cache(maxsize=8)  # boards; that of 50 people with ten items takes some 600 kB
def contents_of(
    cards: tuple[tuple[int, int], ...],
    version_ids: frozenset[int],
    run: tuple[int, str],
) -> Contents:
    """The schemes and lines of cards whose run is done; kept, as neither changes any more.

    Args:
        cards: each card with the same person's card of the period before, or 0.
        run: its number and digest, which tell it from a run of a database made anew.
    Queries: 2, the first time.
    """
    read: list[tuple[int, BoardLine]] = []
    positions: dict[int, set[int]] = {}
    for pk, line in _read({pk for pair in cards for pk in pair}):
        position_id = split_key(line.item)[1]
        if position_id is None:
            read.append((pk, line))
        else:
            positions.setdefault(pk, set()).add(position_id)
    before = {
        (pk, line.item, line.kpi.kpi_id): line.value for pk, line in read if line.state == _SCORED
    }
    previous = dict(cards)
    lines: dict[int, dict[str, BoardLine]] = {pk: {} for pk in previous}
    for pk, line in read:
        if pk in previous:
            past = before.get((previous[pk], line.item, line.kpi.kpi_id))
            is_told = past is not None and line.state == _SCORED
            lines[pk][line.item] = line._replace(before=past) if is_told else line
    codes = {item for by_item in lines.values() for item in by_item}
    return Contents(
        schemes_used(version_ids, codes),
        lines,
        {pk: {} for pk in lines},
        {pk: len(held) + 1 for pk, held in positions.items()},
    )


def _read(card_pks: Iterable[int]) -> Iterator[tuple[int, BoardLine]]:
    """The lines of cards in the order of their items, each with its card. Queries: 1."""
    kpis: dict[int | None, Kpi] = {None: Kpi()}
    version = "kpi_version__"
    found = ScorecardLine.objects.filter(scorecard_id__in=list(card_pks)).order_by("order")
    line = ("scorecard_id", "item", "state", "value", "sample", "share", "points")
    kpi = ("kpi_id", "unit", "direction", "minimum_sample", "scope")
    rows = found.values_list(
        *line, "effective_weight", "kpi_version_id", *(version + name for name in kpi)
    )
    for card, item, state, value, sample, share, points, weight, pk, *told in rows:
        if pk not in kpis:
            kpis[pk] = Kpi(*told)
        measured = MONTH if pk is None and is_month(item) else kpis[pk]
        yield card, BoardLine(item, state, value, sample, share, points, weight, measured)


def schemes_used(version_ids: Iterable[int], codes: Iterable[str] = ()) -> list[SchemeUsed]:
    """These schemes, read. Queries: 1.

    Args:
        codes: the codes of the lines shown; of cards made of months, those of the months.
    """
    codes = list(codes)
    versions = SchemeVersion.objects.filter(pk__in=list(version_ids)).order_by("pk")
    return [
        SchemeUsed(
            one.pk,
            one.number,
            one.name_en,
            one.name_zh,
            scheme_of_lines(parse_scheme(one.document), codes),
        )
        for one in versions
    ]
