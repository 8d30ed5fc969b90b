"""KPIs written as YAML and taken in again."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kpi.models import KPIVersion
from kpi.selectors import list_current_versions
from tests.kpi.services.test_drafts import WHOLE

pytestmark = pytest.mark.usefixtures("library")


def dumped(code, **options):
    written = StringIO()
    call_command("dump_kpi", code, stdout=written, **options)
    return written.getvalue()


def load(path, **options):
    written = StringIO()
    call_command("load_kpi", str(path), edited_by="hana", stdout=written, **options)
    return written.getvalue()


def test_every_shipped_kpi_comes_back_as_it_was(cast, tmp_path):
    path = tmp_path / "kpis.yaml"
    codes = [version.kpi.code for version in list_current_versions()]
    path.write_text("".join(dumped(code) for code in codes), encoding="utf-8")

    told = json.loads(load(path, json=True))

    assert set(told) == set(codes)
    assert set(told.values()) == {"says the same already"}


def test_another_formula_becomes_a_draft(cast, tmp_path):
    path = tmp_path / "kpi.yaml"
    text = dumped("average_talk_time")
    path.write_text(text.replace("avg(contacts.talk_s", "max(contacts.talk_s"), encoding="utf-8")

    assert "a draft" in load(path)

    draft = KPIVersion.objects.get(kpi__code="average_talk_time", state="draft")
    assert "max(contacts.talk_s" in draft.formula
    assert draft.edited_by == cast.hana


def test_a_faulty_file_takes_nothing(cast, tmp_path):
    path = tmp_path / "kpi.yaml"
    good, bad = {"calls_taken": WHOLE}, {"calls_lost": WHOLE | {"formula": "count(contact)"}}
    path.write_text(json.dumps(good | bad), encoding="utf-8")

    with pytest.raises(CommandError, match=r"calls_lost: formula \(“Formula”\), character 7"):
        load(path)

    assert not KPIVersion.objects.filter(kpi__code="calls_taken").exists()


@pytest.mark.parametrize("text", ["- a list", "a: [", ""])
def test_a_file_that_is_no_list_of_kpis_is_refused(cast, tmp_path, text):
    path = tmp_path / "kpi.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError):
        load(path)


def test_unknown_kpis_and_people_are_named(cast, tmp_path):
    with pytest.raises(CommandError, match="no KPI nothing"):
        dumped("nothing")
    with pytest.raises(CommandError, match="Nobody logs in as nobody"):
        call_command("load_kpi", str(tmp_path / "kpi.yaml"), edited_by="nobody")


@pytest.mark.parametrize("code", ["a b/..", "x" * 65, "new"])
def test_kpi_that_no_page_could_show_is_refused(cast, tmp_path, code):
    path = tmp_path / "kpi.yaml"
    path.write_text(dumped("centre_answer_rate").replace("centre_answer_rate", f'"{code}"', 1))

    with pytest.raises(CommandError, match=r"Nothing was taken"):
        load(path)


def test_what_cannot_be_read_is_told_plainly(cast, tmp_path):
    path = tmp_path / "kpi.yaml"
    path.write_bytes("指标: 1".encode("gb18030"))

    with pytest.raises(CommandError, match=r"kpi\.yaml: The file is not UTF-8"):
        load(path)
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        load(tmp_path)
