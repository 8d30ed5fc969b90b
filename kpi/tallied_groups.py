"""Which tallies form a group: what :mod:`kpi.groups` says of rows, said of tables in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import polars as pl

from kpi.groups import By, commonest
from kpi.places import ALL_SHIFTS, NO_SHIFT, Led, Places
from kpi.tables import Table

STAMPS: Final = ("agent_id", "team_id", "position_id", "shift_id")


def grouped_by(
    tallies: pl.DataFrame, table: Table, *, by: By, places: Places
) -> tuple[pl.DataFrame, list[str]]:
    """Tallies with the keys that :func:`kpi.groups.group_keys` gives to rows.

    Args:
        tallies: ``day`` and ``STAMPS``, with any other columns.
    Returns:
        The tallies that belong to a group, and the names of the keys; none where all form one.
    """
    if by == "agent" and table.scope == "own" and places.is_one_position and places.positions:
        tallies = tallies.filter(_of_position(places.positions, places.stamped_only))
    if by == "agent" and table.scope == "led":
        tallies = _by_leader(tallies, places.led)
    keys: dict[str, pl.Expr] = {}
    if (whose := _whose(table, by)) is not None:
        keys["group_key"] = whose
    elif table.grain:
        keys["group_key"] = pl.lit(0)
    if table.grain:
        keys["part_key"] = _PARTS[table.grain]
    if table.by_shift:
        keys["shift_key"] = _shift(places)
    found = tallies.with_columns(**keys)
    return (found.drop_nulls(list(keys)) if keys else found), list(keys)


_PARTS: Final = {
    "day": pl.col("day"),
    "week": pl.col("day").dt.truncate("1w"),
    "month": pl.col("day").dt.truncate("1mo"),
}


def _whose(table: Table, by: By) -> pl.Expr | None:
    if by == "day" or by == "month":
        return _PARTS[by]
    if table.scope == "centre" or by == "centre":
        return None
    if by == "team" or table.scope == "team":
        return pl.col("team_id")
    return pl.col("leader_id" if table.scope == "led" else "agent_id")


def _of_position(positions: Mapping[int, int], stamped_only: Collection[int]) -> pl.Expr:
    """As :func:`kpi.groups.of_position`."""
    usual = commonest(positions)
    held = pl.col("agent_id").replace_strict(dict(positions), default=usual, return_dtype=pl.Int64)
    stamped = pl.col("position_id")
    unstamped = stamped.is_null()
    if stamped_only:
        unstamped &= ~pl.col("agent_id").is_in(sorted(stamped_only))
    return unstamped | (stamped == held.fill_null(usual))


def _shift(places: Places) -> pl.Expr:
    """The shift of a tally of somebody who changed shift, else that of most days."""
    if not places.changers:
        return pl.lit(ALL_SHIFTS)
    usual = pl.col("agent_id").replace_strict(places.changers, default=None, return_dtype=pl.Int64)
    return (
        pl.when(usual.is_null())
        .then(pl.lit(ALL_SHIFTS))
        .when(pl.col("position_id").is_not_null())
        .then(pl.col("shift_id").fill_null(NO_SHIFT))
        .otherwise(usual)
    )


def _by_leader(tallies: pl.DataFrame, led: Iterable[Led]) -> pl.DataFrame:
    """Each tally once for whoever led its team on its day."""
    spans = pl.DataFrame(
        [(span.team_id, span.leader_id, span.starts_on, span.ends_on) for span in sorted(led)],
        schema={
            "team_id": pl.Int64,
            "leader_id": pl.Int64,
            "led_from": pl.Date,
            "led_until": pl.Date,
        },
        orient="row",
    )
    on_its_days = (pl.col("day") >= pl.col("led_from")) & (pl.col("day") < pl.col("led_until"))
    return tallies.join(spans, on="team_id").filter(on_its_days)
