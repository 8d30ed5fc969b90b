"""Cards in parts by days: the places of each part, so that it is measured on its own days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from appraisal.seats import Seat
from appraisal.services.inputs import Inputs
from kpi.places import Places, clip

Targets = Callable[[Sequence[Seat]], Mapping[tuple[int, str], Decimal]]


def lay_out(inputs: Inputs, *, targets: Targets) -> Inputs:
    """Give a computation its targets and, for people in parts, a layer for each further position.

    The first layer holds everybody's second position, the next one the third, and so on: in each,
    everybody has one place. The place that decides is narrowed to its own days as well.

    Args:
        targets: gives the targets that hold for people in such places.
    Queries: those of ``targets``, once and for each layer.
    """
    held = [seat.parts[0] if seat.parts else seat for seat in inputs.seats]
    own = replace(inputs, targets=targets(held))
    if not any(seat.parts for seat in inputs.seats):
        return own
    return replace(own, standing=_deciding(own), layers=tuple(_layers(own, targets)))


def layer_at(inputs: Inputs, *, agent_id: int, position_id: int | None) -> Inputs:
    """The layer in which somebody stands in a further position; everything for None."""
    if position_id is None:
        return inputs
    place = (agent_id, position_id)
    return next(
        layer
        for layer in inputs.layers
        if place in {(seat.agent_id, seat.position_id) for seat in layer.seats}
    )


def _deciding(inputs: Inputs) -> Places:
    """Where everybody stood in the position that decides."""
    parts = {seat.agent_id: seat.parts[0] for seat in inputs.seats if seat.parts}
    teams = {agent: part.team_id for agent, part in parts.items()}
    spans = {agent: part.spans for agent, part in parts.items()}
    places = inputs.places
    return replace(places, teams={**places.teams, **teams}, led=tuple(clip(inputs.led, spans)))


def _layers(inputs: Inputs, targets: Targets) -> Iterator[Inputs]:
    for number in range(1, max(len(seat.parts) for seat in inputs.seats)):
        seats = [seat.parts[number] for seat in inputs.seats if len(seat.parts) > number]
        held = {seat.position_id for seat in seats}
        own = {seat.agent_id for seat in seats}
        others = [seat for seat in inputs.seats if seat.agent_id not in own]
        yield replace(
            inputs,
            seats=seats,
            targets=targets(seats),
            standing=_further(inputs, seats),
            peers=tuple(seat.agent_id for seat in others if seat.position_id in held),
        )


def _further(inputs: Inputs, seats: Sequence[Seat]) -> Places:
    """Where these people stood in a further position, among those who held it most days.

    They are held against the average of these and make none themselves. What is stamped with no
    position is their own in the position that decides alone.
    """
    places, own = inputs.places, {seat.agent_id: seat for seat in seats}
    teams = {agent: seat.team_id for agent, seat in own.items()}
    positions = {agent: seat.position_id for agent, seat in own.items()}
    shifts = {agent: seat.days_by_shift for agent, seat in own.items()}
    led = [span for span in inputs.led if span.leader_id in own]
    return Places(
        teams={**places.teams, **teams},
        positions={**places.positions, **positions},
        is_one_position=True,
        shifts={**places.shifts, **shifts},
        counted=places.counted - own.keys(),
        led=tuple(clip(led, {agent: seat.spans for agent, seat in own.items()})),
        stamped_only=frozenset(own),
    )
