import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kpi.models import Contact, ImportBatch, Mapping, Source, Survey

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("APPRAISAL_SAMPLE_DATA", ROOT.parent / "shared" / "data"))

CALLS = """\
Call Id,Agent,Date,Time,Answered (Y/N),Speed of answer in seconds,AvgTalkDuration,\
Satisfaction rating
ID0001,Diane,2021-01-01,09:12:58,Y,109,00:02:23,3
ID0002,Becky,2021-01-01,09:12:58,Y,70,-00:04:02,3
ID0003,Greg,2021-01-01,09:47:31,N,,,
Total,,,,2,,,
"""
MAPPING = """\
kind: contacts
source: mapped
fields:
  external_id: Call Id
  started_at: {columns: [Date, Time], format: "%Y-%m-%d %H:%M:%S"}
"""


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path / "var"


@pytest.fixture
def calls(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(CALLS, encoding="utf-8")
    return path


def run(capsys, *arguments):
    call_command("import_data", *map(str, arguments))
    return capsys.readouterr().out


def test_a_file_is_recognised_and_imported_on_an_empty_database(capsys, calls):
    report = json.loads(run(capsys, "auto", calls, "--json"))

    assert {name: report[name] for name in ("kind", "also_kind", "source", "state")} == {
        "kind": "contacts",
        "also_kind": "surveys",
        "source": "calls",
        "state": "done",
    }
    assert [report[name] for name in ("rows", "accepted", "rejected", "duplicate", "left_out")] == [
        4, 2, 1, 0, 1,
    ]  # fmt: skip
    assert report["also"] == {"accepted": 1, "rejected": 1, "duplicate": 0, "left_out": 2}
    assert report["problems"] == [
        {
            "kind": "contacts",
            "line": 3,
            "column": "AvgTalkDuration",
            "code": "negative",
            "value": "-00:04:02",
            "message": "A duration below zero.",
        }
    ]
    assert Contact.objects.count() == 2
    assert Survey.objects.count() == 1


def test_the_report_for_people_names_lines_and_reasons(capsys, calls):
    out = run(capsys, "contacts", calls)

    assert "4 rows, 2 accepted, 1 rejected, 0 duplicate, 1 left out." in out
    assert "Left out: 1 (total row)." in out
    assert "line 3, AvgTalkDuration: “-00:04:02” A duration below zero." in out
    assert "2 people were added" in out


def test_a_dry_run_leaves_nothing_behind(capsys, calls, settings):
    report = json.loads(run(capsys, "auto", calls, "--dry-run", "--json"))

    assert (report["state"], report["accepted"], report["rejected"]) == ("dry_run", 2, 1)
    assert report["problems"][0]["line"] == 3
    for model in (Contact, ImportBatch, Mapping, Source):
        assert not model.objects.exists()
    assert [path for path in settings.APPRAISAL_VAR.rglob("*") if path.is_file()] == []


def test_source_mapping_and_zone_may_be_given(capsys, calls, tmp_path):
    mapping = tmp_path / "calls.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")

    run(
        capsys,
        "contacts",
        calls,
        "--mapping",
        mapping,
        "--source",
        "desk",
        "--timezone",
        "Asia/Tokyo",
    )

    first = Contact.objects.get(external_id="ID0001")
    assert (first.source, first.started_at.hour, first.day.isoformat()) == ("desk", 0, "2021-01-01")


def test_the_second_file_of_a_source_uses_its_confirmed_mapping(capsys, calls, tmp_path):
    mapping = tmp_path / "calls.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    run(capsys, "contacts", calls, "--mapping", mapping, "--source", "desk")

    report = json.loads(run(capsys, "contacts", calls, "--source", "desk", "--json"))

    assert report["also_kind"] == ""
    assert report["duplicate"] == 3


@pytest.mark.parametrize(
    ("name", "content", "arguments", "words"),
    [
        ("a.csv", b"%PDF-1.7", (), "PDF"),
        ("a.csv", b"", (), "empty"),
        ("a.csv", b"call id,call id\n1,2\n", (), "two columns are named"),
        ("a.csv", b"colour,size\nred,big\n", (), "colour, size"),
        ("a.csv", b"call id,start time,talk time\n", (), "no rows"),
        ("a.csv", CALLS.encode(), ("--timezone", "Mars/North"), "no time zone"),
        ("a.csv", CALLS.encode(), ("--mapping", "none.yaml"), "none.yaml"),
    ],
)
def test_a_refusal_says_why_and_leaves_nothing(tmp_path, name, content, arguments, words):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(CommandError, match=words) as refused:
        call_command("import_data", "auto", str(path), *arguments)

    assert refused.value.returncode == 1
    assert not ImportBatch.objects.exists()


def test_a_refusal_is_json_too_where_that_is_asked(capsys, tmp_path):
    with pytest.raises(CommandError):
        call_command("import_data", "auto", str(tmp_path / "absent.csv"), "--json")

    assert json.loads(capsys.readouterr().out)["state"] == "refused"


def test_a_mapping_of_another_kind_is_refused(calls, tmp_path):
    mapping = tmp_path / "calls.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")

    with pytest.raises(CommandError, match="not for tickets"):
        call_command("import_data", "tickets", str(calls), "--mapping", str(mapping))


@pytest.mark.skipif(not DATA.is_dir(), reason="no sample data here")
def test_the_bank_file_finds_its_shipped_mapping(capsys):
    path = DATA / "anonymous_bank_1999_02" / "data_anonymous_bank_february.txt"

    report = json.loads(run(capsys, "auto", path, "--json"))

    assert (report["source"], report["accepted"], report["left_out"]) == (
        "anonymous-bank",
        33_066,
        278,
    )


def test_changed_rows_replace_earlier_ones_only_where_it_is_a_correction(capsys, calls):
    run(capsys, "contacts", calls)
    calls.write_text(CALLS.replace("00:02:23,3", "00:02:24,4"), encoding="utf-8")

    plain = json.loads(run(capsys, "contacts", calls, "--json"))
    tried = json.loads(run(capsys, "contacts", calls, "--correction", "--dry-run", "--json"))
    told = run(capsys, "contacts", calls, "--correction")

    assert (plain["accepted"], plain["replaced"], plain["duplicate"]) == (0, 0, 2)
    assert (tried["accepted"], tried["replaced"], tried["duplicate"]) == (1, 1, 1)
    assert tried["also"]["replaced"] == 1
    assert "Of the accepted, 1 in place of earlier rows." in told
    assert Contact.objects.get(external_id="ID0001", valid_until=None).talk_s == 144
    assert Survey.objects.get(external_id="ID0001", valid_until=None).score == 4
