"""A mapping to the YAML that people read and edit."""

from __future__ import annotations

from typing import Any

import yaml

from kpi.intake.mapping.model import (
    AgentRule,
    Condition,
    FieldMapping,
    FileMapping,
    KindMapping,
)
from kpi.intake.reading.table import FileOptions
from kpi.intake.reading.text import DELIMITERS


def write_mapping(mapping: FileMapping) -> str:
    """The text of a mapping; reading it gives the mapping again."""
    document = {
        "kind": mapping.main.kind,
        "source": mapping.source,
        "zone": mapping.zone,
        "file": _file(mapping.file),
        "empty": list(mapping.empty),
        "fields": _fields(mapping.main),
        "leave_out": [
            {**_condition(rule.condition), "reason": rule.reason} for rule in mapping.leave_out
        ],
        "also": _second(mapping.also),
        "agents": _agents(mapping.agents),
        "queues": dict(mapping.queues),
        "corrects": mapping.corrects,
    }
    return "".join(_entry(key, value) for key, value in document.items() if value)


def _entry(key: str, value: Any) -> str:
    """One top-level key; fields and rules stand one a line."""
    if key == "fields":
        lines = "".join(f"  {_flow(name)}: {_flow(field)}\n" for name, field in value.items())
        return f"fields:\n{lines}"
    if key == "leave_out":
        return "leave_out:\n" + "".join(f"  - {_flow(rule)}\n" for rule in value)
    if key == "also":
        inner = "".join(_entry(name, part) for name, part in value.items())
        return "also:\n" + "".join(f"  {line}\n" for line in inner.splitlines())
    return f"{key}: {_flow(value)}\n"


def _flow(value: Any) -> str:
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text.removesuffix("...\n").strip()


def _fields(mapping: KindMapping) -> dict[str, Any]:
    return {name: _field(field) for name, field in mapping.fields.items()}


def _field(field: FieldMapping) -> Any:
    several = len(field.columns) > 1
    document: dict[str, Any] = {
        "column": field.columns[0] if len(field.columns) == 1 else None,
        "columns": list(field.columns) if several else None,
        "join": field.join if several and field.join != " " else None,
        "difference": list(field.difference) if field.difference else None,
        "constant": field.constant,
        "format": field.formats[0] if len(field.formats) == 1 else None,
        "formats": list(field.formats) if len(field.formats) > 1 else None,
        "as": field.reading or None,
        "values": field.values,
        "empty": list(field.empty) or None,
        "when": _condition(field.when) if field.when else None,
    }
    kept = {key: value for key, value in document.items() if value is not None}
    if field.has_otherwise:
        kept["otherwise"] = field.otherwise
    return field.columns[0] if kept.keys() == {"column"} else kept


def _condition(condition: Condition) -> dict[str, Any]:
    if condition.about_filling:
        return {"column": condition.column, "filled" if condition.negated else "empty": True}
    key = "not" if condition.negated else "is"
    return {"column": condition.column, key: list(condition.values)}


def _second(mapping: KindMapping | None) -> dict[str, Any] | None:
    if mapping is None:
        return None
    when = {"when": _condition(mapping.when)} if mapping.when else {}
    return {"kind": mapping.kind, **when, "fields": _fields(mapping)}


def _file(options: FileOptions) -> dict[str, Any]:
    document = {
        "format": options.format,
        "delimiter": DELIMITERS.get(options.delimiter or "", options.delimiter),
        "encoding": options.encoding,
        "header": options.header,
        "columns": list(options.columns) or None,
        "sheet": options.sheet,
        "records": options.records,
    }
    return {key: value for key, value in document.items() if value}


def _agents(rule: AgentRule) -> dict[str, Any]:
    document = {"unknown": rule.unknown, "position": rule.position, "team": rule.team}
    if rule.unknown == "create":
        document["from"] = rule.starts_on.isoformat() if rule.starts_on else "first day"
    return {key: value for key, value in document.items() if value}
