"""Small KPIs and schemes for tests: what is measured, and by which rule points come about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kpi.models import KPI, KPIVersion
from tests.factories import NOW

GRADES = [("excellent", 90), ("good", 80), ("qualified", 60), ("unqualified", 0)]


@dataclass
class Measured:
    """A KPI and the item that is scored by it."""

    code: str
    formula: str
    items: list[dict[str, Any]] = field(default_factory=list)

    def store(self, **fields: Any) -> KPIVersion:
        """Publish the KPI."""
        kpi, _created = KPI.objects.get_or_create(code=self.code)
        defaults = {"unit": "count", "direction": "higher", "minimum_sample": 0}
        return KPIVersion.objects.create(
            kpi=kpi,
            number=kpi.versions.count() + 1,
            state=KPIVersion.State.PUBLISHED,
            name_en=self.code,
            name_zh=self.code,
            formula=self.formula,
            created_at=NOW,
            **(defaults | fields),
        )


def measure_by(
    formula: str, *, weight: int, rule: dict[str, Any], code: str = "calls_made"
) -> Measured:
    """A KPI by this formula, and an item of that weight."""
    item = {
        "code": code.replace("_", "-"),
        "group": "work",
        "name": {"en": code, "zh": code},
        "kpi": code,
        "weight": weight,
        "rule": rule,
    }
    return Measured(code, formula, [item])


def made_of(*items: dict[str, Any], positions: Any, code: str = "plan", **more: Any) -> dict:
    """The document of a scheme of these items."""
    document = {
        "code": code,
        "name": {"en": code, "zh": code},
        "positions": list(positions),
        "cycles": ["month"],
        "groups": [{"code": "work", "name": {"en": "Work", "zh": "工作"}}],
        "items": list(items),
        "grades": [
            {"code": grade, "name": {"en": grade, "zh": grade}, "from": at} for grade, at in GRADES
        ],
    }
    return document | more
