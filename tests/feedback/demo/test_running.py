import os
import signal
import socket
import sys
import threading
import time

import pytest

from feedback.demo import running

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
FAIL = [sys.executable, "-c", "print('the port is taken'); raise SystemExit(3)"]


def test_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind((running.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert running.free_port(port) > port


def test_no_free_port_is_said():
    with pytest.raises(running.NotStarted, match="No port from 65536"):
        running.free_port(65_536)


def test_children_are_stopped_on_the_way_out(tmp_path):
    with running.children({"one": SLEEP, "two": SLEEP}, folder=tmp_path, logs=tmp_path) as started:
        running.check_alive(started)

    assert [child.process.returncode for child in started] == [-signal.SIGTERM] * 2


def test_child_that_ends_is_reported_with_its_log(tmp_path):
    with running.children({"web": FAIL}, folder=tmp_path, logs=tmp_path) as started:
        started[0].process.wait(timeout=20)

        with pytest.raises(running.NotStarted, match=r"(?s)web ended \(3\).*the port is taken"):
            running.check_alive(started)


def test_request_to_end_stops_the_watch(tmp_path):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    before = time.monotonic()

    with running.children({"web": SLEEP}, folder=tmp_path, logs=tmp_path) as started:
        running.watch(started)

    assert time.monotonic() - before < 20
    assert started[0].process.returncode == -signal.SIGTERM


def test_web_and_worker_run_with_this_python():
    assert running.web_command(8123)[:3] == [sys.executable, "-m", "gunicorn"]
    assert "127.0.0.1:8123" in running.web_command(8123)
    assert "--beat" in running.worker_command()
