import logging
import sys

import pytest

from appraisal.settings.logs import NoTraceOfRefusals

pytestmark = pytest.mark.django_db


def record_of(**extra):
    try:
        raise ValueError("the address holds a null character")
    except ValueError:
        record = logging.LogRecord("django.request", 30, "", 1, "refused", (), sys.exc_info())
    record.__dict__ |= extra
    return record


@pytest.mark.parametrize(
    ("extra", "has_trace"),
    [({"status_code": 400}, False), ({"status_code": 500}, True), ({}, True)],
)
def test_only_faults_of_the_server_are_written_with_their_traceback(extra, has_trace):
    record = record_of(**extra)

    assert NoTraceOfRefusals().filter(record)
    assert ("Traceback" in logging.Formatter().format(record)) is has_trace


def test_refused_address_is_written_in_one_line(client, capsys):
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "stderr"]
    stream, handler.stream = handler.stream, sys.stderr
    try:
        assert client.get("/cycles/%00/").status_code == 400
    finally:
        handler.stream = stream

    written = capsys.readouterr().err
    assert "null character" in written
    assert "Traceback" not in written
