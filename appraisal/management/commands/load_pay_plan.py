"""Take a pay plan in from a YAML file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from appraisal.pay.plan import PlanError, parse_plan
from appraisal.scoring.documents import read_document
from appraisal.services import pay_plans


class Command(BaseCommand):
    """``load_pay_plan FILE``."""

    help = (
        "Take a pay plan in from a YAML file as the draft of its code. HR sets its figures and a"
        " manager puts it to use on the pages: two people, which a command line is not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="replace a draft that somebody set figures in"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Load the file and say which figures are missing."""
        try:
            document = read_document(options["file"].read_text("utf-8"))
            draft = pay_plans.load_draft(
                document=document,
                edited_by=None,
                now=timezone.now(),
                replace=options["replace"],
            )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['file']} is not UTF-8.") from error
        except PlanError as error:
            raise CommandError(f"{options['file']} is faulty:\n{error}") from error
        except pay_plans.DraftInTheWay as error:
            raise CommandError(f"{error} Nothing was changed; --replace replaces it.") from error
        except pay_plans.NotReady as error:
            raise CommandError(str(error)) from error
        missing = [one.code for one in parse_plan(draft.document).missing]
        told = {"code": draft.plan.code, "version": draft.number, "missing": missing}
        if options["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            names = ", ".join(missing) or "nothing"
            self.stdout.write(f"{draft.plan.code}: version {draft.number}, draft, not set: {names}")
