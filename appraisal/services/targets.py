"""Targets of a cycle: set by HR, read by a run as they held at its watermark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agents.models import User
from agents.periods import Period
from appraisal.models import Cycle, SchemeVersion, Target
from appraisal.scoring.scheme import Item, Scheme, parse_scheme
from appraisal.seats import Seat
from kpi.formula import compile_formula
from kpi.formula.parts import ratio_of, split
from kpi.models import FactRevision, KPIVersion
from kpi.selectors import list_current_versions
from kpi.services.revisions import next_revision

Level = Literal["scheme", "position", "team", "agent"]
LEVELS: Final[tuple[Level, ...]] = ("agent", "team", "position", "scheme")
"""The nearest first: a person's own target goes before the team's."""
_STEP: Final = Decimal("0.000000001")
_MOST: Final = Decimal(1_000_000_000)
_VOLUMES: Final = frozenset({"count", "money"})


class TargetsClosed(Exception):
    """The cycle is published; its targets never change."""


class OwnTarget(Exception):
    """Nobody sets a target for themselves."""


class BadTargets(Exception):
    """Targets that cannot hold; ``problems`` says which and why."""

    def __init__(self, problems: Mapping[Place, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class Overtaken(Exception):
    """Somebody else changed some of the targets meanwhile; ``held`` says what they are now."""

    def __init__(self, held: Mapping[Place, Decimal | None]) -> None:
        super().__init__(f"{len(held)} targets were changed meanwhile.")
        self.held = dict(held)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target stands: the item, and whom it is for; ``holder`` is None for everybody."""

    item: str
    level: Level
    holder: int | None = None


def may_be_aimed(item: Item) -> bool:
    """Whether the item's rule has a figure that a target can take the place of."""
    return item.rule.anchor() is not None and not item.rule.needs_target


def is_volume(item: Item, version: KPIVersion | None) -> bool:
    """Whether the item counts something over the whole period, so that a joiner owes less.

    That is a count or an amount of money that is not divided by anything, such as sales or
    calls of the month, where more is better. What is per shift, per contact or a share is not.
    """
    if version is None or version.unit not in _VOLUMES or item.rule.aim()[0] is None:
        return False
    return split(ratio_of(compile_formula(version.formula).root))[1] is None


def targets_for(
    cycle: Cycle, watermark: int, seats: Sequence[Seat], versions: Mapping[int, SchemeVersion]
) -> dict[tuple[int, str], Decimal]:
    """What each person's items are held against, where the cycle has targets of its own.

    The person's own target goes before the team's, that before the position's, that before the
    one for everybody of the scheme. A volume is asked for in proportion to the days present.

    Args:
        watermark: the fact revision at which the targets are read.
        seats: the people, with the place that decides.
        versions: the schemes by the id that the seats carry.

    Returns:
        Agent id and item code to the target in the KPI's unit; nothing where the scheme's holds.
    Queries: 1.
    """
    valid = _valid_at(cycle, watermark)
    if not valid:
        return {}
    schemes = {pk: version.scheme_id for pk, version in versions.items()}
    items = {one.item for one in valid.values()}
    found: dict[tuple[int, str], Decimal] = {}
    for seat in seats:
        scheme_id = schemes.get(seat.scheme_version_id)
        for item in items:
            target = _nearest(valid, scheme_id, item, seat)
            if target is not None:
                found[seat.agent_id, item] = _asked(target, seat, cycle.period)
    return found


_Key = tuple[int | None, str, Level, int | None]


def _valid_at(cycle: Cycle, watermark: int) -> dict[_Key, Target]:
    open_then = Q(valid_until__isnull=True) | Q(valid_until__gt=watermark)
    rows = Target.objects.filter(open_then, cycle=cycle, valid_from__lte=watermark)
    return {(row.scheme_id, row.item, *level_of(row)): row for row in rows}


def level_of(target: Target) -> tuple[Level, int | None]:
    """Whom a target is for."""
    if target.agent_id:
        return "agent", target.agent_id
    if target.team_id:
        return "team", target.team_id
    return ("position", target.position_id) if target.position_id else ("scheme", None)


def _nearest(
    valid: Mapping[_Key, Target], scheme_id: int | None, item: str, seat: Seat
) -> Target | None:
    holders: dict[Level, int | None] = {
        "agent": seat.agent_id,
        "team": seat.team_id,
        "position": seat.position_id,
        "scheme": None,
    }
    named = (valid.get((scheme_id, item, level, holders[level])) for level in LEVELS)
    return next((target for target in named if target is not None), None)


