"""From measured figures to statements: every line to the cent, the net their sum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from appraisal.pay.figures import COUNTED, Inputs
from appraisal.pay.money import as_amount, objects, whole_cents
from appraisal.pay.plan import Line, Plan
from appraisal.scoring.fixed import Ints, from_fixed

FLOOR = "floor"
"""The code of the line that lifts a net below zero to zero, where the plan says so."""

STATEMENT_FIELDS = ("agent_id", "plan", "provisional", "net")
LINE_FIELDS = ("agent_id", "order", "line", "state", "quantity", "amount", "detail")


@dataclass(frozen=True)
class Statements:
    """What a plan gives: statements, one row an agent; lines, one row an agent and line.

    Attributes:
        statements: ``STATEMENT_FIELDS``; ``net`` is a Decimal of two places, None where no line
            has an amount.
        lines: ``LINE_FIELDS``; ``quantity`` and ``amount`` are Decimals or None, ``detail`` holds
            ``parts`` (texts, as the rule of the line gives them) and, where the limit of the line
            bites, ``full``: the amount without it.
    """

    statements: pd.DataFrame
    lines: pd.DataFrame


def work_out(plan: Plan, inputs: Inputs) -> Statements:
    """Work out the statements of the people of a plan.

    Raises:
        PlanIncomplete: parameters are not set.
    """
    plan.sources()
    agents = inputs.people.index.to_numpy()
    worked = [_line(plan, line, order, inputs) for order, line in enumerate(plan.lines)]
    net, has_any = np.zeros(inputs.size, dtype=object), np.zeros(inputs.size, dtype=bool)
    waits = np.zeros(inputs.size, dtype=bool)
    for one in worked:
        net = net + one.cents
        has_any |= one.is_counted
        waits |= np.asarray(one.states == "awaited", dtype=bool)
    if plan.floor_at_zero:
        worked.append(_floor(len(plan.lines), np.maximum(-net, 0), has_any))
        net = np.maximum(net, 0)
    nets = [as_amount(cents) if there else None for cents, there in zip(net, has_any, strict=True)]
    statements = pd.DataFrame(
        {"agent_id": agents, "plan": plan.code, "provisional": waits, "net": objects(nets)}
    )
    return Statements(statements, pd.concat([one.frame(agents) for one in worked]))


@dataclass(frozen=True)
class _Worked:
    """One line of everybody; cents carry their sign and are 0 where there is no amount."""

    order: int
    code: str
    states: Ints
    quantities: Ints
    cents: Ints
    details: Ints

    @property
    def is_counted(self) -> Ints:
        return np.asarray(self.states == COUNTED, dtype=bool)

    def frame(self, agents: Ints) -> pd.DataFrame:
        known = self.is_counted
        rows = list(zip(self.quantities, self.cents, known, strict=True))
        return pd.DataFrame(
            {
                "agent_id": agents,
                "order": self.order,
                "line": self.code,
                "state": self.states,
                "quantity": objects(from_fixed(one) if there else None for one, _, there in rows),
                "amount": objects(as_amount(one) if there else None for _, one, there in rows),
                "detail": self.details,
            }
        )


def _line(plan: Plan, line: Line, order: int, inputs: Inputs) -> _Worked:
    settled = line.rule.settle(line.code, inputs, plan.number)
    known = np.asarray(settled.states == COUNTED, dtype=bool)
    full = np.where(known, settled.money.cents(), 0).astype(object)
    limit = plan.limit_of(line)
    cents = full if limit is None else np.minimum(full, whole_cents(limit))
    rows = zip(settled.parts, full * line.sign, cents < full, strict=True)
    details = [
        {"parts": list(parts)} | ({"full": str(as_amount(whole))} if is_cut else {})
        for parts, whole, is_cut in rows
    ]
    signed = cents * line.sign
    return _Worked(order, line.code, settled.states, settled.quantities, signed, objects(details))


def _floor(order: int, lifted: Ints, has_any: Ints) -> _Worked:
    size = len(lifted)
    return _Worked(
        order,
        FLOOR,
        np.where(has_any, COUNTED, "not_applicable").astype(object),
        np.zeros(size, dtype=object),
        lifted,
        objects({"parts": []} for _ in range(size)),
    )


def joined(parts: Iterable[Statements]) -> Statements:
    """The statements of several plans as one."""
    listed = list(parts)
    return Statements(
        pd.concat([one.statements for one in listed], ignore_index=True),
        pd.concat([one.lines for one in listed], ignore_index=True),
    )


def digest_of(statements: Statements) -> str:
    """SHA-256 over statements and lines as text, each sorted by agent and line.

    Returns:
        64 hexadecimal characters, equal on every server and in every order of rows.
    """
    heads = sorted(statements.statements[list(STATEMENT_FIELDS)].itertuples(index=False, name=None))
    lines = sorted(
        statements.lines[list(LINE_FIELDS)].itertuples(index=False, name=None),
        key=lambda row: (row[0], row[1]),
    )
    text = hashlib.sha256()
    for row in (*heads, *lines):
        text.update(("|".join(_text(cell) for cell in row) + "\n").encode())
    return text.hexdigest()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f")
    if isinstance(cell, dict):
        return json.dumps(cell, sort_keys=True, ensure_ascii=True)
    return str(cell)
