"""Command ``seed_demo``: fill an empty database with the demo centre."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.demo import seeding
from feedback.demo.logins import logins
from feedback.demo.sizes import SIZES
from feedback.demo.timeline import ZONE


class Command(BaseCommand):
    """Load the demo centre, once."""

    help = "Fill an empty database with the demo centre: people, facts, cycles and log-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size, the day on which somebody looks at it, and how to report."""
        parser.add_argument("--size", choices=sorted(SIZES), default="full")
        parser.add_argument("--today", type=date.fromisoformat, help="A day, such as 2026-11-21.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, size: str, today: date | None, as_json: bool, verbosity: int, **options: Any
    ) -> None:
        """Build it and say what was made."""
        quiet = as_json or verbosity == 0
        try:
            made = seeding.seed(
                size=size,
                today=today or timezone.localdate(timezone=ZoneInfo(ZONE)),
                report=(lambda _line: None) if quiet else self.stdout.write,
            )
        except seeding.NotEmpty as error:
            raise CommandError(str(error)) from error
        if as_json:
            self.stdout.write(json.dumps(made, indent=2))
        elif verbosity:
            self.stdout.write(_summary(made))


def _summary(made: dict[str, Any]) -> str:
    if made["loaded_before"]:
        first = "The demo centre was here already; nothing was changed."
    else:
        facts = sum(made["facts"].values())
        first = (
            f"{made['people']} people, {facts:,} facts in {made['batches']} files, "
            f"{len(made['cycles'])} cycles."
        )
    return f"{first}\n\n{logins()}"
