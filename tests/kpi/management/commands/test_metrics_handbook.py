from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_it_writes_a_file_that_passes_its_own_check(tmp_path: Path):
    page, told = tmp_path / "metrics.md", StringIO()

    call_command("metrics_handbook", file=page, stdout=told)
    call_command("metrics_handbook", file=page, check=True, stdout=told)

    assert page.read_text(encoding="utf-8").startswith("# Metric handbook\n")


def test_it_refuses_a_page_that_is_not_current(tmp_path: Path):
    page = tmp_path / "metrics.md"
    page.write_text("# Old\n", encoding="utf-8")

    with pytest.raises(CommandError, match="is not current"):
        call_command("metrics_handbook", file=page, check=True)

    assert page.read_text(encoding="utf-8") == "# Old\n"
