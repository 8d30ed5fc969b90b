import pytest

from kpi.intake.limits import Limits
from kpi.intake.reading.table import LINE, FileOptions, FileRefused, Request
from kpi.intake.reading.text import read_text


def read(text, *, encoding="utf-8", limits=None, **options):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return read_text(data, Request(FileOptions(**options), limits or Limits()))


def rows(table):
    return table.frame.select(*table.columns, LINE).rows()


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("a,b\n1,你好\n", "utf-8", "utf-8"),
        ("a,b\n1,你好\n", "utf-8-sig", "utf-8"),
        ("a,b\n1,你好\n", "gbk", "gb18030"),
        ("a,b\n1,你好\n", "utf-16", "utf-16"),
    ],
)
def test_chinese_is_read_in_every_usual_encoding(text, encoding, found):
    table = read(text, encoding=encoding)

    assert table.columns == ("a", "b")
    assert rows(table) == [("1", "你好", 2)]
    assert table.encoding == found


@pytest.mark.parametrize(
    ("data", "line", "offset"),
    [
        (b"name,n\nM\xfcller,1\n", 2, 8),
        ("姓名,n\n张三,1\n李四,2\n".encode() + b"\xff,3\n", 4, 27),
        ("姓名,工号\n张三丰,1\n".encode() + "李四".encode()[:4] + b",2\n", 3, 29),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_place(data, line, offset):
    with pytest.raises(FileRefused) as refused:
        read(data)

    assert refused.value.code == "encoding"
    assert refused.value.details["line"] == line
    assert refused.value.details["offset"] == offset


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_give_the_same_rows(end):
    table = read(end.join(["a;b", "1;x", "", "2;y"]))

    assert rows(table) == [("1", "x", 2), ("2", "y", 4)]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('a,b\n1,"x\n2,3\n', "quote", 2),
        ('a,b\n"m\nn",2\n3,"k\n4', "quote", 4),
        ('a,b\n1,"x"y\n', "quote", 2),
        ("a,b,a\n1,2,3\n", "header_doubled", 1),
        ("1,2\n3,4\n", "header_missing", 1),
        ("2026-01-01,12:00:01\n2026-01-01,12:00:01\n", "header_missing", 1),
        ("a,,c\n1,2,3\n", "header_unnamed", 1),
    ],
)
def test_a_broken_file_is_refused_with_the_line(text, code, line):
    with pytest.raises(FileRefused) as refused:
        read(text)

    assert refused.value.code == code
    assert refused.value.details["line"] == line


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty_file"), ("\n \n", "empty_file"), ("a,b\n,\n", "header_only")]
)
def test_a_file_without_rows_is_refused(text, code):
    with pytest.raises(FileRefused) as refused:
        read(text)

    assert refused.value.code == code


def test_a_doubled_header_is_named():
    with pytest.raises(FileRefused) as refused:
        read("call,agent,call\n1,2,3\n")

    assert refused.value.details["column"] == "call"


@pytest.mark.parametrize("quote", ["", '"'])
def test_ragged_rows_are_faults_of_their_line_and_empty_cells_behind_are_none(quote):
    table = read(f"a,b\n1,{quote}x{quote}\n2\n3,y,z\n4,w,,\n")

    assert rows(table) == [("1", "x", 2), ("2", None, 3), ("3", "y", 4), ("4", "w", 5)]
    assert table.faults.rows() == [(3, "", "columns", "1"), (4, "", "columns", "3")]


def test_lines_are_physical_over_quoted_line_breaks():
    table = read('a,b\n"one\ntwo",1\n"x, y",2\n"say ""hi""",3\n')

    assert rows(table) == [("one\ntwo", "1", 2), ("x, y", "2", 4), ('say "hi"', "3", 5)]


@pytest.mark.parametrize("extra", ["", '9,"two\nlines"\n', '9,5" pipe\n'])
def test_quoted_rows_are_the_same_whichever_way_they_are_read(extra):
    text = 'a,b\n1,"x, y"\n"2","say ""hi"""\n3\n"4",z,\n5,"",\n"6",v,w\n,\n7,""\n'

    table = read(text + extra)

    assert rows(table)[:7] == [
        ("1", "x, y", 2),
        ("2", 'say "hi"', 3),
        ("3", None, 4),
        ("4", "z", 5),
        ("5", None, 6),
        ("6", "v", 7),
        ("7", None, 9),
    ]
    assert table.faults.rows() == [(4, "", "columns", "1"), (7, "", "columns", "3")]


@pytest.mark.parametrize(("sign", "text"), [(",", "a,b\n1;2,3\n"), (";", "a;b\n1,5;3\n")])
def test_the_delimiter_is_the_one_that_cuts_evenly(sign, text):
    assert read(text).delimiter == sign


def test_a_title_above_the_header_is_passed_over():
    table = read("Calls of January\na\tb\n1\t2\n")

    assert table.columns == ("a", "b")
    assert rows(table) == [("1", "2", 3)]


def test_the_mapping_may_say_where_the_header_is_and_what_the_columns_are():
    assert read("x,y\na,b\n1,2\n", header=2).columns == ("a", "b")
    assert rows(read("1,2\n3,4\n", columns=("a", "b"))) == [("1", "2", 1), ("3", "4", 2)]


def test_control_characters_are_faults():
    table = read("a,b\n1,x\x00y\n2,ok\n")

    assert table.faults.rows() == [(2, "b", "control_character", "x\ufffdy")]
    assert table.rows == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n" + "x" * 1_100 + ",1\n", "line_too_long"),
        (",".join(f"c{n}" for n in range(50)) + "\n1\n", "too_many_columns"),
    ],
)
def test_what_is_too_large_is_refused(text, code):
    with pytest.raises(FileRefused) as refused:
        read(text, limits=Limits(line_bytes=1_000, text_columns=20))

    assert refused.value.code == code


def test_a_hundred_thousand_columns_are_refused():
    with pytest.raises(FileRefused) as refused:
        read(",".join(f"c{n}" for n in range(100_000)) + "\n1\n")

    assert refused.value.code == "too_many_columns"
