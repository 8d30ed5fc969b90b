import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpi.intake.guessing import Guesser
from kpi.intake.looking import look_at
from kpi.intake.mapping.reading import read_mapping
from kpi.intake.parsing.moments import Clock
from kpi.intake.reading.table import FileRefused, Request
from kpi.intake.reading.text import read_text
from kpi.intake.recognising import recognise, shipped_mapping

pytestmark = pytest.mark.django_db
CLOCK = Clock("UTC", "UTC", date(1990, 1, 1), datetime(2026, 6, 1, tzinfo=UTC))
ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("APPRAISAL_SAMPLE_DATA", ROOT.parent / "shared" / "data"))

CALL_LIST = """\
Call Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,\
Speed of answer in seconds,AvgTalkDuration,Satisfaction rating
ID0001,Diane,2021-01-01,09:12:58,Contract,Y,Y,109,00:02:23,3
ID0002,Becky,2021-01-01,09:12:58,Support,Y,N,70,00:04:02,3
ID0003,Greg,2021-01-01,09:47:31,Contract,N,N,,,
"""
CHINESE_CALLS = """\
流水号,工号,呼入时间,接通时间,结束时间,通话时长,技能组,主叫号码,满意度
20260101001,8001,2026-01-01 08:00:00,2026-01-01 08:00:12,2026-01-01 08:03:00,168,贷款,\
13800001111,满意
20260101002,8002,2026-01-01 08:01:00,,2026-01-01 08:01:30,,贷款,13800001112,
"""


def propose(text, *, name="export.csv", kind="", confirmed=""):
    data = text if isinstance(text, bytes) else text.encode()
    table = read_text(data, Request())
    return recognise(table, kind=kind, confirmed=confirmed, source="", file_name=name, clock=CLOCK)


def fields(found):
    return read_mapping(found.mapping_text).main.fields


def test_a_few_bad_values_do_not_hide_what_a_column_is():
    rows = [f"{n},2026-05-{n + 1:02} 08:00:00,ana,{n},{n}" for n in range(1, 20)]
    bad = "20,2026-13-40 08:00:00,ana,NaN,soon"
    found = propose("\n".join(["call id,start time,agent,wait time,talk time", *rows, bad]))

    made = fields(found)
    assert made["started_at"].columns == ("start time",)
    assert (made["wait_s"].reading, made["talk_s"].reading) == ("seconds", "seconds")


@pytest.mark.parametrize("header", ["Talk time (s)", "Talk seconds", "talk_sec", "通话时长(秒)"])
def test_unit_at_the_end_of_a_name_says_no_more_than_the_unit(header):
    found = propose(f"call id,start time,{header}\n1,2026-05-04 08:00:00,200\n")

    assert fields(found)["talk_s"].columns == (header,)


def test_a_call_list_is_recognised_with_the_rating_in_its_rows():
    found = propose(CALL_LIST)

    assert (found.kind, found.also_kind, found.origin) == ("contacts", "surveys", "recognised")
    made = fields(found)
    assert read_mapping(found.mapping_text).also.fields["channel"].constant == "phone"
    assert made["external_id"].columns == ("Call Id",)
    assert made["agent"].columns == ("Agent",)
    assert made["started_at"].columns == ("Date", "Time")
    assert made["started_at"].formats == ("%Y-%m-%d %H:%M:%S",)
    assert made["topic"].columns == ("Topic",)
    assert made["answered"].columns == ("Answered (Y/N)",)
    assert made["resolved"].columns == ("Resolved",)
    assert (made["wait_s"].columns, made["wait_s"].reading) == (
        ("Speed of answer in seconds",),
        "seconds",
    )
    assert (made["talk_s"].columns, made["talk_s"].reading) == (("AvgTalkDuration",), "hms")
    second = read_mapping(found.mapping_text).also
    assert second.fields["score"].columns == ("Satisfaction rating",)
    assert second.fields["scale"].constant == "1-5"
    assert found.confidence == 1


def test_five_rows_are_shown_as_they_would_be_stored():
    found = propose(CALL_LIST)

    assert [row.line for row in found.preview] == [2, 3, 4]
    assert found.preview[0].values["talk_s"] == "143"
    assert "talk_s" not in found.preview[2].values


def test_each_column_says_what_it_feeds():
    columns = {column.name: column for column in propose(CALL_LIST).columns}

    assert columns["Topic"].fields == ("contacts.topic",)
    assert columns["Satisfaction rating"].fields == ("surveys.score",)
    assert columns["AvgTalkDuration"].read_as == "hms"
    assert columns["Date"].fields == ("contacts.started_at", "surveys.answered_at")
    assert columns["Speed of answer in seconds"].filled == 2


def test_chinese_headers_are_recognised():
    found = propose(CHINESE_CALLS.encode("gbk"), name="话单2026-01.csv")

    made = fields(found)
    assert (found.kind, found.also_kind) == ("contacts", "surveys")
    assert made["external_id"].columns == ("流水号",)
    assert made["agent"].columns == ("工号",)
    assert made["started_at"].columns == ("呼入时间",)
    assert made["wait_s"].difference == ("呼入时间", "接通时间")
    assert made["talk_s"].columns == ("通话时长",)
    assert made["queue"].columns == ("技能组",)
    assert made["answered"].reading == "filled"
    assert made["customer"].columns == ("主叫号码",)
    assert read_mapping(found.mapping_text).also.fields["score"].values["满意"] == "4"


