"""How long importing 400,000 contacts takes, against plain COPY of the same rows.

Both go into the same indexed table of a scratch database, side by side, five rounds in turn.
The import is everything from the stored CSV to committed facts: reading, mapping, checks,
staging, stamping with team, position and shift, promotion and the tallies.

Run: ``python -m benchmarks.import_contacts [--rows 400000] [--rounds 5] [--quoted]``
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from benchmarks._centre import machine, scratch_database, set_up_django

set_up_django()

from django.db import connection  # noqa: E402

from agents.models import Agent, Assignment, Position, Shift, Team  # noqa: E402
from kpi.models import Contact, ImportBatch  # noqa: E402
from kpi.services import imports  # noqa: E402

LIMIT = 2.0
SEED = 20_261_121
AGENTS = 500
NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST_DAY = datetime(2026, 10, 1, 8, tzinfo=UTC)
MAPPING = """
kind: contacts
source: benchmark
zone: Asia/Shanghai
fields:
  external_id: call_id
  agent: agent
  started_at: {column: started, format: "%Y-%m-%d %H:%M:%S"}
  channel: {constant: phone}
  direction: direction
  queue: queue
  topic: topic
  wait_s: {column: wait, as: seconds}
  ring_s: {column: ring, as: seconds}
  talk_s: {column: talk, as: seconds}
  hold_s: {column: hold, as: seconds}
  after_call_s: {column: after, as: seconds}
  answered: {column: outcome, values: {ANSWERED: true, ABANDONED: false}}
  abandoned: {column: outcome, values: {ANSWERED: false, ABANDONED: true}}
  resolved_first: first_time
  customer: customer
"""
HEADER = (
    "call_id,agent,started,direction,queue,topic,wait,ring,talk,hold,after,outcome,first_time,"
    "customer"
)


def file_lines(rows: int, *, quoted: bool) -> Iterator[str]:
    """A call list of one month, the same for the same number of rows."""
    random = Random(SEED)
    yield HEADER + "\n"
    topic = '"delivery, returns"' if quoted else "delivery"
    for number in range(rows):
        answered = random.random() < 0.9
        started = FIRST_DAY + timedelta(seconds=random.randrange(30 * 86_400))
        agent = f"A{random.randrange(AGENTS):04}" if answered else ""
        numbers = [random.randrange(120), random.randrange(20)]
        handled = [random.randrange(20, 600), random.randrange(60), random.randrange(90)]
        cells = [
            f"C{number:09}",
            agent,
            f"{started:%Y-%m-%d %H:%M:%S}",
            "in",
            f"Q{random.randrange(8)}",
            topic,
            *map(str, numbers),
            *(map(str, handled) if answered else ("", "", "")),
            "ANSWERED" if answered else "ABANDONED",
            random.choice("YN") if answered else "",
            f"138{random.randrange(150_000):08}",
        ]
        yield ",".join(cells) + "\n"


def create_people() -> None:
    """500 people in 20 teams, two positions and three shifts, assigned since 2026."""
    teams = Team.objects.bulk_create(Team(code=f"t{n}", name_en=f"Team {n}") for n in range(20))
    positions = Position.objects.bulk_create(
        Position(code=f"p{n}", name_en=f"Position {n}") for n in range(2)
    )
    shifts = Shift.objects.bulk_create(Shift(code=f"s{n}", name_en=f"Shift {n}") for n in range(3))
    agents = Agent.objects.bulk_create(
        Agent(code=f"A{n:04}", name=f"Agent {n}") for n in range(AGENTS)
    )
    Assignment.objects.bulk_create(
        Assignment(
            agent=agent,
            team=teams[n % 20],
            position=positions[n % 2],
            shift=shifts[n % 3],
            starts_on=date(2026, 1, 1),
        )
        for n, agent in enumerate(agents)
    )


def empty_table() -> None:
    """The table as a new installation has it; what was written before is on disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Contact._meta.db_table}")
        cursor.execute("CHECKPOINT")


def columns() -> str:
    return ", ".join(
        f'"{field.column}"'
        for field in Contact._meta.concrete_fields
        if not field.primary_key and not field.generated
    )


def time_copy(data: io.BytesIO) -> float:
    """Seconds of plain COPY of the finished rows into the indexed table."""
    empty_table()
    data.seek(0)
    started = time.perf_counter()
    with connection.cursor() as cursor:
        statement = f"COPY {Contact._meta.db_table} ({columns()}) FROM STDIN WITH (FORMAT csv)"
        cursor.copy_expert(statement, data, size=1 << 20)
    return time.perf_counter() - started


def time_import(batch: ImportBatch) -> float:
    """Seconds of the whole import of the stored file."""
    empty_table()
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.QUEUED)
    started = time.perf_counter()
    done = imports.run_import(batch_id=batch.pk, now=NOW)
    seconds = time.perf_counter() - started
    if done.accepted != done.rows:
        raise SystemExit(f"Only {done.accepted} of {done.rows} rows were accepted.")
    return seconds


def prepare(rows: int, *, quoted: bool) -> tuple[ImportBatch, io.BytesIO]:
    """The stored file with its mapping, and the rows as plain COPY takes them."""
    create_people()
    content = "".join(file_lines(rows, quoted=quoted)).encode()
    batch = imports.receive_file(content=[content], name="benchmark.csv", uploaded_by=None, now=NOW)
    imports.confirm_mapping(batch=batch, text=MAPPING, confirmed_by=None, now=NOW)
    time_import(batch)
    data = io.BytesIO()
    with connection.cursor() as cursor:
        statement = f"COPY {Contact._meta.db_table} ({columns()}) TO STDOUT WITH (FORMAT csv)"
        cursor.copy_expert(statement, data)
    return batch, data


def measure(rows: int, rounds: int, *, quoted: bool) -> None:
    """Time both ways in turn; the ratio is the median of the rounds' ratios."""
    batch, data = prepare(rows, quoted=quoted)
    copies, whole = [], []
    for _ in range(rounds):
        copies.append(time_copy(data))
        whole.append(time_import(batch))
    ratios = [mine / plain for mine, plain in zip(whole, copies, strict=True)]
    print(f"{rows:,} contacts{', quoted' if quoted else ''}; {machine()}")
    print(f"import: median {statistics.median(whole):.3f} s of {rounds}")
    print(f"plain COPY: median {statistics.median(copies):.3f} s of {rounds}")
    ratio = statistics.median(ratios)
    print(f"ratio: median {ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f}), limit {LIMIT}")


def main() -> None:
    """Run in a scratch database, which is dropped afterwards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quoted", action="store_true", help="with quotes in every row")
    options = parser.parse_args()
    with scratch_database():
        measure(options.rows, options.rounds, quoted=options.quoted)


if __name__ == "__main__":
    main()
