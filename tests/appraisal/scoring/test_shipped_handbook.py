"""The handbook of the shipped schemes says what their documents say."""

from pathlib import Path

import pytest

from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.reading import dump_number
from appraisal.scoring.scheme import parse_scheme

HANDBOOK = Path(__file__).resolve().parents[3] / "docs" / "shipped-schemes.md"
SCHEMES = [parse_scheme(document) for document in list_shipped_documents()]


def section_of(scheme):
    title = f"## {scheme.code.split('_')[0].upper()} {scheme.name.en} ({scheme.name.zh})"
    return HANDBOOK.read_text("utf-8").split(title)[1].split("\n## ")[0]


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.code)
def test_handbook_lists_items_sources_and_weights_of_a_scheme(scheme):
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section_of(scheme).splitlines()
        if line.startswith("|")
    ][2:]

    written = [row[1:4] for row in rows]
    assert written == [
        [item.name.en, f"`{item.kpi}`" if item.kpi else "a rating", str(dump_number(item.weight))]
        for item in scheme.items
    ]


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.code)
def test_handbook_says_position_and_scaling(scheme):
    section = section_of(scheme)

    assert f"Position `{scheme.positions[0]}`" in section
    assert ("are scaled to 100" in section) == scheme.is_normalised
