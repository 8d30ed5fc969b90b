"""Take the shipped KPI definitions into the database, as versions that never change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kpi.library.definition import Definition, WrongDefinition, parse_definition
from kpi.library.reading import WrongLibrary, shipped_definitions
from kpi.models import KPI, KPIVersion
from kpi.selectors import list_current_versions

__all__ = [
    "Definition",
    "LoadReport",
    "WrongDefinition",
    "WrongLibrary",
    "load_library",
    "newest_versions",
    "parse_definition",
]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Codes of the KPIs that are new, that got another version, and that stayed as they were."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def load_library(*, now: datetime, definitions: Iterable[Definition] | None = None) -> LoadReport:
    """Store each shipped definition that is not stored yet.

    A new KPI becomes version 1, in use. A definition that differs from the newest shipped
    version becomes the next one. It is in use at once, unless people made a version of their
    own since: then theirs stays in use and the shipped one waits as a draft.

    Args:
        now: aware; stored as ``created_at``.
        definitions: the shipped ones where None.

    Raises:
        WrongLibrary: a file cannot be used. Nothing is stored.

    Queries: 2 where nothing changed, 4 at most.
    """
    wanted = shipped_definitions() if definitions is None else tuple(definitions)
    with transaction.atomic():
        kpis = _kpis(wanted)
        histories = _histories(wanted)
        fresh = [
            _version(kpis[one.code], one, histories.get(one.code, []), now=now)
            for one in wanted
            if not _is_stored(one, histories.get(one.code, []))
        ]
        KPIVersion.objects.bulk_create(fresh)
    written = {version.kpi.code for version in fresh}
    return LoadReport(
        added=tuple(one.code for one in wanted if one.code not in histories),
        changed=tuple(one.code for one in wanted if one.code in written & set(histories)),
        unchanged=tuple(one.code for one in wanted if one.code not in written),
    )


def newest_versions() -> dict[str, KPIVersion]:
    """Give the version in use of every KPI, by code, in the order of codes. Queries: 1."""
    versions = {version.kpi.code: version for version in list_current_versions()}
    return dict(sorted(versions.items()))


def _kpis(wanted: Iterable[Definition]) -> dict[str, KPI]:
    codes = [one.code for one in wanted]
    known = {kpi.code: kpi for kpi in KPI.objects.filter(code__in=codes)}
    missing = [KPI(code=code) for code in codes if code not in known]
    if missing:
        known |= {kpi.code: kpi for kpi in KPI.objects.bulk_create(missing)}
    return known


def _histories(wanted: Iterable[Definition]) -> dict[str, list[KPIVersion]]:
    """Give the versions of each KPI, oldest first."""
    found: dict[str, list[KPIVersion]] = {}
    versions = KPIVersion.objects.filter(kpi__code__in=[one.code for one in wanted])
    for version in versions.select_related("kpi").order_by("kpi_id", "number"):
        found.setdefault(version.kpi.code, []).append(version)
    return found


def _is_shipped(version: KPIVersion) -> bool:
    """Whether a version came with the product: nobody edited it."""
    return version.edited_by_id is None


def _is_stored(definition: Definition, history: list[KPIVersion]) -> bool:
    shipped = [version for version in history if _is_shipped(version)]
    return bool(shipped) and shipped[-1].definition == definition.document


def _version(
    kpi: KPI, definition: Definition, history: list[KPIVersion], *, now: datetime
) -> KPIVersion:
    in_use = all(_is_shipped(version) for version in history)
    states = KPIVersion.State
    return KPIVersion(
        kpi=kpi,
        number=history[-1].number + 1 if history else 1,
        state=states.PUBLISHED if in_use else states.DRAFT,
        name_en=definition.name.en,
        name_zh=definition.name.zh,
        formula=definition.formula,
        unit=definition.unit,
        direction=definition.better,
        scope=definition.scope,
        anchor=definition.anchor,
        minimum_sample=definition.minimum_sample,
        sample_en=definition.sample.en,
        sample_zh=definition.sample.zh,
        definition=definition.document,
        created_at=now,
    )
