import polars as pl
from django.db import connection

from kpi.intake.staging import copy_text, stage_numbers


def staged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT external_id FROM staged_numbers ORDER BY 1")
        return [number for (number,) in cursor.fetchall()]


def test_numbers_are_staged_as_they_are(db):
    stage_numbers(pl.Series("external_id", ["007", "7", 'a "quoted", one', "流水号1"]))

    assert staged() == ["007", "7", 'a "quoted", one', "流水号1"]


def test_second_file_of_a_transaction_starts_afresh(db):
    stage_numbers(pl.Series("external_id", ["1"]))
    stage_numbers(pl.Series("external_id", ["2"]))

    assert staged() == ["2"]


def test_copy_works_while_queries_are_recorded(db, django_assert_max_num_queries):
    # Development settings record every query, through a cursor with a narrower signature.
    with django_assert_max_num_queries(5):
        stage_numbers(pl.Series("external_id", ["1"]))


def test_missing_and_empty_text_stay_apart():
    frame = pl.DataFrame({"topic": ["", None, "a,b"]})

    assert copy_text(frame).read().decode().splitlines() == ['""', "", '"a,b"']
