"""Import one file from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpi.intake import reasons
from kpi.intake.mapping.reading import BadMapping, is_zone
from kpi.intake.reading.encoding import decode
from kpi.intake.reading.table import FileRefused
from kpi.models.imports import Kind
from kpi.services import direct_imports, imports

_BLOCK = 1 << 20
_PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import a file of facts. Without --mapping: the source's newest confirmed mapping, else "
        "a shipped one that fits the columns, else the columns are recognised."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", choices=["auto", *Kind.values])
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--source", default="", help="Code of the system the file is from.")
        parser.add_argument("--mapping", type=Path, help="A mapping as YAML.")
        parser.add_argument("--timezone", default="", metavar="ZONE", help="Of the file's clocks.")
        parser.add_argument("--sheet", default="", help="Of a workbook.")
        parser.add_argument(
            "--correction",
            action="store_true",
            help="Rows that are here already and say something else replace the earlier ones.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Check only; change nothing.")
        parser.add_argument("--json", action="store_true", help="Answer as one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = direct_imports.import_file(
                content=_blocks(options["file"]),
                name=options["file"].name,
                order=_order(options),
                now=timezone.now(),
            )
        except (FileRefused, BadMapping, direct_imports.WrongKind) as error:
            self._refuse(imports.explain(error), as_json=options["json"])
        except OSError as error:
            text = f"{error.filename or options['file']}: {error.strerror}."
            self._refuse(text, as_json=options["json"])
        else:
            self._answer(report, as_json=options["json"])

    def _refuse(self, message: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"state": "refused", "message": message}))
        raise CommandError(message)

    def _answer(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(report)))


def _order(options: dict[str, Any]) -> direct_imports.FileOrder:
    zone, mapping = options["timezone"], options["mapping"]
    if zone and not is_zone(zone):
        raise CommandError(f"“{zone}” is no time zone. Write one such as Asia/Shanghai.")
    return direct_imports.FileOrder(
        kind="" if options["kind"] == "auto" else options["kind"],
        source=options["source"],
        mapping_text=decode(mapping.read_bytes())[0] if mapping else "",
        zone=zone,
        sheet=options["sheet"],
        dry_run=options["dry_run"],
        corrects=options["correction"],
    )


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _lines(report: dict[str, Any]) -> Iterator[str]:
    """The report for people: tallies first, then what is wrong, line by line."""
    tried = "would be " if report["state"] == "dry_run" else ""
    yield (
        f"{report['file']} ({report['kind']} of {report['source']}): {report['rows']} rows, "
        f"{tried}{report['accepted']} accepted, {report['rejected']} rejected, "
        f"{report['duplicate']} duplicate, {report['left_out']} left out."
    )
    if report["replaced"]:
        yield f"Of the accepted, {report['replaced']} in place of earlier rows."
    if report["also"]:
        tally = ", ".join(f"{count} {word}" for word, count in report["also"].items())
        yield f"{report['also_kind']}: {tally.replace('_', ' ')}."
    for reason, count in report["left_out_reasons"].items():
        yield f"Left out: {count} ({reasons.of_left_out(reason)})."
    yield from report["notes"]
    for problem in report["problems"][:_PROBLEMS_SHOWN]:
        place = f"line {problem['line']}" + (f", {problem['column']}" if problem["column"] else "")
        shown = f" “{problem['value']}”" if problem["value"] else ""
        yield f"Rejected: {place}:{shown} {problem['message']}"
    if len(report["problems"]) > _PROBLEMS_SHOWN:
        yield "More rejected rows are listed on the page of the import."
