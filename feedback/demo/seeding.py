"""Loads the demo centre where nothing else is, and never twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from agents.models import Agent, Organisation, User
from feedback.demo.centre import Report, build
from feedback.demo.people import ORGANISATION


class NotEmpty(Exception):
    """The database is not for the demo: somebody else's data is in it, or it is production."""


def seed(*, size: str, today: date, report: Report) -> dict[str, Any]:
    """Build the demo centre unless it is there.

    Returns:
        ``loaded_before``, ``people``, ``facts`` by kind, ``batches`` and ``cycles``; of a centre
        that was there before only the first.
    Raises:
        NotEmpty: other people are on record, or log-ins need a second factor here.
    """
    if is_loaded():
        return {"loaded_before": True}
    check_free()
    centre = build(size=size, today=today, report=report)
    return {
        "loaded_before": False,
        "people": len(centre.cast.people),
        "facts": centre.facts,
        "batches": centre.batches,
        "cycles": centre.cycles,
    }


def is_loaded() -> bool:
    """Whether the demo centre is in this database."""
    return Organisation.objects.filter(name=ORGANISATION).exists()


def check_free() -> None:
    """Refuse to put the demo among real data, or its well-known password on a real server.

    Raises:
        NotEmpty: the message says what is in the way.
    """
    if settings.REQUIRE_MFA:
        raise NotEmpty(
            "This server asks for a second factor, so it is a real one. The password of the demo "
            "is known to everybody; load it where APPRAISAL_REQUIRE_MFA is false."
        )
    if Organisation.objects.exists() or Agent.objects.exists() or User.objects.exists():
        raise NotEmpty(
            "There are people on record that are not the demo's. Nothing was changed. Name an "
            "empty database in DATABASE_URL, or another folder in APPRAISAL_VAR, to see the demo."
        )
