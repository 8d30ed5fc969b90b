"""Django system checks of the shipped KPI library, each message naming KPI and file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from kpi.library.reading import FOLDER, Problem, read_folder

_IDS: Final = {"file": "kpi.E001", "duplicate": "kpi.E002", "definition": "kpi.E003"}


@register()
def check_library(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Check every shipped definition, where the kpi app is among those checked."""
    if app_configs is not None and all(app.label != "kpi" for app in app_configs):
        return []
    return messages_for(FOLDER)


def messages_for(folder: Path) -> list[CheckMessage]:
    """Give one error for each problem in a folder of definitions."""
    _definitions, problems = read_folder(folder)
    return [_message(problem) for problem in problems]


def _message(problem: Problem) -> CheckMessage:
    return Error(str(problem), id=_IDS[problem.kind])
