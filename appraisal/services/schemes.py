"""Scheme documents in the database: the shipped ones, and those that come and go as files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import User
from appraisal.models import Scheme, SchemeVersion
from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.reading import SchemeError, dump_number
from appraisal.scoring.scheme import dump_scheme, parse_scheme
from appraisal.selectors.schemes import OPEN
from appraisal.services.scheme_checks import problems_here


class SamePerson(Exception):
    """Who edited a scheme does not approve it."""


@transaction.atomic
def load_shipped_schemes(*, now: datetime) -> int:
    """Store the shipped schemes as published versions; one that changed becomes a new version.

    A scheme that HR made its own is left alone: nobody's weights change with an upgrade.

    Returns:
        How many versions were added.
    """
    documents = list_shipped_documents()
    return sum(_is_ours(document) and _add_version(document, now=now) for document in documents)


def _is_ours(document: Mapping[str, Any]) -> bool:
    """Whether the newest version that was ever in use came with the product, or none was.

    A document that was in use before is no news: whatever followed it was meant.
    """
    versions = SchemeVersion.objects.filter(scheme__code=document["code"]).exclude(state__in=OPEN)
    newest = versions.order_by("-number").first()
    if newest is None:
        return True
    if versions.filter(document=dump_scheme(parse_scheme(document))).exists():
        return False
    return newest.state == SchemeVersion.State.PUBLISHED and newest.edited_by_id is None


@transaction.atomic
def add_version(
    document: Mapping[str, Any],
    *,
    now: datetime,
    edited_by: User | None = None,
    approved_by: User | None = None,
) -> bool:
    """Publish a scheme document as the next version, unless the newest in use says the same.

    The version it follows is retired. An open draft stays as it is.

    Args:
        edited_by, approved_by: two people, or nobody for what comes with the product.
    Raises:
        SchemeError: the document is faulty, or cannot be used here; nothing is changed.
        SamePerson: both are the same.
    """
    if edited_by is not None and edited_by == approved_by:
        raise SamePerson(_("Two people publish a scheme: not the one who edited it."))
    parse_scheme(document)
    if problems := problems_here(document):
        raise SchemeError(problems)
    return _add_version(document, now=now, edited_by=edited_by, approved_by=approved_by)


def _add_version(
    document: Mapping[str, Any],
    *,
    now: datetime,
    edited_by: User | None = None,
    approved_by: User | None = None,
) -> bool:
    parsed = parse_scheme(document)
    written = dump_scheme(parsed)
    scheme, _created = Scheme.objects.get_or_create(code=parsed.code)
    in_use = scheme.versions.filter(state=SchemeVersion.State.PUBLISHED)
    newest = in_use.order_by("-number").first()
    if newest is not None and newest.document == written:
        return False
    in_use.update(state=SchemeVersion.State.RETIRED)
    SchemeVersion.objects.create(
        scheme=scheme,
        number=next_number(scheme),
        state=SchemeVersion.State.PUBLISHED,
        edited_by=edited_by,
        editors=[edited_by.pk] if edited_by else [],
        approved_by=approved_by,
        created_at=now,
        **columns_of(written),
    )
    return True


def next_number(scheme: Scheme) -> int:
    """The number of the next version. Queries: 1."""
    newest = scheme.versions.order_by("-number").first()
    return newest.number + 1 if newest else 1


def columns_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a version that follow from its document; a faulty one gives empty ones."""
    name = document.get("name")
    names = name if isinstance(name, Mapping) else {}
    return {
        "document": document,
        "name_en": str(names.get("en") or "")[:120],
        "name_zh": str(names.get("zh") or "")[:120],
        "positions": _codes(document.get("positions")),
        "cycles": _codes(document.get("cycles")),
    }


def _codes(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def plain(value: Any) -> Any:
    """A document as JSON holds it: exact numbers as whole ones or as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return dump_number(value) if value.is_finite() else str(value)
    return value


def write_document(document: Mapping[str, Any]) -> str:
    """A document as YAML; :func:`appraisal.scoring.documents.read_document` gives it back."""
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=100)
