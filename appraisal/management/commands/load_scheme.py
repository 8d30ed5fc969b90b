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
from appraisal.selectors.schemes import open_draft
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
        parser.add_argument(
            "--replace",
            action="store_true",
            help="put it in the place of a draft that people edited, or that waits for approval",
        )
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
        except drafts.DraftInTheWay as error:
            raise CommandError(f"{error} Nothing was changed; --replace replaces it.") from error
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
            if "replaced" in told:
                self.stdout.write(
                    "replaced the {state}, last edited by {edited_by} at {edited_at}".format(
                        **told["replaced"]
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
        before = None
        if options["publish"]:
            changed = schemes.add_version(
                document, now=now, edited_by=edited_by, approved_by=approved_by
            )
            version = SchemeVersion.objects.get(
                scheme__code=document["code"], state=SchemeVersion.State.PUBLISHED
            )
        else:
            before = open_draft(str(document.get("code", "")))
            version, changed = drafts.load_draft(
                document=document, edited_by=edited_by, now=now, replace=options["replace"]
            )
        told = {
            "code": version.scheme.code,
            "version": version.number,
            "state": version.state,
            "changed": changed,
        }
        if changed and before is not None:
            told["replaced"] = _what_stood(before)
        return version, told

    def _user(self, username: str | None) -> User | None:
        if not username:
            return None
        found = User.objects.filter(username=username).first()
        if found is None:
            raise CommandError(f"There is no user {username}.")
        return found


def _what_stood(version: SchemeVersion) -> dict[str, str]:
    """Who wrote the draft that was replaced, and when."""
    is_waiting = version.state == SchemeVersion.State.ASKED
    return {
        "state": "draft that waited for approval" if is_waiting else "draft",
        "edited_by": version.edited_by.username if version.edited_by else "nobody by name",
        "edited_at": f"{version.edited_at:%Y-%m-%d %H:%M} UTC" if version.edited_at else "?",
    }
