"""Pay plans as text: the shipped ones, and YAML in and out."""

from pathlib import Path
from typing import Any

import yaml

from appraisal.scoring.documents import read_shipped

SHIPPED = Path(__file__).resolve().parent / "shipped"


def list_shipped_plans() -> list[dict[str, Any]]:
    """Read the shipped pay plans, in the order of their file names."""
    return [read_shipped(path) for path in sorted(SHIPPED.glob("*.yaml"))]


def write_document(document: dict[str, Any]) -> str:
    """Write a document as YAML that reads back the same."""
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
