"""What all facts of a month are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from agents.periods import Period
from feedback.demo.cast import Person
from feedback.demo.duty import SHIFT_STARTS_H, Duty, duties_in, form_of, stream
from feedback.demo.timeline import Timeline

_STAMP_TYPES = {
    "person": pl.Int64,
    "team": pl.String,
    "position": pl.String,
    "shift": pl.String,
    "day": pl.Date,
}
STAMPS = tuple(_STAMP_TYPES)


@dataclass
class Month:
    """One month of the story: who was there, in which form, and the contacts drawn already.

    Attributes:
        volume: the share of contacts and tickets that is kept.
        answered: the answered contacts, filled once they are drawn; reviews and surveys
            point to them.
        branch_answered: those of the branches, filled once they are drawn.
    """

    period: Period
    timeline: Timeline
    people: tuple[Person, ...]
    volume: float = 1.0
    answered: pl.DataFrame = field(default_factory=pl.DataFrame)
    tickets: pl.DataFrame = field(default_factory=pl.DataFrame)
    branch_answered: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def tag(self) -> str:
        """The month as external ids begin: 2610."""
        return f"{self.period.starts_on:%y%m}"

    @property
    def until(self) -> date:
        """The day from which on nothing is known."""
        return self.timeline.known_until(self.period)

    @cached_property
    def duties(self) -> list[Duty]:
        """Everybody's roster."""
        return duties_in(self.people, self.period, self.timeline)

    @cached_property
    def forms(self) -> list[dict[str, float]]:
        """Everybody's traits, by place in the cast."""
        return [form_of(person, self.period, self.timeline) for person in self.people]

    @cached_property
    def roster(self) -> pl.DataFrame:
        """The duties as a frame: stamps, ``start_h`` of the shift, ``state``."""
        places = {person.code: number for number, person in enumerate(self.people)}
        rows = [
            (
                places[duty.person.code],
                duty.team,
                duty.position,
                duty.shift,
                duty.day,
                SHIFT_STARTS_H[duty.shift],
                duty.state,
            )
            for duty in self.duties
        ]
        return pl.DataFrame(rows, schema=[*STAMPS, "start_h", "state"], orient="row")

    def stream(self, kind: str) -> np.random.Generator:
        """The random numbers of one kind of fact."""
        return stream(kind, self.period)

    def trait(self, name: str, persons: Sequence[int] | np.ndarray, *, usual: float) -> np.ndarray:
        """One trait of each of these people."""
        levels = np.array([form.get(name, usual) for form in self.forms])
        return levels[np.asarray(persons, dtype=int)]


def chosen(words: Sequence[str], which: np.ndarray) -> pl.Series:
    """The words at these places, as a column."""
    return pl.Series(words).gather(pl.Series(which.astype(np.int64)))


def drawn(
    rng: np.random.Generator, words: Sequence[str], shares: Sequence[float], count: int
) -> pl.Series:
    """Words drawn with given shares."""
    weights = np.array(shares) / sum(shares)
    return chosen(words, rng.choice(len(words), size=count, p=weights))


def numbered(prefix: str, count: int) -> pl.Series:
    """External ids: the prefix and a running number of six digits."""
    return prefix + pl.Series(range(1, count + 1), dtype=pl.Int64).cast(pl.String).str.zfill(6)


def moments(days: pl.Series, seconds: np.ndarray) -> pl.Series:
    """Local moments: seconds after midnight of these days."""
    after = pl.Series(seconds.astype(np.int64) * 1000).cast(pl.Duration("ms"))
    return days.cast(pl.Datetime("ms")) + after


def whole(values: np.ndarray, *, least: int = 0) -> np.ndarray:
    """Rounded to whole numbers of at least so much."""
    return np.maximum(np.rint(values), least).astype(np.int64)


def only(values: np.ndarray, where: np.ndarray) -> pl.Series:
    """Values where a condition holds, missing elsewhere."""
    both = pl.DataFrame({"value": values, "where": where})
    return both.select(pl.when("where").then("value")).to_series()


def rows_of(records: list[dict[str, Any]], fields: Sequence[str]) -> pl.DataFrame:
    """A frame of records drawn one by one; an empty one keeps its columns."""
    columns = (*_STAMP_TYPES, *fields)
    return pl.DataFrame(
        {name: [record.get(name) for record in records] for name in columns},
        schema_overrides=_STAMP_TYPES,
        strict=False,
    )
