from pathlib import Path

from django.apps import apps
from django.core import checks as django_checks

from kpi import checks
from kpi.library.reading import FOLDER

GOOD = (FOLDER / "sales.yaml").read_text(encoding="utf-8")


def messages(folder: Path, text: str) -> list[django_checks.CheckMessage]:
    (folder / "sales.yaml").write_text(text, encoding="utf-8")
    return checks.messages_for(folder)


def test_shipped_library_passes():
    assert checks.check_library() == []


def test_django_runs_the_check():
    assert checks.check_library in django_checks.registry.registry.get_checks()


def test_other_apps_alone_are_not_kept_waiting():
    assert checks.check_library(app_configs=[apps.get_app_config("agents")]) == []
    assert checks.check_library(app_configs=[apps.get_app_config("kpi")]) == []


def test_unknown_field_names_file_kpi_and_field(tmp_path: Path):
    (message,) = messages(tmp_path, GOOD.replace("sales is not None)", "sold is not None)", 1))

    assert message.id == "kpi.E003"
    assert message.msg.startswith("sales.yaml, sales_conversion: formula (“Formula”), character ")
    assert "have no field sold." in message.msg


def test_duplicate_code_names_both_files(tmp_path: Path):
    (tmp_path / "again.yaml").write_text(GOOD, encoding="utf-8")

    found = messages(tmp_path, GOOD)

    assert {message.id for message in found} == {"kpi.E002"}
    assert len(found) == 3
    assert found[0].msg == (
        "sales.yaml, sales_conversion: The code is taken by a KPI of again.yaml."
    )


def test_missing_example_is_named(tmp_path: Path):
    head, _example, rest = GOOD.partition("  example:")
    _rows, _gives, other_kpi = rest.partition('value: "0.4"}\n')

    (message,) = messages(tmp_path, head + other_kpi)

    assert message.msg == "sales.yaml, sales_conversion: These parts are missing: example."


def test_unreadable_file_is_named(tmp_path: Path):
    (message,) = messages(tmp_path, GOOD + "\n  [")

    assert message.id == "kpi.E001"
    assert message.msg.startswith("sales.yaml: ")
