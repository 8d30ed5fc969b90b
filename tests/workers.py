"""Real worker processes on the run's own broker and database, for the tests of faults."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

PATIENCE_S = 120  # generous: a slow machine is no reason to fail
NO_LIMIT_MS = "300000"


class Worker:
    """One worker with its child processes, in a process group of its own."""

    def __init__(self, log: Path, concurrency: int) -> None:
        command = [
            sys.executable, "-m", "celery", "-A", "appraisal", "worker", "--loglevel", "INFO",
            "--concurrency", str(concurrency), "--without-gossip", "--without-mingle",
        ]  # fmt: skip
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=os.environ | _environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it and its children at once, as a power cut does."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def running_worker(folder: Path, *, concurrency: int = 1) -> Iterator[Worker]:
    """A worker that is killed on the way out, if not before."""
    worker = Worker(folder / f"worker-{len(list(folder.iterdir()))}.log", concurrency)
    try:
        yield worker
    except AssertionError as error:
        error.add_note(worker.log.read_text(encoding="utf-8", errors="replace")[-4_000:])
        raise
    finally:
        worker.kill()


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Ask again and again until something is so.

    Raises:
        AssertionError: it was not so within the patience.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.05)


@contextmanager
def another_session() -> Iterator[BaseDatabaseWrapper]:
    """Another session on the database, in a transaction, to hold up a worker by a lock."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
        other.set_autocommit(False)
        yield other
        other.rollback()
    finally:
        other.close()


def lock(session: BaseDatabaseWrapper, statement: str) -> None:
    """Take a lock that lasts until the session rolls back."""
    with session.cursor() as cursor:
        cursor.execute(statement)


def somebody_waits() -> bool:
    """Whether a session on the database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def wipe_broker() -> int:
    """Take every message from the run's broker, as a restart of one without a disk does.

    Returns:
        How many messages or keys are gone.
    """
    if settings.REDIS_URL:
        prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            keys = list(client.scan_iter(match=f"{prefix}*"))
            return int(client.delete(*keys)) if keys else 0
    folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
    messages = list(folder.glob(f"*{settings.CELERY_TASK_DEFAULT_QUEUE}*"))
    for message in messages:
        message.unlink(missing_ok=True)
    return len(messages)


def _environment() -> dict[str, str]:
    """What a child needs to work on the database of this test run."""
    held = connection.settings_dict
    account = quote(str(held["USER"]), safe="")
    if held["PASSWORD"]:
        account += f":{quote(str(held['PASSWORD']), safe='')}"
    host = str(held["HOST"])
    named = {
        "DJANGO_SETTINGS_MODULE": "appraisal.settings.test",
        "APPRAISAL_LOCK_TIMEOUT_MS": NO_LIMIT_MS,
        "APPRAISAL_STATEMENT_TIMEOUT_MS": NO_LIMIT_MS,
    }
    if host.startswith("/"):  # the folder of a socket stands in no address
        return named | {"DATABASE_URL": f"postgres://{account}@/{held['NAME']}", "PGHOST": host}
    server = f"{host}:{held['PORT']}" if held["PORT"] else host
    return named | {"DATABASE_URL": f"postgres://{account}@{server}/{held['NAME']}"}
