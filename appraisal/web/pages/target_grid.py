"""Targets of a cycle as a table: a column for each item, a row for each it may be set for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from agents import figures
from agents.models import Agent, Position, Team
from appraisal.models import SchemeVersion
from appraisal.scoring.scheme import Item, parse_scheme
from appraisal.scoring.wording import SUFFIXES
from appraisal.seats import Seat
from appraisal.services.targets import Level, Place, is_volume, may_be_aimed
from appraisal.web.pages.grades import language
from appraisal.web.pages.typed import read_typed, without_commas
from appraisal.web.pages.typed import typed as typed_text
from kpi.models import KPIVersion

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")


@dataclass(frozen=True)
class Column:
    """One item: its name, the unit that its targets are written in, what the scheme asks for."""

    item: str
    name: str
    unit: str
    unit_name: str
    default: str
    is_volume: bool


@dataclass(frozen=True)
class Cell:
    """A target: how its field is called, what stands in it, what holds where it is empty.

    Attributes:
        item: the name of what it is a target of.
    """

    place: Place
    value: str
    holds: str
    problem: str
    item: str = ""

    @property
    def read(self) -> str:
        """What holds, for those who only read: with commas between thousands."""
        text = self.value or self.holds
        return figures.shortest(Decimal(text), 9) if _NUMBER.fullmatch(text) else text

    @property
    def name(self) -> str:
        """The field's name in the form."""
        return name_of(self.place)


@dataclass(frozen=True)
class Row:
    """All targets of one holder."""

    level: Level
    holder: int | None
    code: str
    label: str
    cells: list[Cell]
    is_own: bool = False


@dataclass(frozen=True)
class Grid:
    """The table of a scheme in a cycle.

    Attributes:
        stood: the targets that are set, by field, as a query string: it is sent along, so that only
            what somebody changed is changed.
    """

    columns: list[Column]
    rows: list[Row]
    stood: str = ""

    def row_of(self, level: str, code: str) -> Row | None:
        """The row of somebody named by level and code, as a file names them."""
        found = (row for row in self.rows if (row.level, row.code) == (level, code))
        return next(found, None)


@dataclass(frozen=True)
class Cast:
    """Whom a scheme appraises in the cycle, as far as the reader sees them."""

    seats: Sequence[Seat]
    agents: Mapping[int, Agent]
    teams: Mapping[int, Team]
    positions: Mapping[int, Position]


@dataclass(frozen=True)
class Typed:
    """What a form was sent with: field to text, and what is wrong with some of it."""

    texts: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[Place, str] = field(default_factory=dict)


def name_of(place: Place) -> str:
    """The name of a field in the form."""
    return f"{place.level}-{place.holder or 0}-{place.item}"


def columns_of(version: SchemeVersion, kpis: Mapping[str, KPIVersion]) -> list[Column]:
    """The items that a target can be set for."""
    scheme = parse_scheme(version.document)
    return [_column(item, kpis.get(item.kpi)) for item in scheme.items if may_be_aimed(item)]


def _column(item: Item, version: KPIVersion | None) -> Column:
    unit = version.unit if version else "share"
    anchor = item.rule.anchor() if item.target is None else item.target
    return Column(
        item=item.code,
        name=item.name.in_language(language()),
        unit=unit,
        unit_name=_unit_name(unit),
        default=written(anchor, unit),
        is_volume=is_volume(item, version),
    )


def _unit_name(unit: str) -> str:
    return SUFFIXES.get(unit, ("", ""))[language().startswith("zh")].strip()


def written(value: Decimal | None, unit: str) -> str:
    """A target as it is typed: a share in percent, whole hours as such, all else in its unit."""
    if value is None:
        return ""
    if unit == "s" and value >= figures.HOURS_FROM and not value % figures.HOUR:
        return typed_text(value, unit)
    return f"{(value * 100 if unit == 'share' else value).normalize():f}"


def read(text: str, unit: str) -> Decimal | None:
    """What was typed; None where nothing was.

    Raises:
        ValueError: no number; the text says what to write.
    """
    bare = text.strip().removesuffix("%").strip()
    if unit == "s":
        bare = str(read_typed(bare, unit) or "")
    plain = without_commas(bare)
    if not plain:
        return None
    if not _NUMBER.fullmatch(plain):
        shown = text.strip()[:40]
        raise ValueError(_("“%(text)s” is no number. Write one such as 58.5.") % {"text": shown})
    value = Decimal(plain)
    return value / 100 if unit == "share" else value


def build(
    columns: Sequence[Column],
    cast: Cast,
    held: Mapping[Place, Decimal],
    *,
    own_id: int | None = None,
    typed: Typed | None = None,
) -> Grid:
    """The table: everybody, the positions where there are several, the teams, the people."""
    said = typed or Typed()
    rows = [_row(columns, place, held, said, own_id, cast) for place in _holders(cast)]
    units = {column.item: column.unit for column in columns}
    places = [cell.place for row in rows for cell in row.cells]
    stood = {name_of(one): written(held[one], units[one.item]) for one in places if one in held}
    return Grid(list(columns), rows, urlencode(stood))


def _holders(cast: Cast) -> Iterable[tuple[Level, int | None, Seat | None]]:
    yield "scheme", None, None
    positions = sorted({seat.position_id for seat in cast.seats})
    if len(positions) > 1:
        yield from (("position", pk, None) for pk in positions)
    teams = sorted({seat.team_id for seat in cast.seats}, key=lambda pk: cast.teams[pk].code)
    for team in teams:
        yield "team", team, None
        members = [seat for seat in cast.seats if seat.team_id == team]
        for seat in sorted(members, key=lambda one: cast.agents[one.agent_id].code):
            yield "agent", seat.agent_id, seat


def _row(
    columns: Sequence[Column],
    holder: tuple[Level, int | None, Seat | None],
    held: Mapping[Place, Decimal],
    typed: Typed,
    own_id: int | None,
    cast: Cast,
) -> Row:
    level, pk, seat = holder
    code, label = _named(level, pk, cast)
    cells = [_cell(column, level, pk, seat, held, typed) for column in columns]
    return Row(level, pk, code, label, cells, level == "agent" and pk == own_id)


def _named(level: Level, pk: int | None, cast: Cast) -> tuple[str, str]:
    if level == "agent" and pk:
        return cast.agents[pk].code, cast.agents[pk].display_name
    if level == "team" and pk:
        return cast.teams[pk].code, cast.teams[pk].name
    if level == "position" and pk:
        return cast.positions[pk].code, cast.positions[pk].name
    return "", _("Everybody")


def _cell(
    column: Column,
    level: Level,
    pk: int | None,
    seat: Seat | None,
    held: Mapping[Place, Decimal],
    typed: Typed,
) -> Cell:
    place = Place(column.item, level, pk)
    value = written(held.get(place), column.unit)
    above = _above(column.item, level, pk, seat)
    nearest = next((held[one] for one in above if one in held), None)
    return Cell(
        place,
        typed.texts.get(name_of(place), value),
        written(nearest, column.unit) or column.default,
        typed.problems.get(place, ""),
        column.name,
    )


def _above(item: str, level: Level, pk: int | None, seat: Seat | None) -> list[Place]:
    """What holds where the place itself has no target, the nearest first."""
    everybody = Place(item, "scheme")
    if seat is not None:
        return [
            Place(item, "team", seat.team_id),
            Place(item, "position", seat.position_id),
            everybody,
        ]
    return [] if level == "scheme" else [everybody]
