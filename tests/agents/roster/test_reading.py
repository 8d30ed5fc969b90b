"""Files as lines of text."""

import pytest

from agents.roster import template
from agents.roster.reading import Line, Unreadable, read_lines


@pytest.mark.parametrize(
    "content",
    [
        "工号,姓名\n1,林".encode(),
        "工号,姓名\n1,林".encode("utf-8-sig"),
        "工号,姓名\n1,林".encode("gb18030"),
        "工号,姓名\n1,林".encode("utf-16"),
        "工号;姓名\n1;林".encode(),
        "工号\t姓名\r\n1\t林\r\n".encode(),
        template.as_xlsx([["工号", "姓名"], ["1", "林"]]),
    ],
)
def test_list_is_read_in_every_usual_encoding_and_form(content):
    assert read_lines("people", content) == [Line(1, ["工号", "姓名"]), Line(2, ["1", "林"])]


def test_empty_lines_are_left_out_and_still_counted():
    lines = read_lines("people.csv", b"a,b\n,\n\nc,d\n")

    assert [line.number for line in lines] == [1, 4]


def test_lines_written_as_text_keep_their_numbers():
    lines = [Line(1, ["a", "b"]), Line(4, ["c", "d, e"])]

    assert read_lines("again.csv", template.as_text(lines).encode()) == lines


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a" * 5_000_001, "larger than 5 MB"),
        (b"," * 60, "more than 20,000 lines or 60 columns"),
        (b"a\n" * 20_001, "more than 20,000 lines or 60 columns"),
        (b"  \n", "is empty"),
    ],
)
def test_file_beyond_its_limits_is_refused(content, words):
    with pytest.raises(Unreadable, match=words):
        read_lines("people.csv", content)
