"""Telephone agents by the 100-point table: bands, peers, conditions and stars."""

from datetime import date
from decimal import Decimal

import pytest

from tests.golden.centre import (
    Centre,
    assert_cards,
    beside,
    card_of,
    columns,
    compute,
    line_of,
    october,
    open_centre,
    open_cycle,
)

# Six people of the early shift and one of the late. Each works 22 shifts, Gus 11 of them;
# pauses are wrap-up plus not ready in all, pause_max of one shift. Days of leave come on top:
# Fay's is protected, Eve's half day is one on which she worked. Bob changes team on the 16th.
FACTS = """
              ann     bob     cat     dan     eve     fay     gus
business  100/100  99/100  90/100  85/100  95/100  79/100  80/100
service     100x3    90x3    80x3    70x3    60x3   100x3   100x3
case        100x3  87.5x3    80x3       -    99x2   100x3   100x3
typing         80      79      70      60      50      49       -
exam          100      84      70      60    40.1     100     100
sign_ins       40      45      50      51      27      27      30
talk_s        200     205     210     215     216     154     200
pauses      23000   27600   32200   39519   23000   20000   11500
pause_max    1700    1800    1800    1797    1801    1000    1200
hours         176     170     164     158     157     231      88
late            0     9+10     31       0       9       0      30
early           0       0       0       0       0      10       0
leave           0       0       0       5     4.5       0       0
refusal         0       1       0       0       0       0       0
breach          0       0       1       0       0       0       0
"""

# As Ann but for these rows, so that the averages of the peers stay what they are: both sides of
# every grade, then both sides of the stars with which no grade begins.
EDGES = """
           gil    hal            ida    jan    kim    lou
service      .      .              .      .    0x3    0x3
case         . 99.9x3              . 99.9x3    0x3 99.9x3
typing       .      .              .      .      .     49
exam         0      0              0      0      0      0
late         .      . 10+30+10+30+10      .      .      .
refusal      .      .              .      1      .      1
"""
STAR_EDGES = """
           mot    nia    oki    pam
business     .      .      . 80/100
service      .      .    0x3      .
case         . 99.9x3    0x3 99.9x3
typing      49     49      .      .
exam         .      .      .      0
refusal      .      .      .      1
"""

# Peers of the early shift: 240/6 = 40 sign-ins; 24,000/120 = 200 s; 1,056/6 = 176 h; and so they
#   stay with ten more people of 40, 20 calls of 200 s each, and 176 h.
# Gus has no peers: 3 + 3 + 1 go to his pauses, 10; two times 11,500 s in 22 shifts.
#   His typing is missing: the exam weighs 15.
# Dan: 27 shifts were scheduled: 22 x 39,519/27 = 32,200.67 s. No case review: its 15 go to the
#   target 34.375 x 18/25 = 24.75 and the standard 20.625 x 0.7 = 14.4375. 5 days of leave: 0
# Eve: 2 case reviews are too few: 34.375 x 23/25 = 31.625, 20.625 x 0.6 = 12.375. 1,801 s in one
#   shift: 0 and no star. Attendance 10 - 4.5 - 1
# Bob: 15 x 0.875 = 13.125; attendance 10 - 1 - 2. Cat came 31 minutes late: 0. Gus 10 - 2
POINTS = """
                      ann       bob         cat         dan          eve       fay            gus
business_target     25.00     23.00       20.00       24.75        31.63      0.00          15.00
service_standard    15.00     13.50       12.00       14.44        12.38     15.00          15.00
case_handling       15.00     13.13       12.00     no_data insufficient     15.00          15.00
typing               5.00      4.00        4.00        3.00         2.00      0.00        no_data
exam                10.00      8.40        7.00        6.00         4.01     10.00          15.00
sign_ins             3.00      2.00        1.00        0.00         3.00      3.00 not_applicable
call_length          3.00      2.50        2.00        1.00         0.00      3.00 not_applicable
pauses               3.00      2.00        1.00        0.00         0.00      3.00          10.00
working_time         1.00      0.80        0.50        0.30         0.00      1.00 not_applicable
attendance          10.00      7.00        0.00        0.00         4.50      8.00           8.00
discipline          10.00      0.00        0.00       10.00        10.00     10.00          10.00
total              100.00     76.33       59.50       59.49        67.52     68.00          88.00
grade           excellent qualified unqualified unqualified    qualified qualified           good
"""

# case: 15 x 0.999 = 14.985, half up. Ida: five times 2 points leave nothing of the attendance
EDGE_POINTS = """
                        gil    hal    ida       jan       kim         lou
service_standard          .      .      .         .      0.00        0.00
case_handling             .  14.99      .     14.99      0.00       14.99
typing                    .      .      .         .         .        0.00
exam                   0.00   0.00   0.00      0.00      0.00        0.00
attendance                .      .   0.00         .         .           .
discipline                .      .      .      0.00         .        0.00
total                 90.00  89.99  80.00     79.99     60.00       59.99
grade             excellent   good   good qualified qualified unqualified
"""
STAR_POINTS = """
                        mot        nia        oki        pam
business_target           .          .          .      15.00
service_standard          .          .       0.00          .
case_handling             .      14.99       0.00      14.99
typing                 0.00       0.00          .          .
exam                      .          .          .       0.00
discipline                .          .          .       0.00
total                 95.00      94.99      70.00      69.99
grade             excellent  excellent  qualified  qualified
"""
STARS = {
    "ann": 5, "bob": 2, "cat": None, "dan": None, "eve": None, "fay": 1, "gus": 3, "gil": 4,
    "hal": 3, "ida": 3, "jan": 2, "kim": 1, "lou": None, "mot": 5, "nia": 4, "oki": 2, "pam": 1,
}  # fmt: skip

