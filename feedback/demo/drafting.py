"""The scheme that HR of the demo centre is writing: less for calls, more for what callers say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from agents.models import User
from appraisal.models import Scheme, SchemeVersion
from appraisal.services import drafts

SCHEME = "s2_call_centre_agent"
WEIGHTS = {"calls": 40, "satisfaction": 15}


def write_draft(*, edited_by: User, now: datetime) -> SchemeVersion:
    """Begin the next version of the agents' scheme, ready to be tried out and sent."""
    draft = drafts.start_draft(scheme=Scheme.objects.get(code=SCHEME), edited_by=edited_by, now=now)
    version, _problems = drafts.save_draft(
        version=draft, change=_weighed, edited_by=edited_by, now=now
    )
    return version


def _weighed(document: dict[str, Any]) -> dict[str, Any]:
    items = [
        item | {"weight": WEIGHTS.get(item["code"], item["weight"])} for item in document["items"]
    ]
    return document | {"items": items}