def test_a_customer_is_shown_by_the_last_characters_only():
    found = propose(CHINESE_CALLS)

    shown = next(column for column in found.columns if column.name == "主叫号码")
    assert shown.samples == ("…1111", "…1112")
    assert found.preview[0].values["customer"] == "…1111"


def test_people_are_created_while_nobody_is_on_record():
    assert read_mapping(propose(CALL_LIST).mapping_text).agents.unknown == "create"


def test_people_are_parked_once_somebody_is_on_record(cast):
    assert read_mapping(propose(CALL_LIST).mapping_text).agents.unknown == "park"


def test_day_and_month_that_cannot_be_told_apart_are_a_doubt():
    text = "call id,agent,start time,talk time\n1,ana,03/04/2026 08:00,10\n"

    found = propose(text)

    assert found.doubts == ("start time: %m/%d/%Y %H:%M",)
    assert found.confidence < 1


def test_a_day_above_twelve_settles_the_order():
    text = "call id,agent,start time,talk time\n1,ana,13/04/2026 08:00,10\n"

    assert fields(propose(text))["started_at"].formats == ("%d/%m/%Y %H:%M",)


def test_a_number_that_repeats_is_joined_with_the_column_that_parts_it():
    text = (
        "line,call id,start time,talk time\nA,1,2026-01-01 08:00:00,5\nB,1,2026-01-01 08:00:00,5\n"
    )

    assert fields(propose(text))["external_id"].columns == ("line", "call id")


@pytest.mark.parametrize("words", [("ANSWERED", "Abandoned"), ("接听", "放弃")])
def test_answered_and_abandoned_follow_from_the_outcome(words):
    answered, lost = words
    start = "2026-01-05 08:00:00"
    text = f"call id,start,talk time,outcome\n1,{start},9,{answered}\n2,{start},,{lost}\n"

    made = fields(propose(text))

    assert made["answered"].values == {answered: True, lost: False}
    assert made["abandoned"].values == {answered: False, lost: True}


def test_a_start_of_an_unknown_name_is_found_by_its_values_and_doubted():
    found = propose("call id,agent,moment,talk time\n1,ana,2026-01-05 08:00:00,10\n")

    assert fields(found)["started_at"].columns == ("moment",)
    assert found.doubts == ("moment",)


def test_what_says_nothing_is_refused_with_its_columns():
    with pytest.raises(FileRefused) as refused:
        propose("colour,size\nred,big\n")

    assert refused.value.code == "kind"
    assert refused.value.details["columns"] == "colour, size"


def test_the_newest_confirmed_mapping_comes_first():
    text = "kind: contacts\nfields: {external_id: Call Id, started_at: Date}\n"

    found = propose(CALL_LIST, confirmed=text)

    assert (found.origin, found.mapping_text) == ("confirmed", text)


def test_survey_answers_are_recognised():
    text = "评价编号,通话流水号,工号,评价时间,满意度评分\n1,2026001,8001,2026/1/1 08:04:00,5\n"

    found = propose(text, name="满意度.csv")

    assert found.kind == "surveys"
    assert fields(found)["contact"].columns == ("通话流水号",)
    assert fields(found)["answered_at"].formats == ("%Y/%m/%d %H:%M:%S",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("日期,工号,签入时长,迟到分钟数\n2026-01-05,8001,28800,0\n", "shifts"),
        ("date,agent,course,exam score,passed\n2026-01-05,ana,Refunds,88,Y\n", "trainings"),
        ("质检编号,通话流水号,工号,质检时间,质检得分\n1,7,8001,2026-01-05,92\n", "reviews"),
        ("工单号,创建时间,处理人,优先级,状态\nT1,2026-01-05 10:00:00,8001,高,已解决\n", "tickets"),
    ],
)  # fmt: skip
def test_other_kinds_are_told_by_their_columns(text, kind):
    assert propose(text).kind == kind


@pytest.mark.skipif(not DATA.is_dir(), reason="no sample data here")
def test_the_bank_file_is_well_guessed_by_its_columns():
    data = (DATA / "anonymous_bank_1999_02" / "data_anonymous_bank_february.txt").read_bytes()
    table = read_text(data, Request())
    looks = {name: look_at(table.frame, name, 2_000) for name in table.columns}

    made = Guesser(table.frame, looks, CLOCK).guess("contacts").mapping.fields

    assert made["external_id"].columns == ("vru+line", "call_id")
    assert made["started_at"].columns == ("date", "vru_entry")
    assert made["started_at"].formats == ("%y%m%d %H:%M:%S",)
    assert made["wait_s"].columns == ("q_time",)
    assert made["talk_s"].columns == ("ser_time",)
    assert made["agent"].empty == ("NO_SERVER",)
    assert made["answered"].values == {"AGENT": True, "HANG": False, "PHANTOM": None}
    assert made["customer"].empty == ("0",)


@pytest.mark.skipif(not DATA.is_dir(), reason="no sample data here")
def test_zendesk_tickets_fit_a_shipped_mapping():
    table = read_text((DATA / "zendesk_seeds" / "ticket_data.csv").read_bytes(), Request())

    assert "source: zendesk" in shipped_mapping(table.columns)
    assert shipped_mapping(table.columns, "contacts") == ""