PEOPLE = beside(FACTS, EDGES) | beside(FACTS, STAR_EDGES)
CARDS = beside(POINTS, EDGE_POINTS) | beside(POINTS, STAR_POINTS)


def build(mark: str = "") -> Centre:
    """The centre of the table."""
    centre = open_centre(mark)
    for code, facts in PEOPLE.items():
        shift = "late" if code == "gus" else "early"
        centre.person(code, "telephone_agent", team="hotline", shift=shift)
        if code == "bob":
            centre.move("bob", october(16), team="hotline-south")
        _write(centre, code, facts, shifts=11 if code == "gus" else 22)
    centre.off("fay", october(24), late_min=60)
    return centre


def _write(centre: Centre, code: str, facts: dict[str, str], *, shifts: int) -> None:
    centre.figure("business", *facts["business"].split("/"), code=code)
    for row in ("service", "case"):
        if facts[row] != "-":
            score, count = facts[row].split("x")
            centre.add("reviews", code, october(2), int(count), form=row, score=score)
    for row, kind in (("typing", "typing"), ("exam", "knowledge")):
        if facts[row] != "-":
            centre.add("trainings", code, october(3), kind=kind, score=facts[row])
    centre.calls(code, october(4), 20, talk_s=int(facts["talk_s"]))
    centre.events(code, october(5), refusal=facts["refusal"], breach=facts["breach"])
    _write_shifts(centre, code, facts, shifts)


def _write_shifts(centre: Centre, code: str, facts: dict[str, str], shifts: int) -> None:
    """The shifts worked, their sums spread evenly; lateness on the first, half a day at the end."""
    late = [int(minutes) for minutes in facts["late"].split("+")]
    whole, _, half = facts["leave"].partition(".")
    longest = int(facts["pause_max"])
    spread = {
        "logged_in_s": _evenly(int(facts["hours"]) * 3600, shifts),
        "sign_ins": _evenly(int(facts["sign_ins"]), shifts),
        "wrap_up_s": [longest - 100, *_evenly(int(facts["pauses"]) - longest, shifts - 1)],
    }
    for at in range(shifts):
        told = {name: values[at] for name, values in spread.items()}
        told["not_ready_s"] = 100 if at == 0 else 0
        told["late_min"] = late[at] if at < len(late) else 0
        told["early_min"] = int(facts["early"]) if at == 0 else 0
        told["leave_days"] = "0.5" if half and at == shifts - 1 else 0
        centre.work(code, october(1 + at), **told)
    for day in range(int(whole)):
        centre.off(code, october(25 + day), protected=False)


def _evenly(total: int, parts: int) -> list[int]:
    return [total // parts + (at < total % parts) for at in range(parts)]


@pytest.fixture
def run(library):
    build().store()
    return compute(open_cycle())


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, CARDS)


def test_stars_follow_the_total_unless_a_pause_took_them(run):
    assert {card.agent.code: card.stars for card in run.scorecards.all()} == STARS


def test_average_of_the_peers_stands_with_the_line(run):
    targets = [line_of(run, "bob", item).target for item in ("sign_ins", "call_length")]

    assert [str(target) for target in targets] == ["40.000000000", "200.000000000"]


# September, of 30 days: three people of the early shift, three of the night shift, and Gus, who
# changed from the one to the other on the 16th. Calls of so many seconds each.
SHIFTED = """
           ann bob cat dan eve fay gus-early gus-night
shift        e   e   e   n   n   n         e         n
sign_ins    40  40  40  50  60  65        20        35
calls       20  20  20  20  20  20         5        15
talk_s     200 200 200 240 240 240       200       240
hours      160 160 160 120 120 120        73        60
"""

# Gus counts half in each average: sign-ins 140/3.5 = 40 and 210/3.5 = 60, hours 553/3.5 = 158 and
# 420/3.5 = 120; seconds 200 and 240. Of both, by his 15 days each: 50, 220 s, 139 h. He has 55,
# (1,000 + 3,600)/20 = 230 s and 133 h: over by 5, 10 s, short by 6 h
SHARES = """
               ann  bob  cat  dan  eve          fay          gus
sign_ins         1    1    1    1    1  0.666666667  0.666666667
call_length      1    1    1    1    1            1  0.666666667
working_time     1    1    1    1    1            1          0.8
"""


def test_who_changed_shift_in_mid_month_is_held_against_both_averages(library):
    centre = open_centre()
    for code, facts in columns(SHIFTED).items():
        who, _, part = code.partition("-")
        day = date(2026, 9, 20 if facts["shift"] == "n" else 10)
        if part != "night":
            shift = {"e": "early", "n": "night"}[facts["shift"]]
            centre.person(who, "telephone_agent", shift=shift)
        logged_in, sign_ins = int(facts["hours"]) * 3600, int(facts["sign_ins"])
        centre.work(who, day, logged_in_s=logged_in, sign_ins=sign_ins)
        centre.calls(who, day, int(facts["calls"]), talk_s=int(facts["talk_s"]))
    centre.move("gus", date(2026, 9, 16), shift="night")
    centre.store()

    run = compute(open_cycle("2026-09"))

    for code, expected in columns(SHARES).items():
        shares = {item: line_of(run, code, item).share.normalize() for item in expected}
        assert shares == {item: Decimal(share) for item, share in expected.items()}, code
    targets = [int(line_of(run, "gus", item).target) for item in columns(SHARES)["gus"]]
    assert targets == [50, 220, 139]


def test_what_does_not_apply_is_not_counted_against_the_cover(run):
    # 88 of 93
    assert str(card_of(run, "gus").covered) == "94.62"
