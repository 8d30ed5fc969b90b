"""Runs the web server and the worker as child processes, and stops them together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

HOST = "127.0.0.1"
READY_LIMIT_S = 60
STOP_LIMIT_S = 20
_PORTS_TRIED = 50
_TAIL_LINES = 12
_ENDING = (signal.SIGTERM, signal.SIGHUP)


class NotStarted(Exception):
    """A process ended or never answered; the message has the end of its log."""


@dataclass
class Child:
    """A process of ours with the log it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tail(self) -> str:
        """The last lines it wrote."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_TAIL_LINES:])


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody listens on.

    Raises:
        NotStarted: none of the next fifty is free.
    """
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65_536)):
        with socket.socket() as probe:
            # As the web server does: a port that was just left may be taken again.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise NotStarted(f"No port from {wanted} on is free. Name another one with --port.")


def web_command(port: int) -> list[str]:
    """The web server: one process of eight threads."""
    return [
        sys.executable, "-m", "gunicorn", "appraisal.wsgi:application",
        "--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--threads", "8",
        "--access-logfile", "-",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """The worker, with the clock that wakes it for what a dead one left."""
    return [
        sys.executable, "-m", "celery", "-A", "appraisal", "worker", "--beat",
        "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle",
    ]  # fmt: skip


@contextmanager
def children(
    commands: Mapping[str, Sequence[str]], *, folder: Path, logs: Path
) -> Iterator[list[Child]]:
    """Start processes by name, and stop them all on the way out.

    Each has a session of its own: Ctrl-C reaches only this process, which then asks them to end.
    """
    logs.mkdir(parents=True, exist_ok=True)
    started: list[Child] = []
    try:
        for name, command in commands.items():
            started.append(_start(name, command, folder, logs / f"{name}.log"))
        yield started
    finally:
        stop(started)


def _start(name: str, command: Sequence[str], folder: Path, log: Path) -> Child:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own programs, no shell
            command,
            cwd=folder,
            env={"DEBUG": "false", "PYTHONUNBUFFERED": "1"} | os.environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Child(name, process, log)


def stop(started: Sequence[Child]) -> None:
    """Ask all to end, wait, and end by force what does not."""
    for child in started:
        if child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
    give_up_at = time.monotonic() + STOP_LIMIT_S
    for child in started:
        try:
            child.process.wait(timeout=max(give_up_at - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def wait_until_ready(address: str, running: Sequence[Child]) -> None:
    """Wait for the first answer of the web server.

    Raises:
        NotStarted: a process ended, or there was no answer within a minute.
    """
    give_up_at = time.monotonic() + READY_LIMIT_S
    while not _answers(f"{address}/healthz"):
        check_alive(running)
        if time.monotonic() > give_up_at:
            raise NotStarted(f"No answer from {address}.\n{running[0].tail()}")
        time.sleep(0.2)


def check_alive(running: Sequence[Child]) -> None:
    """Look whether all still run.

    Raises:
        NotStarted: one ended.
    """
    for child in running:
        if child.process.poll() is not None:
            code = child.process.returncode
            raise NotStarted(f"The {child.name} ended ({code}), see {child.log}:\n{child.tail()}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def watch(running: Sequence[Child]) -> None:
    """Wait until somebody presses Ctrl-C or asks the process to end.

    Raises:
        NotStarted: one of the processes ended by itself.
    """
    with _terminating_as_interrupt():
        try:
            while True:
                check_alive(running)
                time.sleep(0.5)
        except KeyboardInterrupt:
            return


@contextmanager
def _terminating_as_interrupt() -> Iterator[None]:
    """Let a request to end, or a terminal that closes, do the same as Ctrl-C."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