def _asked(target: Target, seat: Seat, period: Period) -> Decimal:
    days = (period.ends_on - period.starts_on).days
    if not target.pro_rata or seat.days_present >= days:
        return target.value
    return (target.value * seat.days_present / days).quantize(_STEP, ROUND_HALF_UP)


@transaction.atomic
def set_targets(
    *,
    cycle: Cycle,
    version: SchemeVersion,
    wanted: Mapping[Place, Decimal | None],
    set_by: User,
    now: datetime,
    stood: Mapping[Place, Decimal | None] | None = None,
) -> int:
    """Set, change and take away targets of one scheme in a cycle; what is the same stays.

    Args:
        version: the scheme in use; its items and rules decide what can be a target.
        wanted: None takes the target away.
        stood: what whoever wants them saw before; None if that does not matter.

    Returns:
        How many changed.

    Raises:
        BadTargets: with every target that cannot hold; nothing is changed.
        Overtaken: with every target that is neither what stood nor what is wanted; nothing is
            changed.
        OwnTarget, TargetsClosed: nothing is changed.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.published_run_id:
        raise TargetsClosed(_("This cycle is published, so its targets never change."))
    scheme = parse_scheme(version.document)
    _check(scheme, wanted)
    rows = Target.objects.filter(cycle=cycle, scheme=version.scheme_id, valid_until=None)
    held = {Place(row.item, *level_of(row)): row for row in rows}
    changed = {place: value for place, value in wanted.items() if _differs(held, place, value)}
    if not changed:
        return 0
    _check_not_overtaken(changed, held, stood)
    _check_not_own(changed, set_by)
    revision = next_revision(reason=FactRevision.Reason.ENTRY, made_by=set_by, now=now)
    gone = [held[place].pk for place in changed if place in held]
    Target.objects.filter(pk__in=gone).update(valid_until=revision.pk)
    kpis = {one.kpi.code: one for one in list_current_versions()}
    volumes = {item.code: is_volume(item, kpis.get(item.kpi)) for item in scheme.items}
    Target.objects.bulk_create(
        Target(
            cycle=cycle,
            scheme_id=version.scheme_id,
            item=place.item,
            value=value,
            pro_rata=volumes[place.item],
            set_by=set_by,
            set_at=now,
            valid_from=revision.pk,
            **_holder(place),
        )
        for place, value in changed.items()
        if value is not None
    )
    return len(changed)


def _differs(held: Mapping[Place, Target], place: Place, value: Decimal | None) -> bool:
    return (held[place].value if place in held else None) != value


def _check_not_overtaken(
    changed: Iterable[Place],
    held: Mapping[Place, Target],
    stood: Mapping[Place, Decimal | None] | None,
) -> None:
    if stood is None:
        return
    now = {place: held[place].value if place in held else None for place in changed}
    if moved := {place: value for place, value in now.items() if value != stood.get(place)}:
        raise Overtaken(moved)


def _holder(place: Place) -> dict[str, int]:
    if place.holder is None or place.level == "scheme":
        return {}
    return {f"{place.level}_id": place.holder}


def _check_not_own(changed: Iterable[Place], user: User) -> None:
    if any(place.level == "agent" and place.holder == user.agent_id for place in changed):
        raise OwnTarget(_("Nobody sets a target for themselves. Ask a colleague."))


def _check(scheme: Scheme, wanted: Mapping[Place, Decimal | None]) -> None:
    items = {item.code: item for item in scheme.items}
    problems = {
        place: problem
        for place, value in wanted.items()
        if value is not None and (problem := _problem(items.get(place.item), value))
    }
    if problems:
        raise BadTargets(problems)


def _problem(item: Item | None, value: Decimal) -> str:
    """Why a value cannot be the target of an item; empty where it can."""
    if item is None or not may_be_aimed(item):
        return _("This item has no target to set.")
    if not 0 <= value < _MOST or value != value.quantize(_STEP):
        return _("A target lies between 0 and a billion, with nine decimals at most.")
    anchor = item.rule.anchor()
    if value != anchor and item.rule.aimed_at(value) == item.rule:
        return _("This rule cannot aim at that: it gives nothing there, or lies the other way.")
    return ""


def has_set_targets(user: User, cycle: Cycle) -> bool:
    """Whether somebody ever set or took away targets of a cycle. Queries: at most 2."""
    own = FactRevision.objects.filter(made_by=user).values("pk")
    set_or_closed = Q(set_by=user) | Q(valid_until__in=own)
    return Target.objects.filter(set_or_closed, cycle=cycle).exists()
