"""The database wrapper of the embedded server."""

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from appraisal.settings import embedded


@pytest.fixture
def connect(tmp_path, settings):
    settings.APPRAISAL_VAR = tmp_path / "var"
    database = {
        "ENGINE": "appraisal.settings.backend",
        "NAME": embedded.DATABASE,
        "USER": embedded.SUPERUSER,
        "HOST": str(embedded.socket_folder(tmp_path / "var")),
        "DURABLE": False,
    }
    connection = ConnectionHandler({"default": database})["default"]
    yield connection
    connection.close()
    embedded.stop(tmp_path / "var")


def test_first_query_starts_the_server(connect, tmp_path, django_db_blocker):
    before = embedded.is_running(tmp_path / "var")

    with django_db_blocker.unblock(), connect.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        database = cursor.fetchone()[0]

    assert not before
    assert database == "appraisal"


def test_server_that_cannot_start_counts_as_one_that_cannot_be_reached(
    connect, tmp_path, django_db_blocker
):
    (tmp_path / "var").touch()

    with django_db_blocker.unblock(), pytest.raises(OperationalError, match="APPRAISAL_VAR"):
        connect.ensure_connection()

    (tmp_path / "var").unlink()
