"""The database wrapper of the embedded server."""

from contextlib import closing

import psycopg2
import pytest
from django.db.utils import ConnectionHandler

from appraisal.settings import embedded


@pytest.fixture
def wrapper(own_folder, settings):
    settings.APPRAISAL_VAR = own_folder / "var"
    database = {
        "ENGINE": "appraisal.settings.backend",
        "NAME": embedded.DATABASE,
        "USER": embedded.SUPERUSER,
        "HOST": str(embedded.socket_folder(own_folder / "var")),
        "DURABLE": False,
    }
    yield ConnectionHandler({"default": database})["default"]
    embedded.stop(own_folder / "var")


def test_first_connection_starts_the_server(wrapper, own_folder):
    before = embedded.is_running(own_folder / "var")

    with closing(wrapper.get_new_connection(wrapper.get_connection_params())) as connection:
        database = connection.info.dbname

    assert not before
    assert database == "appraisal"


def test_server_that_cannot_start_counts_as_one_that_cannot_be_reached(wrapper, own_folder):
    (own_folder / "var").touch()

    with pytest.raises(psycopg2.OperationalError, match="APPRAISAL_VAR"):
        wrapper.get_new_connection(wrapper.get_connection_params())

    (own_folder / "var").unlink()
