"""Small plans, and people whose figures a test writes down."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from appraisal.pay.figures import Inputs
from appraisal.pay.money import objects
from appraisal.pay.plan import parse_plan
from appraisal.pay.statements import work_out

SCALE = 10**9


def name(text):
    return {"en": text, "zh": text}


def document(*lines, parameters=(), **more):
    """A plan of some lines; a line needs its type and what the type asks for."""
    named = [
        {"code": f"line_{at}", "group": "pay", "name": name(f"Line {at}")} | line
        for at, line in enumerate(lines, start=1)
    ]
    return {
        "code": "plan",
        "name": name("Plan"),
        "currency": {"en": "CNY", "zh": "元"},
        "positions": ["agent"],
        "parameters": list(parameters),
        "lines": named,
    } | more


def fixed(value):
    return None if value is None else int(Decimal(str(value)) * SCALE)


def frame(values, *, state="measured", sample=None):
    """A frame as measuring gives it; a missing value has the state ``no_data``."""
    states = [state if value is not None else "no_data" for value in values]
    return pd.DataFrame(
        {
            "state": states,
            "value": pd.array([fixed(value) for value in values], dtype="Int64"),
            "sample": pd.array(sample or [1] * len(values), dtype="Int64"),
        },
        index=pd.Index(np.arange(1, len(values) + 1, dtype=np.int64)),
    )


def people(count, **columns):
    given = {
        "position": ["agent"] * count,
        "team": ["hall"] * count,
        "shift": ["early"] * count,
        "grade": ["good"] * count,
        "stars": objects([None] * count),
        "years": objects([0] * count),
    } | {key: objects(values) for key, values in columns.items()}
    index = pd.Index(np.arange(1, count + 1, dtype=np.int64))
    return pd.DataFrame(given, index=index)


@pytest.fixture
def amounts():
    """What the first line of a plan gives: amount or state of each person."""

    def amounts_of(plan, measured=None, *, count=None, **columns):
        measured = measured or {}
        lengths = [len(one) for one in measured.values()]
        persons = people(count or (lengths[0] if lengths else 1), **columns)
        lines = work_out(plan, Inputs(persons, measured)).lines
        first = lines[lines["line"] == "line_1"]
        pairs = zip(first["amount"], first["state"], strict=True)
        return [str(amount) if amount is not None else state for amount, state in pairs]

    return amounts_of


@pytest.fixture
def plan_of():
    """A plan of one line."""
    return lambda *lines, **more: parse_plan(document(*lines, **more))
