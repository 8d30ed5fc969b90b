"""The worked example of a definition, as what the engine takes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from kpi.formula.interpret import EVERYBODY

GIVES: Final = "gives"
SCORES: Final = "scores"


def rows_of(example: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Give the rows of an example, by kind of fact."""
    return {part: rows for part, rows in example.items() if part not in (GIVES, SCORES)}


def scores_of(example: Mapping[str, Any]) -> dict[str, list[Decimal]]:
    """Give the scores of other people that an example states, by whose they are."""
    stated: Mapping[str, list[Any]] = example.get(SCORES, {})
    return {code: [Decimal(str(score)) for score in scores] for code, scores in stated.items()}


def given_of(example: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Give the same as frames for :func:`kpi.engine.evaluate`, one row for the only group."""
    return {
        f"score_of:{code}": pd.DataFrame(
            {"numerator": [sum(scores)], "denominator": [len(scores)], "sample": [len(scores)]},
            index=pd.Index([EVERYBODY]),
            dtype=object,
        )
        for code, scores in scores_of(example).items()
    }
