"""The embedded server, started for real in a folder of the test's own."""

import os
from contextlib import closing

import psycopg2
import pytest

from appraisal.settings import embedded


@pytest.fixture
def var(own_folder):
    # A blank, a quote and a path longer than a socket's may be, all of which do occur.
    folder = own_folder / "it's a long way to the data" / ("x" * 80) / "var"
    yield folder
    embedded.stop(folder)


def ask(url, question):
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_server_starts_serves_and_stops(var):
    assert not embedded.is_running(var)

    url = embedded.ensure_running(var, durable=False)

    assert embedded.is_running(var)
    assert ask(url, "SELECT current_database()") == "appraisal"
    assert int(ask(url, "SHOW server_version_num")) >= 150_000
    assert ask(url, "SHOW listen_addresses") == ""
    assert embedded.stop(var)
    assert not embedded.is_running(var)
    assert not embedded.socket_folder(var).exists()
    assert not embedded.stop(var)


def test_second_call_finds_the_same_server(var):
    first = ask(embedded.ensure_running(var, durable=False), "SELECT pg_postmaster_start_time()")

    second = ask(embedded.ensure_running(var, durable=False), "SELECT pg_postmaster_start_time()")

    assert first == second


def test_server_comes_back_after_a_crash_although_its_number_was_given_away(var):
    embedded.ensure_running(var, durable=False)
    embedded.stop(var)
    note = embedded.data_folder(var) / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{embedded.data_folder(var)}\n")

    url = embedded.ensure_running(var, durable=False)

    assert ask(url, "SELECT 1") == 1


def test_damaged_data_is_reported_with_the_server_s_own_words(var):
    embedded.ensure_running(var, durable=False)
    embedded.stop(var)
    (embedded.data_folder(var) / "PG_VERSION").write_text("9\n")

    with pytest.raises(embedded.EmbeddedServerError, match=r"does not start(?s:.*)version"):
        embedded.ensure_running(var, durable=False)


def test_socket_lies_beside_the_data_while_its_path_is_short_enough(tmp_path):
    assert embedded.socket_folder(tmp_path) == tmp_path / "postgres"


def test_folder_that_cannot_be_made_is_reported(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(embedded.EmbeddedServerError, match="Set APPRAISAL_VAR"):
        embedded.ensure_running(tmp_path / "file" / "var")
