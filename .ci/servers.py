"""Find the PostgreSQL and the Redis of this machine for one run of the suite.

``start`` makes a database of the run's own and prints shell lines that export its address;
``stop`` drops that database. Where no server answers, nothing is printed.
"""

import getpass
import os
import sys
from contextlib import closing

import psycopg2
import redis

HOST = "127.0.0.1"
REDIS = f"redis://{HOST}:6379/15"


def connect(user: str) -> "psycopg2.extensions.connection":
    """Connect to the standard port without a password, within three seconds."""
    connection = psycopg2.connect(
        host=HOST, port=5432, user=user, dbname="postgres", connect_timeout=3
    )
    connection.autocommit = True
    return connection


def make_database() -> str | None:
    """Make the run's database as the first user that may; None where there is no server."""
    name = f"appraisal_ci_{os.getpid()}"
    for user in dict.fromkeys(["postgres", getpass.getuser()]):
        try:
            with closing(connect(user)) as connection, connection.cursor() as cursor:
                if connection.server_version < 150_000:
                    return None
                cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        except psycopg2.Error:
            continue
        return f"postgres://{user}@{HOST}:5432/{name}"
    return None


def redis_answers() -> bool:
    """Whether a Redis listens on the standard port and needs no password."""
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=3) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def start() -> None:
    """Print the exports."""
    address = make_database()
    if address:
        sys.stdout.write(f"export DATABASE_URL={address}\n")
    if redis_answers():
        sys.stdout.write(f"export REDIS_URL={REDIS}\n")


def stop() -> None:
    """Drop the run's database, if DATABASE_URL names it."""
    account, _, name = os.environ.get("DATABASE_URL", "").rpartition("/")
    if not name.startswith("appraisal_ci_"):
        return
    user = account.removeprefix("postgres://").split("@")[0]
    with closing(connect(user)) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


if __name__ == "__main__":
    {"start": start, "stop": stop}[sys.argv[1]]()
