"""HR's own KPI versions: drafted, checked as a whole, sent, approved by a second person.

Only drafts change. A draft may be faulty; it says what is wrong with it and cannot be sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from agents.models import User
from kpi.library.definition import Wording, WrongDefinition, parse_definition
from kpi.models import KPI, KPIVersion
from kpi.signals import uses_asked

# What HR may leave out: the shipped library shows by them that it is right.
OPTIONAL: Final = frozenset({"example", "source"})
IN_LABELS: Final = Wording(in_codes=False)
"""As whoever fills in the editor knows the parts."""
CODE: Final = r"[a-z][a-z0-9_]{0,63}"
RESERVED: Final = frozenset({"check", "new"})
"""Words that stand in addresses where a code stands."""
_OPEN: Final = (KPIVersion.State.DRAFT, KPIVersion.State.ASKED)


class DraftRefused(Exception):
    """What was asked of a KPI version cannot be done; the message says why."""


def problems_of(
    code: str, document: Mapping[str, Any], *, wording: Wording = IN_LABELS
) -> list[str]:
    """Everything that is wrong with a definition; nothing for one that may be sent.

    Args:
        wording: how the parts are called; by the labels of their fields unless said otherwise.
    """
    try:
        parse_definition(code, document, optional=OPTIONAL, wording=wording)
    except WrongDefinition as error:
        return error.problems
    return []


@transaction.atomic
def create_kpi(*, code: str, document: Mapping[str, Any], by: User, now: datetime) -> KPIVersion:
    """Start a KPI that does not exist yet, as a draft.

    Raises:
        DraftRefused: the code is taken, or cannot be one.
    """
    if re.fullmatch(CODE, code) is None:
        raise DraftRefused(
            _("“{code}” cannot be a code: use at most 64 lower-case letters, digits and _.").format(
                code=code
            )
        )
    if code in RESERVED:
        raise DraftRefused(_("The code {code} is taken: an address has it.").format(code=code))
    kpi, is_new = KPI.objects.get_or_create(code=code)
    if not is_new:
        raise DraftRefused(_("The code {code} is taken by another KPI.").format(code=code))
    return _add(kpi, document, by=by, now=now)


@transaction.atomic
def start_draft(*, code: str, by: User, now: datetime) -> KPIVersion:
    """Start a draft from the version in use, else from the newest.

    Raises:
        KPI.DoesNotExist: no KPI has this code.
        DraftRefused: somebody is at a draft already.
    """
    kpi = KPI.objects.select_for_update().get(code=code)
    standing = open_draft(code)
    if standing is not None:
        raise DraftRefused(
            _("Version {number} is a draft already; go on with it or delete it.").format(
                number=standing.number
            )
        )
    in_use = kpi.versions.filter(state=KPIVersion.State.PUBLISHED)
    base = in_use.order_by("-number").first() or kpi.versions.order_by("-number").first()
    return _add(kpi, {} if base is None else base.definition, by=by, now=now)


def open_drafts() -> list[KPIVersion]:
    """The drafts that people are at; those that came with the product are none. Queries: 1."""
    versions = KPIVersion.objects.filter(state__in=_OPEN, edited_by__isnull=False)
    return list(versions.select_related("kpi", "edited_by__agent").order_by("kpi__code"))


def open_draft(code: str) -> KPIVersion | None:
    """The draft of a KPI that people are at. Queries: 1."""
    versions = KPIVersion.objects.filter(kpi__code=code, state__in=_OPEN, edited_by__isnull=False)
    return versions.select_related("kpi", "edited_by__agent").first()


@transaction.atomic
def save_draft(*, version_id: int, document: Mapping[str, Any], by: User) -> KPIVersion:
    """Write a draft anew; whoever ever did never approves it.

    Raises:
        DraftRefused: it is no draft any more.
    """
    version = _locked(version_id, KPIVersion.State.DRAFT)
    _write(version, document)
    _edited(version, by)
    version.save()
    return version


@transaction.atomic
def send_draft(*, version_id: int, by: User) -> KPIVersion:
    """Send a draft for approval.

    Raises:
        DraftRefused: it is no draft, or something is wrong with it.
    """
    version = _locked(version_id, KPIVersion.State.DRAFT)
    problems = problems_of(version.kpi.code, version.definition)
    if problems:
        raise DraftRefused(" ".join(problems))
    _edited(version, by)
    version.state, version.note = KPIVersion.State.ASKED, ""
    version.save()
    return version


@transaction.atomic
def approve(*, version_id: int, by: User) -> KPIVersion:
    """Take a version into use.

    Raises:
        DraftRefused: it was not sent, or the same person had a hand in it.
    """
    version = _locked(version_id, KPIVersion.State.ASKED)
    if by.pk in version.editors:
        raise DraftRefused(_("You edited this version yourself; another person approves it."))
    problems = problems_of(version.kpi.code, version.definition)
    if problems:
        raise DraftRefused(" ".join(problems))
    version.state, version.approved_by = KPIVersion.State.PUBLISHED, by
    version.save()
    return version


@transaction.atomic
def return_draft(*, version_id: int, by: User, note: str) -> KPIVersion:
    """Give a version back to HR, with a word why; its own editor may take it back.

    Raises:
        DraftRefused: it was not sent, or nothing says why.
    """
    version = _locked(version_id, KPIVersion.State.ASKED)
    if by.pk not in version.editors and not note.strip():
        raise DraftRefused(_("Say what should be different."))
    version.state, version.note = KPIVersion.State.DRAFT, note.strip()
    version.save()
    return version


@transaction.atomic
def discard(*, version_id: int) -> None:
    """Delete a draft; a KPI that never was more than this draft goes with it.

    Raises:
        DraftRefused: it is no draft.
    """
    version = _locked(version_id, KPIVersion.State.DRAFT)
    kpi = version.kpi
    version.delete()
    if not kpi.versions.exists():
        kpi.delete()


@transaction.atomic
def retire(*, code: str) -> KPIVersion:
    """Take a KPI out of use: what rested on it stays, nothing may name it from now on.

    Raises:
        KPI.DoesNotExist: no KPI has this code.
        DraftRefused: it is not in use, or a scheme or a pay plan in use names it.
    """
    kpi = KPI.objects.select_for_update().get(code=code)
    uses = [name for _receiver, found in _asked(code) for _url, name in found.get(code, [])]
    if uses:
        raise DraftRefused(
            _("It is used in: {uses}. Take it out there first.").format(uses=_(", ").join(uses))
        )
    versions = list(kpi.versions.filter(state=KPIVersion.State.PUBLISHED))
    if not versions:
        raise DraftRefused(_("This KPI is not in use."))
    for version in versions:
        version.state = KPIVersion.State.RETIRED
        version.save(update_fields=["state"])
    return versions[-1]


def _asked(code: str) -> list[tuple[Any, Any]]:
    return uses_asked.send(sender=KPIVersion, codes=frozenset({code}))


def _locked(version_id: int, state: str) -> KPIVersion:
    versions = KPIVersion.objects.select_for_update(of=("self",)).select_related("kpi")
    version = versions.get(pk=version_id)
    if version.state != state:
        wanted = KPIVersion.State(state).label
        raise DraftRefused(
            _("Version {number} is not {wanted} any more: it is {state}.").format(
                number=version.number, wanted=wanted, state=version.get_state_display()
            )
        )
    return version


def _add(kpi: KPI, document: Mapping[str, Any], *, by: User, now: datetime) -> KPIVersion:
    last = kpi.versions.aggregate(last=Max("number"))["last"] or 0
    version = KPIVersion(kpi=kpi, number=last + 1, created_at=now)
    _write(version, document)
    _edited(version, by)
    version.save()
    return version


def _edited(version: KPIVersion, by: User) -> None:
    version.edited_by = by
    version.editors = sorted({*version.editors, by.pk})


def _write(version: KPIVersion, document: Mapping[str, Any]) -> None:
    """Put a document into the columns, as far as it goes; the document itself keeps all of it."""

    def text(part: str, language: str, limit: int) -> str:
        words = document.get(part)
        found = words.get(language, "") if isinstance(words, Mapping) else ""
        return str(found)[:limit]

    version.definition = dict(document)
    version.name_en, version.name_zh = text("name", "en", 120), text("name", "zh", 120)
    version.sample_en, version.sample_zh = text("sample", "en", 40), text("sample", "zh", 40)
    version.formula = str(document.get("formula", ""))
    version.unit = str(document.get("unit", ""))[:24]
    version.direction = _choice(document.get("better"), KPIVersion.Direction)
    version.scope = _choice(document.get("scope"), KPIVersion.Scope)
    version.anchor = str(document.get("anchor", "day"))[:16]
    minimum = document.get("minimum_sample", 1)
    version.minimum_sample = minimum if isinstance(minimum, int) and 0 <= minimum < 2**31 else 1


def _choice(value: object, choices: Any) -> str:
    return str(value) if value in choices.values else str(choices.values[0])
