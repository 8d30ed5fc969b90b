"""What can be wrong with a scheme here, beside what its document says by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils import timezone

from agents import periods
from agents.codes import fits_address
from appraisal.scoring.card_parts import split_key
from appraisal.scoring.reading import UNFIT_CODE, Problem, SchemeError
from appraisal.scoring.scheme import parse_scheme
from appraisal.services.scores import CircularScheme, refuse_circle
from kpi.models import KPIVersion
from kpi.selectors import list_current_versions

LONGEST_ITEM: Final = 50
"""So that the code of a line of a further position fits its column with the position's id."""


def problems_here(document: Mapping[str, Any]) -> list[Problem]:
    """What a document names that is not here, or that would go wrong once it is used.

    Its KPIs must be in use, codes must fit addresses, those of items with room for the position
    in a card in parts, and scores of one's staff must not go round in a circle. Queries: 1, and 6
    more where it reads such scores.

    Args:
        document: faulty ones are checked as far as they go.
    """
    versions = list(list_current_versions())
    return [
        *_own_code(document),
        *_unknown_kpis(document, versions),
        *_codes(document),
        *_circles(document, versions),
    ]


def _items(document: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    items = document.get("items")
    listed = enumerate(items if isinstance(items, list) else [])
    return [(at, item) for at, item in listed if isinstance(item, Mapping)]


def _own_code(document: Mapping[str, Any]) -> list[Problem]:
    code = document.get("code")
    is_fit = not isinstance(code, str) or not code or fits_address(code)
    return [] if is_fit else [Problem("code", UNFIT_CODE)]


def _unknown_kpis(document: Mapping[str, Any], versions: Iterable[KPIVersion]) -> list[Problem]:
    known = {version.kpi.code for version in versions}
    return [
        Problem(f"items[{at}].kpi", "is not a KPI that is in use here")
        for at, item in _items(document)
        if item.get("kpi") and item["kpi"] not in known
    ]


def _codes(document: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for at, item in _items(document):
        code = str(item.get("code") or "")
        if len(code) > LONGEST_ITEM:
            problems.append(Problem(f"items[{at}].code", "must have at most 50 characters"))
        elif code and not fits_address(code):
            problems.append(Problem(f"items[{at}].code", UNFIT_CODE))
        if split_key(code)[1] is not None:
            problems.append(Problem(f"items[{at}].code", "must not end in -- and a number"))
    return problems


def _circles(document: Mapping[str, Any], versions: Iterable[KPIVersion]) -> list[Problem]:
    under_way = periods.holding(timezone.localdate(), "month")
    try:
        parse_scheme(document)
        refuse_circle(document, period=under_way, versions=versions)
    except SchemeError:
        return []
    except CircularScheme as error:
        return [Problem("items", str(error))]
    return []
