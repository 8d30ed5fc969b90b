"""A short way to write down what was measured, and the two shipped schemes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from appraisal.scoring import cards
from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.scheme import Scheme, parse_scheme

STATES = {"small", "no_data", "awaited", "not_applicable", "not_available"}
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
    return list_shipped_documents()[0]


@pytest.fixture
def s9_document() -> dict[str, Any]:
    return list_shipped_documents()[1]


@pytest.fixture
def s2(s2_document: dict[str, Any]) -> Scheme:
    return parse_scheme(s2_document)


@pytest.fixture
def s9(s9_document: dict[str, Any]) -> Scheme:
    return parse_scheme(s9_document)
