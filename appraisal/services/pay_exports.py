"""Pay proposals as a workbook or as CSV: one row an agent, and all lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appraisal.models import PayLine, PayProposal, PayStatement
from appraisal.pay.plan import GROUPS, Plan, parse_plan
from appraisal.pay.statements import FLOOR
from appraisal.services.exports import Cell, UnknownFormat, write_csv, write_workbook


def export_pay(proposal: PayProposal, path: Path, *, statements: QuerySet[PayStatement]) -> int:
    """Write the statements of a proposal to a file.

    Args:
        path: ends in ``.xlsx`` (two sheets), or ``.csv`` (two files: the name given, and one
            with ``-lines`` before the ending).
        statements: which of them.
    Returns:
        How many agents were written.
    Raises:
        UnknownFormat: another ending; nothing is written.
        OSError: the file cannot be written.
    """
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        raise UnknownFormat(_("The file must end in .xlsx or .csv."))
    related = (
        "agent", "plan_version", "scorecard__team", "scorecard__position",
        "proposal__run__cycle",
    )  # fmt: skip
    found = statements.filter(proposal=proposal).select_related(*related)
    listed = list(found.order_by("scorecard__team__code", "agent__code"))
    plans = {one.plan_version_id: parse_plan(one.plan_version.document) for one in listed}
    agents: list[Sequence[Cell]] = [_titles(), *(_row(one) for one in listed)]
    lines = _line_rows(listed, plans)
    if path.suffix.lower() == ".xlsx":
        sheets: dict[str, Iterable[Sequence[Cell]]] = {_("Agents"): agents, _("Lines"): lines}
        write_workbook(path, sheets)
    else:
        write_csv(path, agents)
        write_csv(path.with_stem(f"{path.stem}-lines"), lines)
    return len(listed)


def _titles() -> list[Cell]:
    return [
        _("Period"), _("Staff number"), _("Name"), _("Chinese name"), _("Team"), _("Position"),
        _("Pay plan"), _("Plan version"), _("Net"), _("Provisional"), _("Run"), _("Published at"),
    ]  # fmt: skip


def _row(statement: PayStatement) -> list[Cell]:
    run, card = statement.proposal.run, statement.scorecard
    published = run.published_at
    return [
        run.cycle.code,
        statement.agent.code,
        statement.agent.name,
        statement.agent.name_zh,
        card.team.name,
        card.position.name,
        statement.plan_version.name,
        statement.plan_version.number,
        statement.net,
        _("yes") if statement.provisional else _("no"),
        run.number,
        published.isoformat(timespec="seconds") if published else "",
    ]


def _line_rows(
    statements: Sequence[PayStatement], plans: dict[int, Plan]
) -> Iterator[Sequence[Cell]]:
    yield [
        _("Period"), _("Staff number"), _("Name"), _("Kind"), _("Line code"), _("Line name"),
        _("State"), _("Quantity"), _("Amount"),
    ]  # fmt: skip
    by_id = {one.pk: one for one in statements}
    lines = PayLine.objects.filter(statement__in=by_id).order_by(
        "statement__scorecard__team__code", "statement__agent__code", "order"
    )
    for line in lines:
        statement = by_id[line.statement_id]
        yield _line_row(statement, line, plans[statement.plan_version_id])


def _line_row(statement: PayStatement, line: PayLine, plan: Plan) -> list[Cell]:
    group, name = GROUPS[0], _("Lifted to zero")
    if line.line != FLOOR:
        told = plan.line(line.line)
        group, name = told.group, told.name.in_language(get_language() or "en")
    return [
        statement.proposal.run.cycle.code,
        statement.agent.code,
        statement.agent.name,
        group,
        line.line,
        name,
        line.get_state_display(),
        line.quantity,
        line.amount,
    ]
