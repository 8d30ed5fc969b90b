"""The database wrapper of the embedded server."""

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from appraisal.settings import embedded


@pytest.fixture
def connect(own_folder, settings):
    settings.APPRAISAL_VAR = own_folder / "var"
    database = {
        "ENGINE": "appraisal.settings.backend",
        "NAME": embedded.DATABASE,
        "USER": embedded.SUPERUSER,
        "HOST": str(embedded.socket_folder(own_folder / "var")),
        "DURABLE": False,
    }
    connection = ConnectionHandler({"default": database})["default"]
    yield connection
    connection.close()
    embedded.stop(own_folder / "var")


def test_first_query_starts_the_server(connect, own_folder, django_db_blocker):
    before = embedded.is_running(own_folder / "var")

    with django_db_blocker.unblock(), connect.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        database = cursor.fetchone()[0]

    assert not before
    assert database == "appraisal"


def test_server_that_cannot_start_counts_as_one_that_cannot_be_reached(
    connect, own_folder, django_db_blocker
):
    (own_folder / "var").touch()

    with django_db_blocker.unblock(), pytest.raises(OperationalError, match="APPRAISAL_VAR"):
        connect.ensure_connection()

    (own_folder / "var").unlink()
