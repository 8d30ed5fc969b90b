"""A short way to write down what was measured, and the two shipped schemes."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from appraisal.scoring import cards
from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.scheme import Scheme, parse_scheme
from tests.shipped import S2, S9, shipped_document


@dataclass
class StoredLine:
    """A line as the database gives it."""

    item: str
    value: Decimal | None
    weight: Decimal
    effective_weight: Decimal
    points: Decimal | None
    state: str = "scored"
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    sample: int | None = None
    target: Decimal | None = None
    level: str = ""
    conditions: Any = None


STATES = {"small", "no_data", "awaited", "not_applicable", "not_available", "not_measurable"}
Table = dict[int, dict[str, Any]]


def value_frame(table: Table) -> pd.DataFrame:
    rows = []
    for agent, values in table.items():
        for item, value in values.items():
            is_state = value in STATES
            number = None if is_state else to_fixed(Decimal(str(value)))
            rows.append((agent, item, value if is_state else "measured", number, 100))
    columns = ["agent_id", "item", "state", "value", "sample"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"agent_id": "int64", "value": "Int64", "sample": "Int64"})


def people_frame(table: Table) -> pd.DataFrame:
    agents = list(table)
    return pd.DataFrame({"agent_id": agents, "position": "agent", "present": True})


@pytest.fixture
def values_of() -> Callable[[Table], pd.DataFrame]:
    return value_frame


@pytest.fixture
def score() -> Callable[..., cards.Scored]:
    def score(scheme: Scheme, table: Table, **people: Any) -> cards.Scored:
        frame = people_frame(table).assign(**people)
        return cards.score(scheme, value_frame(table), frame)

    return score


@pytest.fixture
def s2_document() -> dict[str, Any]:
    return shipped_document(S2)


@pytest.fixture
def s9_document() -> dict[str, Any]:
    return shipped_document(S9)


@pytest.fixture
def s2(s2_document: dict[str, Any]) -> Scheme:
    return parse_scheme(s2_document)


@pytest.fixture
def s9(s9_document: dict[str, Any]) -> Scheme:
    return parse_scheme(s9_document)


@pytest.fixture
def make_line() -> Callable[..., StoredLine]:
    def make_line(item: str, value: str | None, weight: str, points: str | None, **more: Any):
        figures = {
            key: Decimal(figure) if key in {"numerator", "denominator", "target"} else figure
            for key, figure in more.items()
        }
        full = Decimal(figures.pop("effective_weight", weight))
        number = None if value is None else Decimal(value)
        given = None if points is None else Decimal(points)
        return StoredLine(item, number, Decimal(weight), full, given, **figures)

    return make_line


@pytest.fixture
def s2_lines(make_line: Callable[..., StoredLine]) -> list[StoredLine]:
    """An ordinary month: 85.35 points, good."""
    return [
        make_line("calls", "53.65", "50", "46.25", sample=20),
        make_line("handle_time", "312", "10", "9.33", sample=1073),
        make_line("answer_rate", "0.934", "5", "4.47", sample=38212),
        make_line("service_standard", "87.5", "10", "7.86", sample=8),
        make_line("exam", "84", "5", "4.20", sample=1),
        make_line(
            *("satisfaction", "0.876106195", "5", "3.24"),
            numerator="198",
            denominator="226",
            sample=226,
        ),
        make_line("rules_kept", "1", "5", "4", sample=1),
        make_line("hygiene", "0", "2", "2", sample=0),
        make_line("suggestions", "1", "3", "1", sample=1),
        make_line("praise", "3", "5", "3", sample=3),
    ]
