import hashlib

import polars as pl
import pytest

from appraisal.digest import CARD_EXTRAS, CARD_FIELDS, LINE_EXTRAS, LINE_FIELDS, digest_of

ANA = {
    "agent_id": 7,
    "scheme": "s2",
    "position": "agent",
    "total": 8750,
    "covered": 10000,
    "state": "graded",
    "provisional": False,
    "grade": "good",
    "capped": False,
    "rank": 1,
    "ranked_among": 2,
}
BEN = ANA | {"agent_id": 12, "total": None, "grade": None, "rank": 2}
CALLS = {
    "agent_id": 7,
    "item": "calls",
    "order": 1,
    "state": "scored",
    "value": 58_000_000_000,
    "numerator": 116_000_000,
    "denominator": 2_000_000,
    "sample": 116,
    "target": None,
    "weight": 50_000_000,
    "effective_weight": 5000,
    "points": 5000,
    "share": 1_000_000_000,
    "level": None,
}
EXAM = CALLS | {"item": "exam", "order": 2}


def cards(*rows):
    return pl.DataFrame(rows, schema_overrides={"total": pl.Int64, "grade": pl.String})


def lines(*rows):
    return pl.DataFrame(rows, schema_overrides={"target": pl.Int64, "level": pl.String})


def test_digest_is_that_of_the_text_written_out():
    text = (
        "7|s2|agent|8750|10000|graded|false|good|false|1|2\n"
        "12|s2|agent||10000|graded|false||false|2|2\n"
        "7|calls|1|scored|58000000000|116000000|2000000|116||50000000|5000|5000|1000000000|\n"
    )

    assert digest_of(cards(ANA, BEN), lines(CALLS)) == hashlib.sha256(text.encode()).hexdigest()


def test_order_of_rows_and_columns_is_irrelevant():
    swapped = cards(BEN, ANA).select(sorted(CARD_FIELDS))

    assert digest_of(swapped, lines(EXAM, CALLS)) == digest_of(cards(ANA, BEN), lines(CALLS, EXAM))


@pytest.mark.parametrize("field", CARD_FIELDS)
def test_every_field_of_a_card_counts(field):
    other = 99 if isinstance(ANA[field], int) else "other"
    if isinstance(ANA[field], bool):
        other = True

    changed = digest_of(cards(ANA | {field: other}), lines(CALLS))

    assert changed != digest_of(cards(ANA), lines(CALLS))


@pytest.mark.parametrize("field", LINE_FIELDS)
def test_every_field_of_a_line_counts(field):
    other = "other" if isinstance(CALLS[field], str) or field == "level" else 99

    changed = digest_of(cards(ANA), lines(CALLS | {field: other}))

    assert changed != digest_of(cards(ANA), lines(CALLS))


def test_what_is_missing_is_not_zero():
    zero = lines(CALLS | {"points": 0})
    none = lines(CALLS | {"points": None})

    assert digest_of(cards(ANA), zero) != digest_of(cards(ANA), none)


def test_run_without_extras_keeps_the_digest_it_had_before_there_were_any():
    card = ANA | {"by_guideline": False, "stars": None}
    line = CALLS | {"conditions": None}

    assert digest_of(cards(card), lines(line)) == digest_of(cards(ANA), lines(CALLS))


def test_extras_stand_behind_the_fields_with_their_names():
    card = ANA | {"by_guideline": True, "stars": 4}
    line = CALLS | {"conditions": '[{"met":true}]'}
    text = (
        "7|s2|agent|8750|10000|graded|false|good|false|1|2|by_guideline=true|stars=4\n"
        "7|calls|1|scored|58000000000|116000000|2000000|116||50000000|5000|5000|1000000000|"
        '|conditions=[{"met":true}]\n'
    )

    assert digest_of(cards(card), lines(line)) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(("field", "value"), [("by_guideline", True), ("stars", 5)])
def test_every_extra_of_a_card_counts(field, value):
    assert field in CARD_EXTRAS
    assert digest_of(cards(ANA | {field: value}), lines(CALLS)) != digest_of(
        cards(ANA), lines(CALLS)
    )


def test_conditions_of_a_line_count():
    changed = lines(CALLS | dict.fromkeys(LINE_EXTRAS, "[]"))

    assert digest_of(cards(ANA), changed) != digest_of(cards(ANA), lines(CALLS))
