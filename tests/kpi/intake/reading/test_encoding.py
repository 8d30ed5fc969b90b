import pytest

from kpi.intake.reading.encoding import decode
from kpi.intake.reading.table import FileRefused


def test_utf8_wins_where_bytes_could_be_both():
    assert decode("汉字".encode()) == ("汉字", "utf-8")


def test_damaged_utf8_is_not_taken_for_chinese():
    damaged = "张三,接通\n".encode() * 50 + b"\xe5\xbc" + b",x\n"

    with pytest.raises(FileRefused) as refused:
        decode(damaged)

    assert refused.value.details["line"] == 51


def test_a_named_encoding_is_taken_at_its_word():
    assert decode("Müller".encode("windows-1252"), "windows-1252")[0] == "Müller"


def test_a_named_encoding_that_does_not_fit_is_refused():
    with pytest.raises(FileRefused) as refused:
        decode(b"a\nb\xff", "utf-8")

    assert refused.value.details == {"line": 2, "offset": 3, "encoding": "utf-8"}
