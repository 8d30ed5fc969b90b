"""Where everybody would have stood in a run if a draft had been in use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.selectors import Tenure, tenures_in
from appraisal.models import SchemeVersion
from appraisal.scoring.scheme import Scheme
from appraisal.seats import Seat
from appraisal.selectors.schemes import schemes_for
from appraisal.services import roster
from appraisal.services.stored import Stored
from appraisal.services.tenures import are_parts_made, in_parts_of, makes_parts, tenure_of

Schemes = Mapping[str, int]
"""The version in use for each position, by its code."""


def reseat(stored: Stored, version: SchemeVersion, scheme: Scheme) -> tuple[Seat, ...]:
    """The seats of a run with the draft in use instead of the scheme's version there.

    Whatever the run pinned stands: places, parts, and the other schemes. What it did not need to
    pin is as on record now: tenures and schemes of parts that the draft adds, and the people of a
    position that no scheme appraised. Whoever no scheme appraises any more has no seat.

    Args:
        scheme: what the draft says, or what one tries out on it.
    Queries: 4 at most, none where nothing is looked up.
    """
    kind = stored.run.cycle.kind
    former = former_versions(stored, version)
    in_parts = {pk for pk, one in stored.schemes.items() if are_parts_made(one, kind)}
    would = (in_parts - former) | ({version.pk} if are_parts_made(scheme, kind) else set())
    pinned = _pinned(stored.seats)
    in_use = {code: pk for code, pk in pinned.items() if pk not in former}
    in_use |= dict.fromkeys(scheme.positions, version.pk)
    added = set(scheme.positions) - pinned.keys()
    if not (would | in_parts | added) and in_use.keys() >= pinned.keys():
        return tuple(_moved(seat, in_use) for seat in stored.seats)
    today = schemes_for(kind, without=version.scheme_id)
    in_use = {code: one.pk for code, one in today.items()} | in_use
    would |= {one.pk for one in today.values() if makes_parts(one, kind)}
    positions = roster.position_codes()
    held = tenures_in(stored.run.cycle.period) if would | in_parts else {}
    parts = _Parts(in_use=in_use, was=in_parts, would=would, today=held, positions=positions)
    placed = [parts.of(seat) for seat in stored.seats if seat.position in in_use]
    placed += [parts.newly(seat) for seat in _added(stored, added, version, positions)]
    return tuple(sorted(placed, key=lambda seat: seat.agent_id))


def _added(
    stored: Stored, added: set[str], version: SchemeVersion, positions: Mapping[int, str]
) -> list[Seat]:
    """The people of positions that no scheme appraised in the run. Queries: 1, none for none."""
    if not added.intersection(positions.values()):
        return []
    schemes = dict.fromkeys(added, version.pk)
    seats = roster.whole_seats(stored.run.cycle.period, schemes=schemes, positions=positions)
    known = {seat.agent_id for seat in stored.seats}
    return [seat for seat in seats if seat.agent_id not in known]


def former_versions(stored: Stored, version: SchemeVersion) -> set[int]:
    """The versions of the draft's own scheme that the run used."""
    return {pk for pk, one in stored.versions.items() if one.scheme_id == version.scheme_id}


def stand_alike(one: Iterable[Seat], other: Iterable[Seat]) -> bool:
    """Whether people stand in the same places, parts included, whatever scheme scores them."""
    return [_place(seat) for seat in one] == [_place(seat) for seat in other]


def _place(seat: Seat) -> Seat:
    if not (seat.parts or seat.elsewhere):
        return replace(seat, scheme_version_id=0)
    parts = tuple(_place(part) for part in seat.parts)
    return replace(seat, scheme_version_id=0, parts=parts, elsewhere=())


def _pinned(seats: Iterable[Seat]) -> dict[str, int]:
    """The version that scored each position in a run."""
    held = (one for seat in seats for one in (seat, *seat.parts))
    return {one.position: one.scheme_version_id for one in held}


def _moved(seat: Seat, in_use: Schemes) -> Seat:
    pk = in_use[seat.position]
    return seat if pk == seat.scheme_version_id else replace(seat, scheme_version_id=pk)


@dataclass(frozen=True)
class _Parts:
    """Makes the parts of seats.

    Attributes:
        was, would: the schemes that make cards in parts, in the run and with the draft in use.
        today: the tenures on record now.
        positions: the code of each position by id.
    """

    in_use: Schemes
    was: Collection[int]
    would: Collection[int]
    today: Mapping[int, Sequence[Tenure]]
    positions: Mapping[int, str]

    def of(self, pinned: Seat) -> Seat:
        """A seat with the parts that the schemes in use make, from those that the run pinned."""
        whole = replace(_moved(pinned, self.in_use), parts=(), elsewhere=())
        if whole.scheme_version_id not in self.would:
            return whole
        if pinned.scheme_version_id in self.was:
            return self._again(pinned, whole) if pinned.parts else whole
        return self.newly(whole)

    def newly(self, whole: Seat) -> Seat:
        """A seat with the parts that it has on record now."""
        held = self.today.get(whole.agent_id, ())
        is_there = whole.position_id in {one.position_id for one in held}
        if whole.scheme_version_id not in self.would or not is_there:
            return whole
        return in_parts_of(whole, held, self.in_use, self.positions)

    def _again(self, pinned: Seat, whole: Seat) -> Seat:
        """The parts that the run pinned, and those that a scheme is found for only now."""
        elsewhere = dict(pinned.elsewhere)
        found = [
            one
            for one in self.today.get(whole.agent_id, ())
            if one.position_id in elsewhere and self.positions[one.position_id] in self.in_use
        ]
        held: Sequence[Tenure] = [*map(tenure_of, pinned.parts), *found]
        seat = in_parts_of(whole, held, self.in_use, self.positions)
        left = elsewhere.keys() - {one.position_id for one in found}
        days = tuple((position, days) for position, days in pinned.elsewhere if position in left)
        return replace(seat, elsewhere=(*seat.elsewhere, *days))
