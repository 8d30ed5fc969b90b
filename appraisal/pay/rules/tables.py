"""Lines that look an amount up: by grade, stars or place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from appraisal.pay.figures import (
    COUNTED,
    Figure,
    Inputs,
    Numbers,
    Source,
    dump_figure,
    read_figure,
)
from appraisal.pay.money import flat, nothing, objects
from appraisal.pay.rules.base import Settled, texts_of
from appraisal.scoring.reading import Reader

BY = ("grade", "stars", "position", "team", "shift")


@dataclass(frozen=True, slots=True)
class Table:
    """An amount by grade, stars or place; the part is the person's own."""

    by: str
    rows: tuple[tuple[str, Figure], ...]

    kind: ClassVar[str] = "table"

    @classmethod
    def read(cls, reader: Reader) -> Table:
        """Read the rule."""
        by = reader.choice("by", BY)
        rows = []
        for entry in reader.entries("rows"):
            raw = entry.get("is")
            if not isinstance(raw, int | str) or isinstance(raw, bool) or raw == "":
                entry.note("is", "must be a code or a whole number")
            rows.append((str(raw), read_figure(entry, "amount")))
            entry.finish()
        names = [name for name, _amount in rows]
        if len(set(names)) < len(names):
            reader.note("rows", "name one thing twice")
        return cls(by, tuple(rows))

    def dump(self) -> dict[str, Any]:
        """Write the rule as the document does."""
        rows = [{"is": name, "amount": dump_figure(one)} for name, one in self.rows]
        return {"by": self.by, "rows": rows}

    def figures(self) -> Iterator[Figure]:
        """Give the amounts."""
        yield from (amount for _name, amount in self.rows)

    def sources(self, line: str, numbers: Numbers) -> Iterator[Source]:
        """Nothing is measured: place, grade and stars are on the scorecard."""
        yield from ()

    def settle(self, line: str, inputs: Inputs, numbers: Numbers) -> Settled:
        """Look up the amount of each person."""
        held = objects("" if _is_none(one) else str(one) for one in inputs.people[self.by])
        size = inputs.size
        money = nothing(size)
        for name, amount in self.rows:
            money += flat(held == name, numbers(amount))
        named = {name for name, _amount in self.rows}
        without = "no_data" if self.by in {"grade", "stars"} else "not_applicable"
        is_place = without == "not_applicable"
        states = objects(
            COUNTED if one in named or (one and not is_place) else without for one in held
        )
        return Settled(states, np.zeros(size, dtype=object), money, texts_of([held]))


def _is_none(value: Any) -> bool:
    return value is None or value != value
