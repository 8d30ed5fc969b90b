"""Take a scheme in from a YAML file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agents.models import User
from appraisal.models import SchemeVersion
from appraisal.scoring.documents import read_document
from appraisal.scoring.reading import SchemeError
from appraisal.services import drafts, schemes


class Command(BaseCommand):
    """``load_scheme FILE``."""

    help = (
        "Take a scheme in from a YAML file: as a draft that HR goes on with and a manager"
        " approves, or with --publish as the version in use."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and who answers for it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="put it into use at once")
        parser.add_argument("--edited-by", metavar="USER", help="who wrote it; else the system")
        parser.add_argument("--approved-by", metavar="USER", help="who approved it; with --publish")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Load the file and say what became of it."""
        try:
            document = read_document(options["file"].read_text("utf-8"))
            version, told = self._load(document, options, timezone.now())
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['file']} is not UTF-8.") from error
        except SchemeError as error:
            raise CommandError(f"{options['file']} is faulty:\n{error}") from error
        except (
            schemes.SamePerson,
            drafts.NotAllowed,
            drafts.NotADraft,
            drafts.CodeTaken,
        ) as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(
                "{code}: version {version}, {state}{unchanged}".format(
                    **told | {"unchanged": "" if told["changed"] else ", as before"}
                )
            )
            self._tell_what_is_left(version)

    def _tell_what_is_left(self, version: SchemeVersion) -> None:
        """Name what keeps a draft from being sent: what it says does not fit what is here."""
        if version.state == SchemeVersion.State.DRAFT:
            for problem in drafts.check_document(version.document)[1]:
                self.stdout.write(f"to mend before it is sent: {problem}")

    def _load(
        self, document: dict[str, Any], options: dict[str, Any], now: datetime
    ) -> tuple[SchemeVersion, dict[str, Any]]:
        edited_by, approved_by = (self._user(options[key]) for key in ("edited_by", "approved_by"))
        if options["publish"]:
            changed = schemes.add_version(
                document, now=now, edited_by=edited_by, approved_by=approved_by
            )
            version = SchemeVersion.objects.get(
                scheme__code=document["code"], state=SchemeVersion.State.PUBLISHED
            )
        else:
            version, changed = drafts.load_draft(document=document, edited_by=edited_by, now=now)
        told = {
            "code": version.scheme.code,
            "version": version.number,
            "state": version.state,
            "changed": changed,
        }
        return version, told

    def _user(self, username: str | None) -> User | None:
        if not username:
            return None
        found = User.objects.filter(username=username).first()
        if found is None:
            raise CommandError(f"There is no user {username}.")
        return found
