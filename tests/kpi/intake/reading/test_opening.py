import pytest

from kpi.intake.limits import Limits
from kpi.intake.reading.opening import read_table
from kpi.intake.reading.table import FileRefused, Request


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"%PDF-1.7 x", "other_kind"),
        ("a.csv", b"<!DOCTYPE html><html>", "other_kind"),
        ("a.csv", b"PK\x03\x04rest", "other_kind"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "not_read"),
        ("a.xlsx", b"call,agent\n1,2\n", "workbook_damaged"),
        ("a.csv", bytes(range(1, 9)) * 20, "binary"),
        ("a.csv", b"MZ\x90\x00\x03 cannot be run in DOS mode", "other_kind"),
        ("a.exe", b"made up, to be taken\nfor a, table\n", "binary"),
        ("a.csv", b"made up", "binary"),
        ("a.csv", b"\x01" + b"call,agent,\xff\xfe\xfd\n" * 9, "binary"),
        ("a.csv", b"call,agent\n", "header_only"),
        ("a.csv", b"", "empty_file"),
        ("a.json", b"\n", "empty_file"),
        ("a.xlsx", b"PK\x03\x04garbage", "other_kind"),
    ],
)
def test_content_that_the_name_does_not_announce_is_refused(tmp_path, name, content, code):
    path = tmp_path / "stored"
    path.write_bytes(content)

    with pytest.raises(FileRefused) as refused:
        read_table(path, name=name, request=Request())

    assert refused.value.code == code


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(b"a,b\n1,2\n")

    with pytest.raises(FileRefused) as refused:
        read_table(path, name="a.csv", request=Request(limits=Limits(text_bytes=4)))

    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.txt", b"a\tb\n1\t2\n", "csv"),
        ("a.json", b'[{"a": 1}]', "json"),
        ("a.ndjson", b'{"a": 1}\n', "jsonl"),
    ],
)
def test_the_ending_says_which_reader(tmp_path, name, content, form):
    path = tmp_path / "stored"
    path.write_bytes(content)

    assert read_table(path, name=name, request=Request()).format == form
