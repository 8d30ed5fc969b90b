"""The shipped schemes, and which scheme appraises whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from appraisal.models import Scheme, SchemeVersion
from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.scheme import dump_scheme, parse_scheme


@transaction.atomic
def load_shipped_schemes(*, now: datetime) -> int:
    """Store the shipped schemes as published versions; one that changed becomes a new version.

    Returns:
        How many versions were added.
    """
    return sum(add_version(document, now=now) for document in list_shipped_documents())


def add_version(document: dict[str, Any], *, now: datetime) -> bool:
    """Publish a scheme document as the next version, unless the newest one says the same.

    Raises:
        SchemeError: the document is faulty; nothing is changed.
    """
    parsed = parse_scheme(document)
    written = dump_scheme(parsed)
    scheme, _created = Scheme.objects.get_or_create(code=parsed.code)
    newest = scheme.versions.order_by("-number").first()
    if newest is not None and newest.document == written:
        return False
    SchemeVersion.objects.create(
        scheme=scheme,
        number=newest.number + 1 if newest else 1,
        state=SchemeVersion.State.PUBLISHED,
        name_en=parsed.name.en,
        name_zh=parsed.name.zh,
        positions=list(parsed.positions),
        cycles=list(parsed.cycles),
        document=written,
        created_at=now,
    )
    return True
