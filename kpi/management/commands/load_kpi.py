"""Command ``load_kpi``: take KPIs from a YAML file, as drafts that HR goes on with."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from agents.models import User
from kpi.library.definition import Wording
from kpi.library.reading import WrongLibrary, read_documents
from kpi.models import KPI
from kpi.selectors import list_versions
from kpi.services import drafts


class Command(BaseCommand):
    """A KPI that says what its newest version says is left as it is."""

    help = "Take KPIs from a YAML file, as drafts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and who edits."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--edited-by", metavar="USER", required=True, help="who goes on with the drafts"
        )
        parser.add_argument("--json", action="store_true")

    @transaction.atomic
    def handle(self, *, file: Path, edited_by: str, **options: Any) -> None:
        """Take all KPIs of the file or none."""
        editor = User.objects.filter(username=edited_by).first()
        if editor is None:
            raise CommandError(f"Nobody logs in as {edited_by}.")
        try:
            documents = read_documents(file)
        except WrongLibrary as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        told = {code: _take(code, document, editor) for code, document in documents.items()}
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            for code, what in told.items():
                self.stdout.write(f"{code}: {what}")


def _take(code: str, document: dict[str, Any], editor: User) -> str:
    problems = drafts.problems_of(code, document, wording=Wording())
    if problems:
        raise CommandError(f"{code}: {' '.join(problems)} Nothing was taken.")
    newest = list_versions(code).first()
    if newest is not None and newest.definition == document:
        return "says the same already"
    try:
        if not KPI.objects.filter(code=code).exists():
            drafts.create_kpi(code=code, document=document, by=editor, now=timezone.now())
            return "new, a draft"
        version = drafts.start_draft(code=code, by=editor, now=timezone.now())
    except drafts.DraftRefused as error:
        raise CommandError(f"{code}: {error} Nothing was taken.") from error
    drafts.save_draft(version_id=version.pk, document=document, by=editor)
    return f"version {version.number}, a draft"
