"""A scheme on its way: begun, edited, sent, approved by a second person, retired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils.translation import gettext as _

from agents.access import allows
from agents.models import User
from appraisal.models import Scheme, SchemeVersion
from appraisal.scoring.reading import Problem, SchemeError
from appraisal.scoring.scheme import dump_scheme, parse_scheme
from appraisal.services.scheme_checks import problems_here
from appraisal.services.schemes import columns_of, next_number, plain

State = SchemeVersion.State
Document = dict[str, Any]
Change = Callable[[Document], Document]

RESERVED = frozenset({"new"})
"""Words that stand in addresses where a code stands."""
_LONGEST_CODE = 64
_GRADES = (
    ("excellent", "Excellent", "优秀", 90),
    ("good", "Good", "良好", 80),
    ("qualified", "Qualified", "合格", 60),
    ("unqualified", "Unqualified", "不合格", 0),
)


class NotAllowed(Exception):
    """This person may not do this here: the role is missing, or a second person is needed."""


class NotADraft(Exception):
    """The version is no draft (any more): nothing is changed."""


class NotReady(Exception):
    """The version cannot be sent, published or retired now; the message says why."""


class DraftExists(Exception):
    """The scheme has an open draft already."""


class DraftInTheWay(Exception):
    """A file would take the place of what somebody wrote, or of what waits for approval."""


class CodeTaken(Exception):
    """Another scheme has this code, or the code cannot be one."""


def empty_document(*, code: str, name_en: str, name_zh: str) -> Document:
    """A scheme without an item, with the four grades of the field."""
    return {
        "code": code,
        "name": {"en": name_en, "zh": name_zh},
        "positions": [],
        "cycles": [],
        "groups": [],
        "items": [],
        "grades": [
            {"code": grade, "name": {"en": en, "zh": zh}, "from": at}
            for grade, en, zh, at in _GRADES
        ],
    }


@transaction.atomic
def create_scheme(
    *,
    code: str,
    name_en: str,
    name_zh: str,
    edited_by: User | None,
    now: datetime,
    source: SchemeVersion | None = None,
) -> SchemeVersion:
    """Begin a scheme as a draft: empty, or as a copy of another scheme's version.

    Raises:
        NotAllowed: the role does not edit schemes.
        CodeTaken: the code is in use, or cannot be one.
    """
    _check_editor(edited_by)
    _check_code(code)
    document = empty_document(code=code, name_en=name_en, name_zh=name_zh)
    if source is not None:
        names = {"code": code, "name": {"en": name_en, "zh": name_zh}}
        document = deepcopy(source.document) | names
    scheme = Scheme.objects.create(code=code)
    return _add_draft(scheme, document, edited_by=edited_by, now=now)


def _check_code(code: str) -> None:
    try:
        validate_slug(code)
    except ValidationError as error:
        message = _("“%(code)s” cannot be a code: use letters, digits, - and _.")
        raise CodeTaken(message % {"code": code}) from error
    if len(code) > _LONGEST_CODE:
        raise CodeTaken(_("The code has more than 64 characters."))
    if code in RESERVED or Scheme.objects.filter(code=code).exists():
        raise CodeTaken(_("The code %(code)s is taken.") % {"code": code})


@transaction.atomic
def start_draft(*, scheme: Scheme, edited_by: User | None, now: datetime) -> SchemeVersion:
    """Begin the next version of a scheme with what its newest one says.

    Raises:
        NotAllowed: the role does not edit schemes.
        DraftExists: one is open.
    """
    _check_editor(edited_by)
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    newest = scheme.versions.order_by("-number").first()
    if newest is not None and newest.is_open:
        raise DraftExists(_("Version %(number)s is open already.") % {"number": newest.number})
    document = (
        newest.document if newest else empty_document(code=scheme.code, name_en="", name_zh="")
    )
    return _add_draft(scheme, deepcopy(document), edited_by=edited_by, now=now)


def _add_draft(
    scheme: Scheme, document: Document, *, edited_by: User | None, now: datetime
) -> SchemeVersion:
    return SchemeVersion.objects.create(
        scheme=scheme,
        number=next_number(scheme),
        state=State.DRAFT,
        edited_by=edited_by,
        editors=[edited_by.pk] if edited_by else [],
        edited_at=now,
        created_at=now,
        **columns_of(document),
    )


@transaction.atomic
def load_draft(
    *,
    document: Mapping[str, Any],
    edited_by: User | None,
    now: datetime,
    replace: bool = False,
) -> tuple[SchemeVersion, bool]:
    """Take a whole document in as the draft of its scheme, which is begun if need be.

    Args:
        replace: put it in the place of a draft that bears somebody's name or waits for approval,
            too; one that waited is a draft again.

    Returns:
        The version that says it now, and whether anything changed.
    Raises:
        SchemeError: the document is faulty; nothing is changed.
        DraftInTheWay: there is such a draft; nothing is changed.
        NotAllowed, NotADraft, CodeTaken: as saving and creating say.
    """
    _check_editor(edited_by)
    parsed = parse_scheme(document)
    written = dump_scheme(parsed)
    scheme = Scheme.objects.filter(code=parsed.code).first()
    if scheme is None:
        _check_code(parsed.code)
        scheme = Scheme.objects.create(code=parsed.code)
        return _add_draft(scheme, written, edited_by=edited_by, now=now), True
    newest = scheme.versions.order_by("-number").first()
    if newest is not None and newest.document == written:
        return newest, False
    if newest is None or not newest.is_open:
        return _add_draft(scheme, written, edited_by=edited_by, now=now), True
    newest = _locked(newest)
    if not replace:
        _check_not_in_the_way(newest)
    if newest.state == State.ASKED:
        newest.state = State.DRAFT
        newest.save(update_fields=["state"])
    return save_draft(version=newest, change=written, edited_by=edited_by, now=now)[0], True


def _check_not_in_the_way(version: SchemeVersion) -> None:
    at = f"{version.edited_at:%Y-%m-%d %H:%M} UTC" if version.edited_at else "?"
    told = {"number": version.number, "by": version.edited_by, "at": at}
    if version.state == State.ASKED:
        raise DraftInTheWay(_("Version %(number)s waits for approval.") % told)
    if version.editors:
        raise DraftInTheWay(
            _("Version %(number)s is a draft that %(by)s edited last, at %(at)s.") % told
            if version.edited_by
            else _("Version %(number)s is a draft that people edited.") % told
        )


@transaction.atomic
def save_draft(
    *, version: SchemeVersion, change: Change | Document, edited_by: User | None, now: datetime
) -> tuple[SchemeVersion, list[Problem]]:
    """Change what a draft says. A faulty document is saved as it is, with its problems named.

    Args:
        change: the new document, or what makes it of the one that stands now.
    Returns:
        The version as it stands then, and what is wrong with it.
    Raises:
        NotAllowed: the role does not edit schemes.
        NotADraft: it was sent, published or deleted meanwhile.
    """
    _check_editor(edited_by)
    version = _locked_draft(version)
    document = change(deepcopy(version.document)) if callable(change) else change
    document = plain(document) | {"code": version.scheme.code}
    document, problems = check_document(document)
    for name, value in columns_of(document).items():
        setattr(version, name, value)
    version.edited_by, version.edited_at = edited_by, now
    if edited_by is not None and edited_by.pk not in version.editors:
        version.editors = [*version.editors, edited_by.pk]
    version.save(
        update_fields=[
            "document", "name_en", "name_zh", "positions", "cycles", "edited_by", "edited_at",
            "editors",
        ]
    )  # fmt: skip
    return version, problems


def check_document(document: Mapping[str, Any]) -> tuple[Document, list[Problem]]:
    """The document in its shortest form, or as it is, with everything that is wrong with it.

    Queries: those of :func:`appraisal.services.scheme_checks.problems_here`.
    """
    problems = problems_here(document)
    try:
        return dump_scheme(parse_scheme(document)), problems
    except SchemeError as error:
        return dict(document), list(dict.fromkeys([*error.problems, *problems]))


@transaction.atomic
def ask_approval(
    *, version: SchemeVersion, asked_by: User, note: str, now: datetime
) -> SchemeVersion:
    """Send a draft to the manager; until it is decided nobody changes it.

    Raises:
        NotAllowed: the role does not edit schemes.
        NotADraft: it was sent or deleted meanwhile.
        NotReady: something is wrong with it, or it says what the version in use says.
    """
    _check_editor(asked_by)
    version = _locked_draft(version)
    _document, problems = check_document(version.document)
    if problems:
        raise NotReady(_("Something is wrong with it still; the page says what."))
    in_use = version.scheme.versions.filter(state=State.PUBLISHED).order_by("-number").first()
    if in_use is not None and in_use.document == version.document:
        raise NotReady(
            _("It says what version %(number)s says: there is nothing to approve.")
            % {"number": in_use.number}
        )
    version.state, version.asked_by, version.asked_at = State.ASKED, asked_by, now
    version.note, version.answer = note.strip(), ""
    version.save(update_fields=["state", "asked_by", "asked_at", "note", "answer"])
    return version


@transaction.atomic
def take_back(*, version: SchemeVersion, taken_by: User) -> SchemeVersion:
    """Make a version that was sent a draft again.

    Raises:
        NotAllowed: the role does not edit schemes.
        NotReady: it is not waiting.
    """
    _check_editor(taken_by)
    version = _locked_asked(version)
    version.state = State.DRAFT
    version.save(update_fields=["state"])
    return version


@transaction.atomic
def approve(*, version: SchemeVersion, decided_by: User, now: datetime) -> SchemeVersion:
    """Publish a version: it holds for every run from now on, and the one before is retired.

    Raises:
        NotAllowed: not a manager, or one who edited or sent it.
        NotReady: it is not waiting, or something is wrong with it.
    """
    version = _locked_asked(version)
    _check_second_person(version, decided_by)
    if check_document(version.document)[1]:
        raise NotReady(_("Something is wrong with it by now: a KPI it names is out of use."))
    version.scheme.versions.filter(state=State.PUBLISHED).update(state=State.RETIRED)
    version.state, version.approved_by, version.created_at = State.PUBLISHED, decided_by, now
    version.save(update_fields=["state", "approved_by", "created_at"])
    return version


@transaction.atomic
def return_draft(*, version: SchemeVersion, decided_by: User, answer: str) -> SchemeVersion:
    """Send a version back to HR, saying why: it is a draft again.

    Raises:
        NotAllowed: not a manager, or one who edited or sent it.
        NotReady: it is not waiting, or no reason is given.
    """
    version = _locked_asked(version)
    _check_second_person(version, decided_by)
    if not answer.strip():
        raise NotReady(_("Say why it goes back, so that HR knows what to do."))
    version.state, version.answer = State.DRAFT, answer.strip()
    version.save(update_fields=["state", "answer"])
    return version


@transaction.atomic
def retire(*, version: SchemeVersion, retired_by: User) -> SchemeVersion:
    """Take a version out of use: no run computes by it any more. What it computed stays.

    Raises:
        NotAllowed: not a manager.
        NotReady: it is not in use.
    """
    if not allows(retired_by, "scheme.publish"):
        raise NotAllowed(_("Only a manager takes a scheme out of use."))
    version = _locked(version)
    if version.state != State.PUBLISHED:
        raise NotReady(_("This version is not in use."))
    version.state = State.RETIRED
    version.save(update_fields=["state"])
    return version


@transaction.atomic
def delete_draft(*, version: SchemeVersion, deleted_by: User) -> None:
    """Delete a draft, and the scheme with it if it never had another version.

    Raises:
        NotAllowed: the role does not edit schemes.
        NotADraft: it was sent, published or deleted meanwhile.
    """
    _check_editor(deleted_by)
    version = _locked_draft(version)
    scheme = version.scheme
    version.delete()
    if not scheme.versions.exists():
        scheme.delete()


def _locked(version: SchemeVersion) -> SchemeVersion:
    found = SchemeVersion.objects.select_for_update(of=("self",)).select_related("scheme")
    try:
        return found.get(pk=version.pk)
    except SchemeVersion.DoesNotExist as error:
        raise NotADraft(_("This draft was deleted.")) from error


def _locked_draft(version: SchemeVersion) -> SchemeVersion:
    version = _locked(version)
    if version.state != State.DRAFT:
        message = _("Version %(number)s is no draft any more.")
        raise NotADraft(message % {"number": version.number})
    return version


def _locked_asked(version: SchemeVersion) -> SchemeVersion:
    version = _locked(version)
    if version.state != State.ASKED:
        raise NotReady(_("Nothing waits for approval here."))
    return version


def _check_editor(user: User | None) -> None:
    """HR edits; nobody stands for the system, which loads files."""
    if user is not None and not allows(user, "scheme.edit"):
        raise NotAllowed(_("Only HR edits schemes."))


def _check_second_person(version: SchemeVersion, user: User) -> None:
    if not allows(user, "scheme.publish"):
        raise NotAllowed(_("Only a manager publishes a scheme."))
    if user.pk in {*version.editors, version.edited_by_id, version.asked_by_id}:
        raise NotAllowed(_("Two people publish a scheme: not the one who edited it."))
